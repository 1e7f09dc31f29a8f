import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { unzipSync } from 'fflate';

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

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url));

/** What Keras computed, by model. */
export const references: Readonly<Record<string, Reference>> = JSON.parse(
  fixture('reference.json').toString(),
);

/** The files as Keras wrote them, by name. */
export const files = unzipSync(fixture('models.zip'));

const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** Input k of a model, by the formula of make.py. */
export function inputValues(shape: readonly number[], k: number): Float32Array {
  return Float32Array.from(
    { length: sizeOf(shape) },
    (_, i) => (Math.imul(i + 1 + 7919 * k, 2654435761 | 0) >>> 0) / 2 ** 32,
  );
}

export const inputTensors = ({ inputs }: Reference) =>
  inputs.map((shape, k) => tf.tensor(inputValues(shape, k), shape as number[]));

/** How far a tensor is from what Keras computed, in units of the largest of its values (or of 1, if that is more). */
export function distance(actual: tf.Tensor, { shape, max, values }: Sample): number {
  if (actual.shape.join() !== shape.join()) return Infinity;
  const data = actual.dataSync();
  const worst = values.map((value, i) => Math.abs(data[(i * 104729) % data.length] - value));
  return Math.max(...worst.map((error) => (Number.isNaN(error) ? Infinity : error))) / Math.max(1, max);
}
