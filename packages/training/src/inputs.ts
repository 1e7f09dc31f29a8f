import { InputError, preprocess, type ImageBatch, type Preprocessing } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

/** What a model reads of a batch: [count, height, width, channels]; the caller disposes it. */
export function inputsOf(
  model: tf.LayersModel,
  batch: ImageBatch,
  preprocessing?: Preprocessing,
): tf.Tensor4D {
  expectReadable(model, batch);
  const { count, height, width, channels } = batch;
  return tf.tensor4d(preprocess(batch, preprocessing), [count, height, width, channels]);
}

/** Throws an InputError if the images are of another size than the model reads. */
export function expectReadable(model: tf.LayersModel, { height, width, channels }: ImageBatch): void {
  const [, ...expected] = model.inputs[0].shape;
  const got = [height, width, channels];
  if (expected.length !== 3 || expected.some((size, i) => size !== null && size !== got[i]))
    throw new InputError(
      `Expected images of ${expected.join(' x ')} as the model reads, got ${got.join(' x ')}`,
    );
}
