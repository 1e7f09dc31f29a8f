import {
  expectObject,
  expectOptimizer,
  expectModel,
  InputError,
  slotRole,
  slotWeightNames,
} from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { slotsOfModel, type OptimizerState, type SavedSlots, type StateTensor } from './saved-slots.js';

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
 *
 * @param model the model that it trains. With it, the state names the weight of each slot, so that it can be
 * restored with other layers frozen.
 */
export async function captureOptimizer(
  optimizer: tf.Optimizer,
  model?: tf.LayersModel,
): Promise<OptimizerState> {
  expectOptimizer('optimizer', optimizer);
  if (model !== undefined) expectModel('model', model);
  const state: OptimizerState = { className: optimizer.getClassName(), numbers: {}, scalars: {}, slots: {} };
  if (model) state.namesWeights = true;
  for (const [field, value] of fieldEntries(optimizer)) {
    if (typeof value === 'number') state.numbers[field] = value;
    else if (value instanceof tf.Tensor) state.scalars[field] = await readTensor(value);
    else if (isSlots(value)) state.slots[field] = await readSlots(value, model);
  }
  return state;
}

async function readSlots(slots: readonly Slot[], model: tf.LayersModel | undefined): Promise<SavedSlots> {
  const slotNames = slots.map(({ originalName }) => originalName);
  const names = model ? slotWeightNames(model, slotNames) : slotNames;
  // A slot of a weight that is not in the model is of no use to it.
  const kept = slots.flatMap(({ originalName, variable }, i) => {
    const weight = model && names[i] !== undefined ? `${names[i]}/${slotRole(originalName)}` : names[i];
    return weight === undefined ? [] : [{ weight, variable }];
  });
  return Promise.all(
    kept.map(async ({ weight, variable }) => ({ weight, value: await readTensor(variable) })),
  );
}

/**
 * Restores the state on an optimizer of the same class. Replaced tensors are disposed.
 *
 * @param model the compiled model that the optimizer trains. With it, each slot goes to the weight that it belongs
 * to: the slot of a weight that was frozen when the state was captured is as at the first step, and those of
 * weights that are frozen now are dropped. Without it slots stay in their order, which is that of the trainable
 * weights: the same layers must be frozen.
 * @throws InputError if the optimizer has another class, or the slots do not fit the model.
 */
export function restoreOptimizer(
  optimizer: tf.Optimizer,
  state: OptimizerState,
  model?: tf.LayersModel,
): void {
  expectOptimizer('optimizer', optimizer);
  expectObject('state', state);
  if (model !== undefined) expectModel('model', model);
  if (model) {
    restoreSlots(optimizer, state, ([, saved]) => slotsOfModel(model, { optimizer, saved, state }));
    return;
  }
  if (state.namesWeights)
    throw new InputError('Expected the model with a state that names its weights, got none');
  restoreSlots(optimizer, state, ([, saved]) => saved);
}

/**
 * As `restoreOptimizer`, for the optimizer of a model.
 *
 * @param savedNames the names of the weights of the captured model, by those of `model`
 */
export function restoreModelOptimizer(
  model: tf.LayersModel,
  state: OptimizerState,
  savedNames: ReadonlyMap<string, string>,
): void {
  const { optimizer } = model;
  restoreSlots(optimizer, state, ([, saved]) => slotsOfModel(model, { optimizer, saved, state, savedNames }));
}

function restoreSlots(
  optimizer: tf.Optimizer,
  state: OptimizerState,
  slotsOf: (field: [name: string, saved: SavedSlots]) => SavedSlots,
): void {
  const className = optimizer.getClassName();
  if (className !== state.className)
    throw new InputError(
      `Expected a checkpoint of the optimizer ${className}, got one of ${state.className}`,
    );
  // Everything is checked before anything changes.
  const slots = Object.entries(state.slots).map((field) => [field[0], slotsOf(field)] as const);
  expectFields(optimizer, state);
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
  for (const [field, restored] of slots) {
    (fields[field] as Slot[]).forEach(({ variable }) => variable.dispose());
    fields[field] = restored.map(({ weight, value: { values, shape } }) => ({
      originalName: weight,
      variable: tf.tidy(() => tf.variable(tf.tensor(values, shape), false)),
    }));
  }
}

/** Throws an InputError for a field of a state that the optimizer does not have, or has as something else. */
function expectFields(optimizer: tf.Optimizer, { className, numbers, scalars, slots }: OptimizerState): void {
  const kinds: readonly [Readonly<Record<string, unknown>>, (value: unknown) => boolean][] = [
    // The count of steps is added by the first.
    [numbers, (value) => typeof value === 'number' || value === undefined],
    [scalars, (value) => value instanceof tf.Tensor],
    [slots, isSlots],
  ];
  const fields = optimizer as unknown as Readonly<Record<string, unknown>>;
  for (const [saved, isOfKind] of kinds)
    for (const name of Object.keys(saved))
      if (!isOfKind(fields[name]))
        throw new InputError(
          `Expected a state with the fields of the optimizer ${className}, got ${JSON.stringify(name)}`,
        );
}
