import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

/** The shape and values of a tensor. */
export interface StateTensor {
  shape: number[];
  values: Float32Array;
}

/**
 * The complete state of an optimizer by the names of its fields: numbers, scalars, and slots (one tensor per
 * weight).
 */
export interface OptimizerState {
  className: string;
  numbers: Record<string, number>;
  scalars: Record<string, StateTensor>;
  slots: Record<string, { weight: string; value: StateTensor }[]>;
}

interface Slot {
  originalName: string;
  variable: tf.Variable;
}

const isSlots = (value: unknown): value is Slot[] =>
  Array.isArray(value) && value.every((slot) => slot?.variable instanceof tf.Variable);

const readTensor = async (tensor: tf.Tensor): Promise<StateTensor> => ({
  shape: tensor.shape,
  values: (await tensor.data<'float32'>()).slice(),
});

const fieldEntries = (optimizer: tf.Optimizer) =>
  Object.entries(optimizer as unknown as Record<string, unknown>);

/**
 * The state of an optimizer, field by field. `getWeights` of TensorFlow.js is not sufficient: it lacks the
 * learning rate and Adam's products of beta, which `setWeights` recomputes with other last bits.
 */
export async function captureOptimizer(optimizer: tf.Optimizer): Promise<OptimizerState> {
  const state: OptimizerState = { className: optimizer.getClassName(), numbers: {}, scalars: {}, slots: {} };
  for (const [field, value] of fieldEntries(optimizer)) {
    if (typeof value === 'number') state.numbers[field] = value;
    else if (value instanceof tf.Tensor) state.scalars[field] = await readTensor(value);
    else if (isSlots(value))
      state.slots[field] = await Promise.all(
        value.map(async ({ originalName, variable }) => ({
          weight: originalName,
          value: await readTensor(variable),
        })),
      );
  }
  return state;
}

/**
 * Restores the state on an optimizer of the same class. Slots are in the order of the trainable weights of
 * the model, so the architecture must be the same. Replaced tensors are disposed.
 *
 * @throws InputError if the optimizer has another class.
 */
export function restoreOptimizer(optimizer: tf.Optimizer, state: OptimizerState): void {
  const className = optimizer.getClassName();
  if (className !== state.className)
    throw new InputError(
      `Expected a checkpoint of the optimizer ${className}, got one of ${state.className}`,
    );
  const fields = optimizer as unknown as Record<string, unknown>;
  Object.assign(fields, state.numbers);
  for (const [field, { values, shape }] of Object.entries(state.scalars)) {
    const current = fields[field];
    if (current instanceof tf.Variable) tf.tidy(() => current.assign(tf.tensor(values, shape)));
    else {
      (current as tf.Tensor).dispose();
      fields[field] = tf.keep(tf.tensor(values, shape));
    }
  }
  for (const [field, slots] of Object.entries(state.slots)) {
    (fields[field] as Slot[]).forEach(({ variable }) => variable.dispose());
    fields[field] = slots.map(({ weight, value: { values, shape } }) => ({
      originalName: weight,
      variable: tf.tidy(() => tf.variable(tf.tensor(values, shape), false)),
    }));
  }
}
