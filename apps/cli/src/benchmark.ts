import { buildModel } from '@convlens/models';
import { compileClassifier, fit } from '@convlens/training';
import type { ImageBatch } from '@convlens/core';
import { randomAt } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

export interface Benchmark {
  backend: string;
  model: string;
  batch: number;
  /** Undefined where the backend cannot train. */
  train_images_per_s?: number;
  infer_images_per_s: number;
}

/** The network that all figures are told of unless another is named. */
export const REFERENCE_MODEL = 'cifar10-bn-6conv';
const WARM_UP = 5;

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];

/** Images of noise, such as `model` reads. */
function noise(model: tf.LayersModel, count: number): ImageBatch {
  const random = randomAt(0, 'bench');
  const [, height, width, channels] = model.inputs[0].shape as [null, number, number, number];
  const shape = { count, height, width, channels };
  const classes = model.outputs[0].shape[1]!;
  const pixels = Float32Array.from({ length: count * height * width * channels }, () => 255 * random());
  const classNames = Array.from({ length: classes }, (_, i) => `class ${i}`);
  const indices = Uint32Array.from({ length: count }, (_, i) => i);
  const labels = Int32Array.from(indices, (i) => i % classes);
  return {
    kind: 'image-batch',
    name: 'noise',
    pixels,
    labels,
    ...shape,
    classNames,
    indices,
    epoch: 0,
    step: 0,
  };
}

/**
 * Images a second that a network (by its architecture's name) is trained with (through `fit`, with Adam) and predicts, on the
 * backend that TensorFlow.js uses now: medians of single batches, after a few to warm up.
 */
export async function benchmark(
  batch: number,
  { model: name = REFERENCE_MODEL, steps = 20, train = true } = {},
): Promise<Benchmark> {
  const model = buildModel(name, { seed: 1 });
  compileClassifier(model);
  const images = noise(model, batch);
  try {
    const training: number[] = [];
    if (train) {
      let began = 0;
      const clock = new tf.CustomCallback({
        onBatchBegin: async () => void (began = performance.now()),
        onBatchEnd: async () => void training.push(performance.now() - began),
      });
      const batches = () => Array.from({ length: steps + WARM_UP }, (_, step) => ({ ...images, step }));
      await fit(model, { train: batches, epochs: 1, callbacks: [clock] });
    }
    const inference: number[] = [];
    const x = tf.tensor4d(images.pixels as Float32Array, [
      batch,
      images.height,
      images.width,
      images.channels,
    ]);
    for (let step = 0; step < Math.ceil(steps / 2) + WARM_UP; step++) {
      const began = performance.now();
      const y = model.predict(x, { batchSize: batch }) as tf.Tensor;
      await y.data();
      y.dispose();
      inference.push(performance.now() - began);
    }
    x.dispose();
    const perSecond = (times: number[]) => Number(((1000 * batch) / median(times.slice(WARM_UP))).toFixed(1));
    return {
      backend: tf.getBackend(),
      model: name,
      batch,
      ...(train && { train_images_per_s: perSecond(training) }),
      infer_images_per_s: perSecond(inference),
    };
  } finally {
    model.optimizer.dispose();
    model.dispose();
  }
}
