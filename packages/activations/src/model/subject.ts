import * as tf from '@tensorflow/tfjs';
import {
  expectImages,
  expectInteger,
  expectOneOf,
  expectPreprocessing,
  InputError,
  preprocess,
  UNIT_RANGE,
  type Images,
  type Preprocessing,
} from '@convlens/core';
import { planModel, type Plan } from './plan.js';
import { shapesOf } from './receptive-field.js';

/** What one of several inputs of a model reads. */
export interface InputValues {
  /** Row-major, as the model reads them: no preprocessing is applied. */
  readonly values: ArrayLike<number>;
  /** One row an image, or a single row for all of them: [images or 1, ...size]. */
  readonly shape: readonly number[];
}

export interface ReadOptions {
  /** How pixels become what the model reads; default UNIT_RANGE. */
  preprocessing?: Preprocessing;
  /** For a model of several inputs: what all but one of them read, by name. The images go to the one left out. */
  inputs?: Readonly<Record<string, InputValues>>;
  /** How many images go through the model at a time; an integer >= 1. */
  batchSize?: number;
  /** Ends the work between two steps of it with the signal's reason. */
  signal?: AbortSignal;
  /** Is told after each batch how many images are done. */
  onProgress?: (done: number, total: number) => void;
}

/** A model and the images it is to look at, checked against each other. */
export interface Subject {
  /** Its one input is what reads the images. */
  readonly plan: Plan;
  /** What the model's other inputs read, by value. */
  readonly others: ReadonlyMap<number, InputValues>;
  readonly images: Images;
  readonly preprocessing: Preprocessing;
}

const sizesOf = (shape: readonly (number | null)[]) => shape.map((size) => size ?? 'any').join(' x ');

/** Whether an array of these sizes can be read where those are declared; null is any. */
const fits = (actual: readonly number[], declared: readonly (number | null)[]) =>
  actual.length === declared.length && declared.every((size, i) => size === null || size === actual[i]);

/** Which input reads the images, and what the others read. */
function assignInputs({ model, inputs }: Plan, count: number, given: Readonly<Record<string, InputValues>>) {
  // A symbolic tensor's own name changes with every model that is built; its layer's does not.
  const names = model.inputs.map(({ sourceLayer }) => sourceLayer.name);
  for (const name of Object.keys(given)) expectOneOf('the name in inputs', name, names);
  const left = names.filter((name) => !Object.hasOwn(given, name));
  if (left.length !== 1)
    throw new InputError(
      `Expected a model that reads images only, or inputs for all but one of its inputs, ` +
        `got one with ${names.length} inputs: ${names.join(', ')}, and inputs for ${Object.keys(given).join(', ') || 'none'}`,
    );
  const others = new Map<number, InputValues>();
  for (const [name, input] of Object.entries(given)) {
    const declared = model.inputs[names.indexOf(name)].shape.slice(1);
    const [rows, ...size] = input.shape;
    const length = input.shape.reduce((a, b) => a * b, 1);
    if ((rows !== count && rows !== 1) || !fits(size, declared) || input.values.length !== length)
      throw new InputError(
        `Expected inputs.${name} to be ${count} (or 1) x ${sizesOf(declared)} values, ` +
          `got ${input.values.length} of shape ${input.shape.join(' x ')}`,
      );
    others.set(inputs[names.indexOf(name)], input);
  }
  return { others, position: names.indexOf(left[0]) };
}

export function openSubject(
  model: tf.LayersModel,
  images: Images,
  { preprocessing = UNIT_RANGE, inputs = {} }: Pick<ReadOptions, 'preprocessing' | 'inputs'> = {},
): Subject {
  const plan = planModel(model);
  expectImages('images', images);
  expectPreprocessing(preprocessing, images.channels);
  const { others, position } = assignInputs(plan, images.count, inputs);
  const expected = model.inputs[position].shape.slice(1);
  const actual = [images.height, images.width, images.channels];
  if (!fits(actual, expected))
    throw new InputError(
      `Expected images of ${sizesOf(expected)}, as the model reads them, got ${actual.join(' x ')}`,
    );
  return { plan: { ...plan, inputs: [plan.inputs[position]] }, others, images, preprocessing };
}

/** What the model puts out in each of its values for one image, by number: shapes, batch axis first. */
export function valueShapes({ plan, others, images }: Subject): number[][] {
  const shapes = [[1, images.height, images.width, images.channels]];
  for (const { shape } of others.values()) shapes.push([1, ...shape.slice(1)]);
  return shapesOf({ ...plan, inputs: [...plan.inputs, ...others.keys()] }, shapes);
}

/** What the other inputs read beside images `start` to `end` (not included), by value: new tensors. */
function readOthers({ others }: Subject, start: number, end: number): Map<number, tf.Tensor> {
  const read = ({ values, shape: [rows, ...size] }: InputValues): tf.Tensor => {
    const length = size.reduce((a, b) => a * b, 1);
    const [from, to] = rows === 1 ? [0, 1] : [start, end];
    // These rows alone: a copy of all would be made again for every batch.
    const part = Float32Array.from({ length: (to - from) * length }, (_, i) => values[from * length + i]);
    return tf.tidy(() => {
      const own = tf.tensor(part, [to - from, ...size]);
      return rows === 1 ? tf.tile(own, [end - start, ...size.map(() => 1)]) : own;
    });
  };
  return new Map([...others].map(([value, input]) => [value, read(input)]));
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

/**
 * Hands each batch of the subject to `body` as a tensor, with what the other inputs read beside it (to `replace` those
 * values by); all are disposed after it.
 */
export async function forEachBatch(
  subject: Subject,
  { batchSize, signal, onProgress }: Omit<ReadOptions, 'preprocessing' | 'inputs'>,
  body: (x: tf.Tensor4D, start: number, others: ReadonlyMap<number, tf.Tensor>) => Promise<void>,
): Promise<void> {
  const size = expectInteger('batchSize', batchSize, { min: 1 });
  const { count } = subject.images;
  signal?.throwIfAborted();
  for (let start = 0; start < count; start += size) {
    await pause(signal);
    const end = Math.min(count, start + size);
    const x = readImages(subject, start, end);
    const others = readOthers(subject, start, end);
    try {
      await body(x, start, others);
    } finally {
      tf.dispose([x, ...others.values()]);
    }
    onProgress?.(end, count);
  }
}
