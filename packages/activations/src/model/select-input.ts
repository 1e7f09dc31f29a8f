import * as tf from '@tensorflow/tfjs';
import { InputError, selectImages, type Images } from '@convlens/core';
import type { InferenceOptions, InputValues } from './inference-options.js';

/** The rows at some positions; one row for all images stays as it is. */
function selectRows({ values, shape }: InputValues, positions: ArrayLike<number>): InputValues {
  const [rows, ...size] = shape;
  if (rows === 1) return { values, shape };
  const length = tf.util.sizeFromShape(size);
  const selected = new Float32Array(positions.length * length);
  for (let i = 0; i < positions.length; i++)
    for (let j = 0; j < length; j++) selected[i * length + j] = values[positions[i] * length + j];
  return { values: selected, shape: [positions.length, ...size] };
}

/**
 * The images at the positions `indices`, and the rows of `inputs` that belong to them. This implements
 * `indices` for all functions of the package.
 */
export function selectInput(
  images: Images,
  { indices, inputs = {} }: Pick<InferenceOptions, 'indices' | 'inputs'>,
): { images: Images; inputs: Readonly<Record<string, InputValues>> } {
  if (indices === undefined) return { images, inputs };
  if (typeof indices !== 'object' || indices === null || typeof indices.length !== 'number')
    throw new InputError(`Expected indices to be a list of positions, got ${String(indices)}`);
  const { count } = images;
  for (const [name, { shape }] of Object.entries(inputs))
    if (shape[0] !== count && shape[0] !== 1)
      throw new InputError(`Expected inputs.${name} to have ${count} rows, or 1, got ${shape[0]}`);
  return {
    images: selectImages(images, indices),
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, input]) => [name, selectRows(input, indices)]),
    ),
  };
}
