import * as tf from '@tensorflow/tfjs';
import { expectInteger, preprocess } from '@convlens/core';
import type { InferenceOptions, InputValues } from './inference-options.js';
import type { ModelInput } from './model-input.js';

/** The rows of an input from `start` to `end` (not included): a new tensor. */
function inputTensor({ values, shape: [rows, ...size] }: InputValues, start: number, end: number): tf.Tensor {
  const length = tf.util.sizeFromShape(size);
  const [first, last] = rows === 1 ? [0, 1] : [start, end];
  const part = Float32Array.from({ length: (last - first) * length }, (_, i) => values[first * length + i]);
  return tf.tidy(() => {
    const tensor = tf.tensor(part, [last - first, ...size]);
    return rows === 1 ? tf.tile(tensor, [end - start, ...size.map(() => 1)]) : tensor;
  });
}

/**
 * The model inputs of images `start` to `end` (not included): a new tensor, count x height x width x
 * channels.
 */
function preprocessBatch({ images, preprocessing }: ModelInput, start: number, end: number): tf.Tensor4D {
  const { height, width, channels } = images;
  return tf.tensor4d(preprocess(images, preprocessing, { start, end }), [
    end - start,
    height,
    width,
    channels,
  ]);
}

/**
 * Yields to the event loop, so that an abort can arrive; throws the reason of the signal if it is aborted.
 */
export async function pause(signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise((resolve) => setTimeout(resolve));
  signal?.throwIfAborted();
}

/**
 * Calls `body` with each batch of images as a tensor, the position of its first image, and the tensors of the
 * other inputs by value (for the option `replace` of `runGraph`). The tensors are disposed afterwards.
 */
export async function forEachBatch(
  modelInput: ModelInput,
  { batchSize, signal, onProgress }: Pick<InferenceOptions, 'batchSize' | 'signal' | 'onProgress'>,
  body: (x: tf.Tensor4D, start: number, otherInputs: ReadonlyMap<number, tf.Tensor>) => Promise<void>,
): Promise<void> {
  const size = expectInteger('batchSize', batchSize, { min: 1 });
  const { count } = modelInput.images;
  signal?.throwIfAborted();
  for (let start = 0; start < count; start += size) {
    await pause(signal);
    const end = Math.min(count, start + size);
    const x = preprocessBatch(modelInput, start, end);
    const otherInputs = new Map(
      [...modelInput.otherInputs].map(([value, input]) => [value, inputTensor(input, start, end)]),
    );
    try {
      await body(x, start, otherInputs);
    } finally {
      tf.dispose([x, ...otherInputs.values()]);
    }
    onProgress?.(end, count);
  }
}
