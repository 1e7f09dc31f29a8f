import type { ImageBatch, Preprocessing, SteppedLayer } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { inputTensor } from './inputs.js';
import { targetTensor, type TargetOptions } from './targets.js';

interface BatchOptions extends TargetOptions {
  preprocessing?: Preprocessing;
}

/**
 * Trains on one batch. Returns the loss and the metrics before the step, in the order of model.metricsNames.
 */
export async function trainBatch(
  model: tf.LayersModel,
  batch: ImageBatch,
  { preprocessing, ...options }: BatchOptions,
): Promise<number[]> {
  const x = inputTensor(model, batch, preprocessing);
  let y: tf.Tensor | undefined;
  try {
    y = targetTensor(model, batch, options);
    return (await model.trainOnBatch(x, y)) as number[];
  } finally {
    tf.dispose([x, y]);
  }
}

/** The loss and the metrics of one batch, without label smoothing and class weights. */
export async function evaluateBatch(
  model: tf.LayersModel,
  batch: ImageBatch,
  { preprocessing }: BatchOptions,
): Promise<number[]> {
  const metrics = tf.tidy(() => {
    const x = inputTensor(model, batch, preprocessing);
    const y = targetTensor(model, batch);
    return tf.stack(model.evaluate(x, y, { batchSize: batch.count }) as tf.Scalar[]);
  });
  try {
    return [...(await metrics.data())];
  } finally {
    metrics.dispose();
  }
}

/** The layers, at any depth, whose random numbers depend on epoch and step. */
export function steppedLayers(model: tf.LayersModel): SteppedLayer[] {
  return model.layers.flatMap((layer) => {
    if (layer instanceof tf.LayersModel) return steppedLayers(layer);
    return 'setStep' in layer ? [layer as unknown as SteppedLayer] : [];
  });
}
