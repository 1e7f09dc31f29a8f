import * as tf from '@tensorflow/tfjs';

/** Without a scale or an offset, gamma or beta is undefined; `call` reads both in training all the same. */
interface BatchNorm extends tf.layers.Layer {
  gamma?: { read(): tf.Tensor };
  beta?: { read(): tf.Tensor };
  movingMean: { read(): tf.Tensor };
}

/**
 * Makes batch norms without a scale (`scale: false`) or an offset (`center: false`) trainable on every
 * backend: TensorFlow.js 4.22 trains only batch norms that have both. A missing one becomes a constant 1 or
 * 0, which is neither a weight nor saved.
 */
export function completeBatchNorms(model: tf.LayersModel): void {
  for (const layer of model.layers) {
    if (layer instanceof tf.LayersModel) completeBatchNorms(layer);
    if (layer.getClassName() !== 'BatchNormalization') continue;
    const norm = layer as BatchNorm;
    norm.gamma ??= { read: () => tf.onesLike(norm.movingMean.read()) };
    norm.beta ??= { read: () => tf.zerosLike(norm.movingMean.read()) };
  }
}
