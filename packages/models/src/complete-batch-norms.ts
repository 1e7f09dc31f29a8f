import * as tf from '@tensorflow/tfjs';

/** What a BatchNormalization without a scale or an offset lacks; `call` reads both all the same where it trains. */
interface BatchNorm extends tf.layers.Layer {
  gamma?: { read(): tf.Tensor };
  beta?: { read(): tf.Tensor };
  movingMean: { read(): tf.Tensor };
}

/**
 * Lets batch norms without a scale (`scale: false`) or an offset (`center: false`) train on every backend: TensorFlow.js 4.22
 * trains only those that have both. They get a constant 1 or 0 in their place, which is neither a weight nor saved.
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
