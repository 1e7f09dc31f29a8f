import * as tf from '@tensorflow/tfjs';

/** A sine wave with phase `k`, so that values are the same in every environment. */
const wave = (shape: number[], k: number) => {
  const size = shape.reduce((product, value) => product * value, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => 0.3 * Math.sin(i * 0.37 + k)),
    shape,
  );
};

/**
 * Trains a small network with batch norm for three steps of Adam on the active backend; returns its weights.
 */
export async function trainSmall(): Promise<number[][]> {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [12, 12, 3], filters: 16, kernelSize: 3, padding: 'same' }),
      tf.layers.batchNormalization(),
      tf.layers.reLU(),
      tf.layers.conv2d({ filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 4, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy' });
  model.setWeights(
    model.weights.map(({ shape, originalName }, k) => {
      const values = wave(shape as number[], k);
      return originalName.includes('variance') ? tf.add(1, tf.abs(values)) : values;
    }),
  );
  const x = wave([8, 12, 12, 3], 99);
  const y = tf.oneHot(tf.tensor1d([0, 1, 2, 3, 0, 1, 2, 3], 'int32'), 4).toFloat();
  for (let step = 0; step < 3; step++) await model.trainOnBatch(x, y);
  return model.getWeights().map((weight) => [...weight.dataSync()]);
}
