import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

/** One value an optimizer reads when it applies gradients. */
export interface StateTensor {
  shape: number[];
  values: Float32Array;
}

/** Everything an optimizer reads: by field its numbers, its scalars, and its slots (one a weight). */
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

const read = async (tensor: tf.Tensor): Promise<StateTensor> => ({
  shape: tensor.shape,
  values: (await tensor.data<'float32'>()).slice(),
});

const fieldsOf = (optimizer: tf.Optimizer) => Object.entries(optimizer as unknown as Record<string, unknown>);

/**
 * Reads an optimizer's state, field by field. Its own getWeights is not enough: it leaves out Adam's running products of
 * beta, which setWeights recomputes by pow to other last bits, and the current learning rate.
 */
export async function captureOptimizer(optimizer: tf.Optimizer): Promise<OptimizerState> {
  const state: OptimizerState = { className: optimizer.getClassName(), numbers: {}, scalars: {}, slots: {} };
  for (const [field, value] of fieldsOf(optimizer)) {
    if (typeof value === 'number') state.numbers[field] = value;
    else if (value instanceof tf.Tensor) state.scalars[field] = await read(value);
    else if (isSlots(value))
      state.slots[field] = await Promise.all(
        value.map(async ({ originalName, variable }) => ({
          weight: originalName,
          value: await read(variable),
        })),
      );
  }
  return state;
}

/**
 * Puts back what captureOptimizer read, on an optimizer of the same class. Slots are filed in the order of the model's
 * trainable weights, so the model must be the same; tensors that are replaced are disposed.
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
    const present = fields[field];
    if (present instanceof tf.Variable) tf.tidy(() => present.assign(tf.tensor(values, shape)));
    else {
      (present as tf.Tensor).dispose();
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
