import { defaultClassNames, indexRange, randomAt, type ImageBatch } from '@convlens/core';
import { buildModel } from '@convlens/models';
import { compileClassifier, disposeOptimizer, fit } from '@convlens/training';
import * as tf from '@tensorflow/tfjs';

export interface Benchmark {
  backend: string;
  model: string;
  batchSize: number;
  /** Undefined if the backend cannot train. */
  trainImagesPerSecond?: number;
  inferenceImagesPerSecond: number;
}

/** The architecture that is measured by default. */
export const REFERENCE_MODEL = 'cifar10-bn-6conv';
const WARM_UP_STEPS = 5;

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];

/** A batch of noise with the input shape of `model`. */
function noiseBatch(model: tf.LayersModel, count: number): ImageBatch {
  const random = randomAt(0, 'bench');
  const [, height, width, channels] = model.inputs[0].shape as [null, number, number, number];
  const classes = model.outputs[0].shape[1]!;
  const indices = indexRange(count);
  return {
    kind: 'image-batch',
    name: 'noise',
    pixels: Float32Array.from({ length: count * height * width * channels }, () => 255 * random()),
    labels: Int32Array.from(indices, (i) => i % classes),
    count,
    height,
    width,
    channels,
    classNames: defaultClassNames(classes),
    indices,
    epoch: 0,
    step: 0,
  };
}

/** Milliseconds of each training step. */
async function timeTraining(model: tf.LayersModel, batch: ImageBatch, steps: number): Promise<number[]> {
  const times: number[] = [];
  let start = 0;
  const clock = new tf.CustomCallback({
    onBatchBegin: async () => void (start = performance.now()),
    onBatchEnd: async () => void times.push(performance.now() - start),
  });
  const train = () => Array.from({ length: steps }, (_, step) => ({ ...batch, step }));
  await fit(model, { train, epochs: 1, callbacks: [clock] });
  return times;
}

/** Milliseconds of each prediction of a batch. */
async function timeInference(model: tf.LayersModel, batch: ImageBatch, steps: number): Promise<number[]> {
  const { count, height, width, channels } = batch;
  const x = tf.tensor4d(batch.pixels as Float32Array, [count, height, width, channels]);
  const times: number[] = [];
  for (let step = 0; step < steps; step++) {
    const start = performance.now();
    const y = model.predict(x, { batchSize: count }) as tf.Tensor;
    await y.data();
    y.dispose();
    times.push(performance.now() - start);
  }
  x.dispose();
  return times;
}

/**
 * Measures training (`fit` with Adam) and inference of an architecture on the current backend, in images per second: the
 * medians over single batches, after a warm-up.
 */
export async function benchmark(
  batchSize: number,
  { model: name = REFERENCE_MODEL, steps = 20, train = true } = {},
): Promise<Benchmark> {
  const model = buildModel(name, { seed: 1 });
  compileClassifier(model);
  const batch = noiseBatch(model, batchSize);
  const perSecond = (times: number[]) =>
    Number(((1000 * batchSize) / median(times.slice(WARM_UP_STEPS))).toFixed(1));
  try {
    const trainingTimes = train ? await timeTraining(model, batch, steps + WARM_UP_STEPS) : undefined;
    const inferenceTimes = await timeInference(model, batch, Math.ceil(steps / 2) + WARM_UP_STEPS);
    return {
      backend: tf.getBackend(),
      model: name,
      batchSize,
      ...(trainingTimes && { trainImagesPerSecond: perSecond(trainingTimes) }),
      inferenceImagesPerSecond: perSecond(inferenceTimes),
    };
  } finally {
    disposeOptimizer(model.optimizer);
    model.dispose();
  }
}
