import type { ImageBatch, Preprocessing, SteppedLayer } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { inputsOf } from './inputs.js';
import { targetsOf, type TargetOptions } from './targets.js';

interface StepOptions extends TargetOptions {
  preprocessing?: Preprocessing;
}

/** Trains on one batch; gives the loss and the metrics before the step, in the order of model.metricsNames. */
export async function trainOn(
  model: tf.LayersModel,
  batch: ImageBatch,
  { preprocessing, ...options }: StepOptions,
): Promise<number[]> {
  const x = inputsOf(model, batch, preprocessing);
  let y: tf.Tensor | undefined;
  try {
    y = targetsOf(model, batch, options);
    return (await model.trainOnBatch(x, y)) as number[];
  } finally {
    tf.dispose([x, y]);
  }
}

/** Measures the loss and the metrics of one batch, as the model stands; targets are neither smoothed nor weighed. */
export async function measureOn(
  model: tf.LayersModel,
  batch: ImageBatch,
  { preprocessing }: StepOptions,
): Promise<number[]> {
  const measured = tf.tidy(() => {
    const x = inputsOf(model, batch, preprocessing);
    const y = targetsOf(model, batch);
    return tf.stack(model.evaluate(x, y, { batchSize: batch.count }) as tf.Scalar[]);
  });
  try {
    return [...(await measured.data())];
  } finally {
    measured.dispose();
  }
}

/** The layers, at any depth, whose randomness follows the place in the run. */
export function steppedLayers(model: tf.LayersModel): SteppedLayer[] {
  return model.layers.flatMap((layer) => {
    if (layer instanceof tf.LayersModel) return steppedLayers(layer);
    return 'setStep' in layer ? [layer as unknown as SteppedLayer] : [];
  });
}
