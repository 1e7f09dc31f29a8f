import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import type { LayerEntry } from './layer-entry.js';

const MAX_RANK = 6;

/** A size in a shape: null if it is unknown. */
const isSize = (size: unknown) => size === null || (Number.isSafeInteger(size) && (size as number) >= 1);
const isInputShape = (shape: unknown): shape is tf.Shape =>
  Array.isArray(shape) && shape.length >= 2 && shape.length <= MAX_RANK && shape.slice(1).every(isSize);

/**
 * The input of a model, for batches of any size.
 *
 * @param shape with the batch size; by default the shape in the config
 */
export function createInput(
  { name, config }: Pick<LayerEntry, 'name' | 'config'>,
  shape: unknown,
  file: string,
): tf.SymbolicTensor {
  const title = `the input ${JSON.stringify(name)} in ${file}`;
  const batchShape = shape ?? config.batch_shape ?? config.batch_input_shape;
  if (!isInputShape(batchShape))
    throw new InputError(
      `Expected ${title} to declare its shape, got ${JSON.stringify(batchShape)}: ` +
        'an unbuilt Sequential has none',
    );
  try {
    return tf.input({ name, shape: batchShape.slice(1) });
  } catch (error) {
    throw new InputError(
      `Expected ${title} to be valid, got a TensorFlow.js error: ${(error as Error).message}`,
    );
  }
}

interface ModelTensors {
  readonly name: string;
  readonly inputs: tf.SymbolicTensor[];
  readonly outputs: tf.SymbolicTensor[];
}

export function createModel(model: ModelTensors, file: string): tf.LayersModel {
  try {
    return tf.model(model);
  } catch (error) {
    throw new InputError(
      `Expected the model ${JSON.stringify(model.name)} in ${file} to be a connected graph: ` +
        (error as Error).message,
    );
  }
}
