import { InputError, preprocess, type ImageBatch, type Preprocessing } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

/** The model inputs of a batch, [count, height, width, channels]; the caller disposes it. */
export function inputTensor(
  model: tf.LayersModel,
  batch: ImageBatch,
  preprocessing?: Preprocessing,
): tf.Tensor4D {
  expectInputShape(model, batch);
  const { count, height, width, channels } = batch;
  return tf.tensor4d(preprocess(batch, preprocessing), [count, height, width, channels]);
}

/** Throws an InputError if the images do not have the input shape of the model. */
export function expectInputShape(model: tf.LayersModel, { height, width, channels }: ImageBatch): void {
  const [, ...expected] = model.inputs[0].shape;
  const actual = [height, width, channels];
  if (expected.length !== 3 || expected.some((size, i) => size !== null && size !== actual[i]))
    throw new InputError(
      `Expected images of ${expected.join(' x ')} as the model reads, got ${actual.join(' x ')}`,
    );
}
