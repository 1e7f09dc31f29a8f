// cifar10-bn-6conv of @convlens/models, built from plain tf.layers.

/** The compiled model. */
export function cifar10Bn6conv(tf, { dropout = true, optimizer = tf.train.adam(1e-3) } = {}) {
  const { conv2d, batchNormalization, reLU, maxPooling2d, flatten, dense } = tf.layers;
  const dropoutLayers = (rate) => (dropout ? [tf.layers.dropout({ rate })] : []);
  const convolution = (filters, options = {}) => [
    conv2d({ filters, kernelSize: 3, padding: 'same', ...options }),
    batchNormalization(),
    reLU(),
  ];
  const block = (filters, options) => [
    ...convolution(filters, options),
    ...convolution(filters),
    maxPooling2d({ poolSize: 2 }),
    ...dropoutLayers(0.25),
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
      ...dropoutLayers(0.5),
      dense({ units: 10, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}
