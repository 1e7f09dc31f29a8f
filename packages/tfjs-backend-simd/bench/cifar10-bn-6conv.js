// The network of @convlens/models, written with ordinary tf.layers as a user of this package would.

/** Returns the compiled model. */
export function cifar10Bn6conv(tf, { dropout = true, optimizer = tf.train.adam(1e-3) } = {}) {
  const { conv2d, batchNormalization, reLU, maxPooling2d, flatten, dense } = tf.layers;
  const drop = (rate) => (dropout ? [tf.layers.dropout({ rate })] : []);
  const convolution = (filters, shape = {}) => [
    conv2d({ filters, kernelSize: 3, padding: 'same', ...shape }),
    batchNormalization(),
    reLU(),
  ];
  const block = (filters, shape) => [
    ...convolution(filters, shape),
    ...convolution(filters),
    maxPooling2d({ poolSize: 2 }),
    ...drop(0.25),
  ];
  const model = tf.sequential({
    layers: [
      ...block(32, { inputShape: [32, 32, 3] }),
      ...block(64),
      ...block(128),
      flatten(),
      dense({ units: 256 }),
      batchNormalization(),
      reLU(),
      ...drop(0.5),
      dense({ units: 10, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}
