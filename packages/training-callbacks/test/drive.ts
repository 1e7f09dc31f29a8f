import * as tf from '@tensorflow/tfjs';

await tf.setBackend('cpu');

/** A compiled model of one weight. */
export function oneWeightModel(rate = 1, optimizer: tf.Optimizer = tf.train.sgd(rate)): tf.LayersModel {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], useBias: false })] });
  model.compile({ optimizer, loss: 'meanSquaredError' });
  return model;
}

export function setWeight(model: tf.LayersModel, value: number): void {
  tf.tidy(() => model.setWeights([tf.tensor2d([value], [1, 1])]));
}

export const weightOf = (model: tf.LayersModel) => model.getWeights()[0].dataSync()[0];

/** Ends an epoch: sets the weight of the model to `epoch`, then calls the hook. */
export async function endEpoch(
  callback: tf.CustomCallback,
  { model, epoch, logs }: { model: tf.LayersModel; epoch: number; logs: Record<string, number> },
): Promise<void> {
  setWeight(model, epoch);
  await callback.onEpochEnd(epoch, logs);
}

/** Begins a training. */
export async function begin(callback: tf.CustomCallback, model: tf.LayersModel): Promise<void> {
  callback.setParams({});
  callback.setModel(model);
  await callback.onTrainBegin();
  model.stopTraining = false;
}

/** Logs with a metric; without it if `value` is undefined. */
export const logsOf = (name: string, value: number | undefined): Record<string, number> =>
  value === undefined ? { unrelated: 1 } : { [name]: value };
