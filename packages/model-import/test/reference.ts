import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readZip } from '@convlens/formats';
import * as tf from '@tensorflow/tfjs';
import { inputValues } from './input-values.js';

export { inputValues };

/** Some values of an array: value i is at index i * 104729, modulo the size. */
export interface Sample {
  readonly shape: readonly number[];
  /** The largest magnitude of all values. */
  readonly max: number;
  readonly values: readonly number[];
}

/** A model of make.py, and what Keras computed with it. */
export interface Reference {
  readonly files: readonly string[];
  /** The shapes of the inputs. */
  readonly inputs: readonly (readonly number[])[];
  readonly outputs: readonly Sample[];
  readonly layers: Readonly<Record<string, Sample>>;
  readonly names: readonly string[];
  readonly parameters: number;
  readonly gradCam?: {
    readonly layer: string;
    readonly classIndex: number;
    readonly shape: readonly number[];
    readonly values: readonly number[];
  };
}

/** The output of make.py; KERAS_FIXTURES may name another folder, such as that of `make.py full`. */
const folder = process.env.KERAS_FIXTURES ?? fileURLToPath(new URL('fixtures', import.meta.url));
const fixture = (name: string) => readFileSync(join(folder, name));

/** By model name. */
export const references: Readonly<Record<string, Reference>> = JSON.parse(
  fixture('reference.json').toString(),
);

/** The entries of a zip archive by name. */
export const unzip = (bytes: Uint8Array): Record<string, Uint8Array> =>
  Object.fromEntries(readZip(bytes, { name: 'the fixture', maxBytes: 2 ** 30 }));

/** The files that Keras wrote, by name. */
export const files = unzip(fixture('models.zip'));

export const inputTensors = ({ inputs }: Reference) =>
  inputs.map((shape, k) => tf.tensor(inputValues(shape, k), [...shape]));

/**
 * The largest difference to the values of Keras, relative to the largest magnitude of these if that is above
 * 1.
 */
export function distance(actual: tf.Tensor, { shape, max, values }: Sample): number {
  if (actual.shape.join() !== shape.join()) return Infinity;
  const data = actual.dataSync();
  const differences = values.map((value, i) => Math.abs(data[(i * 104729) % data.length] - value));
  const worst = Math.max(
    ...differences.map((difference) => (Number.isNaN(difference) ? Infinity : difference)),
  );
  return worst / Math.max(1, max);
}
