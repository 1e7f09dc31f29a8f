import {
  areSlotsInOrder,
  InputError,
  namedWeights,
  slotRole,
  trainedWeights,
  type NamedWeight,
} from '@convlens/core';
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
  /**
   * Whether slots have the names of weights in the model (`namedWeights` of core), as in "encoder/conv1/kernel/m",
   * instead of those of variables, which differ from process to process.
   */
  namesWeights?: boolean;
  numbers: Record<string, number>;
  scalars: Record<string, StateTensor>;
  slots: Record<string, SavedSlots>;
}

export type SavedSlots = { weight: string; value: StateTensor }[];

/** The slots of one field in the order in which the optimizer of the model reads them, with its names for them. */
export function slotsOfModel(
  model: tf.LayersModel,
  {
    optimizer,
    saved,
    state,
    savedNames,
  }: {
    optimizer: tf.Optimizer;
    saved: SavedSlots;
    state: OptimizerState;
    savedNames?: ReadonlyMap<string, string>;
  },
): SavedSlots {
  // Before the first step there are none.
  if (saved.length === 0) return saved;
  const names = new Map(namedWeights(model).map(({ name, weight }) => [weight, name]));
  const trained = trainedWeights(model).map((weight) => ({ name: names.get(weight)!, weight }));
  const savedSlots = saved.map(({ weight }) => weight);
  if (!state.namesWeights && !areSlotsInOrder(model, savedSlots))
    throw new InputError(
      'Expected a checkpoint whose state of the optimizer belongs to the weights that are trained, got one for' +
        ' others: freeze the layers that were frozen when it was saved',
    );
  const role = slotRole(saved[0].weight);
  const find = (name: string, i: number) =>
    state.namesWeights
      ? saved.find(({ weight }) => weight === `${savedNames?.get(name) ?? name}/${role}`)
      : saved[i];
  return trained.map((named, i) => ({
    weight: `${named.weight.name}/${role}`,
    value: slotValue(named, find(named.name, i)?.value, optimizer),
  }));
}

function slotValue(
  { name, weight }: NamedWeight<tf.LayerVariable>,
  saved: StateTensor | undefined,
  optimizer: tf.Optimizer,
): StateTensor {
  const shape = weight.shape as number[];
  if (!saved) {
    // Of Adagrad; slots of all others begin at 0.
    const { initialAccumulatorValue = 0 } = optimizer as { initialAccumulatorValue?: number };
    const values = new Float32Array(tf.util.sizeFromShape(shape)).fill(initialAccumulatorValue);
    return { shape, values };
  }
  if (!tf.util.arraysEqual(saved.shape, shape))
    throw new InputError(
      `Expected a checkpoint with a state of the optimizer of the shape ${shape.join(' x ')} for the weight ${name},` +
        ` got ${saved.shape.join(' x ')}`,
    );
  return saved;
}
