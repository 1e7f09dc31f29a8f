import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { unzipSync } from 'fflate';
import { inputValues } from './input-values.js';

export { inputValues };

/** Some values of an array, at places that make.py and `sampled` agree on. */
export interface Sample {
  readonly shape: readonly number[];
  /** The largest magnitude of all values. */
  readonly max: number;
  readonly values: readonly number[];
}

export interface Reference {
  readonly files: readonly string[];
  /** Shapes of what the model was fed. */
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

/** Where make.py wrote: here, or where KERAS_FIXTURES says, such as the folder of `make.py full`. */
const folder = process.env.KERAS_FIXTURES ?? fileURLToPath(new URL('fixtures', import.meta.url));
const fixture = (name: string) => readFileSync(join(folder, name));

/** What Keras computed, by model. */
export const references: Readonly<Record<string, Reference>> = JSON.parse(
  fixture('reference.json').toString(),
);

/** The files as Keras wrote them, by name. */
export const files = unzipSync(fixture('models.zip'));

export const inputTensors = ({ inputs }: Reference) =>
  inputs.map((shape, k) => tf.tensor(inputValues(shape, k), shape as number[]));

/** How far a tensor is from what Keras computed, in units of the largest of its values (or of 1, if that is more). */
export function distance(actual: tf.Tensor, { shape, max, values }: Sample): number {
  if (actual.shape.join() !== shape.join()) return Infinity;
  const data = actual.dataSync();
  const worst = values.map((value, i) => Math.abs(data[(i * 104729) % data.length] - value));
  return Math.max(...worst.map((error) => (Number.isNaN(error) ? Infinity : error))) / Math.max(1, max);
}
