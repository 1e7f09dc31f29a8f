import * as tf from '@tensorflow/tfjs';
import {
  expectImages,
  expectInteger,
  expectPreprocessing,
  InputError,
  preprocess,
  UNIT_RANGE,
  type Images,
  type Preprocessing,
} from '@convlens/core';
import { planModel, type Plan } from './plan.js';

export interface ReadOptions {
  /** How pixels become what the model reads; default UNIT_RANGE. */
  preprocessing?: Preprocessing;
  /** How many images go through the model at a time; an integer >= 1. */
  batchSize?: number;
  /** Ends the work between two steps of it with the signal's reason. */
  signal?: AbortSignal;
  /** Is told after each batch how many images are done. */
  onProgress?: (done: number, total: number) => void;
}

/** A model and the images it is to look at, checked against each other. */
export interface Subject {
  readonly plan: Plan;
  readonly images: Images;
  readonly preprocessing: Preprocessing;
}

export function openSubject(
  model: tf.LayersModel,
  images: Images,
  { preprocessing = UNIT_RANGE }: Pick<ReadOptions, 'preprocessing'> = {},
): Subject {
  const plan = planModel(model);
  expectImages('images', images);
  expectPreprocessing(preprocessing, images.channels);
  const { inputs } = model;
  if (inputs.length !== 1) {
    const names = inputs.map(({ name }) => name).join(', ');
    throw new InputError(
      `Expected a model that reads images only, got one with ${inputs.length} inputs: ${names}`,
    );
  }
  const expected = inputs[0].shape.slice(1);
  const actual = [images.height, images.width, images.channels];
  if (expected.length !== 3 || expected.some((size, i) => size !== null && size !== actual[i])) {
    const shape = expected.map((size) => size ?? 'any').join(' x ');
    throw new InputError(`Expected images of ${shape}, as the model reads them, got ${actual.join(' x ')}`);
  }
  return { plan, images, preprocessing };
}

/** What the model reads of images `start` to `end` (not included): a new tensor, count x height x width x channels. */
export function readImages({ images, preprocessing }: Subject, start: number, end: number): tf.Tensor4D {
  const { height, width, channels } = images;
  return tf.tensor4d(preprocess(images, preprocessing, { start, end }), [
    end - start,
    height,
    width,
    channels,
  ]);
}

/** What the model reads of a pixel of that level in each channel. */
export function readLevel({ images, preprocessing }: Subject, level: number): number[] {
  const pixel = { ...images, count: 1, height: 1, width: 1, labels: undefined };
  return [...preprocess({ ...pixel, pixels: new Float32Array(images.channels).fill(level) }, preprocessing)];
}

/** Where an image stands in the set it was taken from. */
export const indexOf = (images: Images, position: number): number =>
  'indices' in images ? (images as Images & { indices: ArrayLike<number> }).indices[position] : position;

/** Lets the rest of the program run, so that an abort is seen; throws the signal's reason if there was one. */
export async function pause(signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise((resolve) => setTimeout(resolve));
  signal?.throwIfAborted();
}

/** Hands each batch of the subject to `body` as a tensor, which is disposed after it. */
export async function forEachBatch(
  subject: Subject,
  { batchSize, signal, onProgress }: Omit<ReadOptions, 'preprocessing'>,
  body: (x: tf.Tensor4D, start: number) => Promise<void>,
): Promise<void> {
  const size = expectInteger('batchSize', batchSize, { min: 1 });
  const { count } = subject.images;
  signal?.throwIfAborted();
  for (let start = 0; start < count; start += size) {
    await pause(signal);
    const end = Math.min(count, start + size);
    const x = readImages(subject, start, end);
    try {
      await body(x, start);
    } finally {
      x.dispose();
    }
    onProgress?.(end, count);
  }
}
