import {
  areSlotsInOrder,
  InputError,
  namedWeights,
  slotRole,
  slotWeightNames,
  trainedWeights,
  type NamedWeight,
} from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

/** A tensor of an optimizer, with the optimizer's name for it. */
export interface OptimizerTensor {
  readonly name: string;
  /** The name of the weight of a slot (`namedWeights`). Undefined for the count of steps. */
  readonly weight?: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

type NamedTensor = { name: string; tensor: tf.Tensor };

/** The name of the count of steps. */
const ITERATIONS = 'iter';

/**
 * The result of `getWeights` of the optimizer of a model, as typed arrays.
 *
 * @throws InputError for an optimizer whose state TensorFlow.js cannot read.
 */
export async function readOptimizerTensors(model: tf.LayersModel): Promise<OptimizerTensor[]> {
  const { optimizer } = model;
  const tensors = (await optimizer.getWeights().catch(() => {
    throw new InputError(
      `Expected an optimizer whose state TensorFlow.js can read, got ${optimizer.getClassName()}`,
    );
  })) as NamedTensor[];
  const weights = new Map<NamedTensor, string | undefined>();
  for (const slots of slotsByRole(tensors).values()) {
    const names = slotWeightNames(
      model,
      slots.map(({ name }) => name),
    );
    slots.forEach((slot, i) => weights.set(slot, names[i]));
  }
  const read = async (named: NamedTensor): Promise<OptimizerTensor> => {
    const { name, tensor } = named;
    const values = Float32Array.from(await tensor.data());
    // `getWeights` creates the tensor of the count of steps; the others belong to the optimizer.
    if (!(tensor instanceof tf.Variable)) tensor.dispose();
    const weight = weights.get(named);
    return { name, ...(weight !== undefined && { weight }), shape: tensor.shape, values };
  };
  return Promise.all(tensors.map(read));
}

/** The slots of an optimizer, by what they are for, in their order. */
function slotsByRole<Slot extends { readonly name: string }>(tensors: readonly Slot[]): Map<string, Slot[]> {
  const roles = new Map<string, Slot[]>();
  for (const tensor of tensors) {
    if (tensor.name === ITERATIONS) continue;
    const role = slotRole(tensor.name);
    roles.set(role, [...(roles.get(role) ?? []), tensor]);
  }
  return roles;
}

/**
 * Sets the state of an optimizer. Each slot goes to the weight that it belongs to; that of a weight that was
 * frozen when the state was saved is as at the first step, and those of weights that are frozen now are dropped.
 * A state that does not name weights is restored in its order.
 *
 * @param weights the names of the saved weights by the names of those of the model
 * @throws InputError that names `location` if the state is of another optimizer or of other weights.
 */
export async function writeOptimizerTensors(
  model: tf.LayersModel,
  {
    saved,
    weights,
    location,
  }: {
    saved: readonly OptimizerTensor[];
    weights: ReadonlyMap<string, string> | undefined;
    location: string;
  },
): Promise<void> {
  const { optimizer } = model;
  const states = orderSlots(model, { saved, weights, location });
  const replaced = ((await optimizer.getWeights()) as NamedTensor[]).map(({ tensor }) => tensor);
  const tensors = states.map(({ name, shape, values }) => ({ name, tensor: tf.tensor(values, [...shape]) }));
  try {
    await optimizer.setWeights(tensors as never);
  } catch {
    tf.dispose(replaced.filter((tensor) => !(tensor instanceof tf.Variable)));
    throw new InputError(
      `Expected ${location} to be a backup of the optimizer ${optimizer.getClassName()}, got one of another`,
    );
  } finally {
    tf.dispose(tensors.map(({ tensor }) => tensor));
  }
  tf.dispose(replaced);
}

/** The tensors for `setWeights`: the count of steps, and per role a slot for each weight that is trained. */
function orderSlots(
  model: tf.LayersModel,
  {
    saved,
    weights,
    location,
  }: {
    saved: readonly OptimizerTensor[];
    weights: ReadonlyMap<string, string> | undefined;
    location: string;
  },
): OptimizerTensor[] {
  const names = new Map(namedWeights(model).map(({ name, weight }) => [weight, name]));
  const trained = trainedWeights(model).map((weight) => ({ name: names.get(weight)!, weight }));
  const steps = saved.filter(({ name }) => name === ITERATIONS);
  const slots = [...slotsByRole(saved)].flatMap(([role, ofRole]) => {
    const find = ({ name }: NamedWeight<tf.LayerVariable>, i: number) =>
      weights ? ofRole.find(({ weight }) => weight === weights.get(name)) : ofRole[i];
    const slotNames = ofRole.map(({ name }) => name);
    if (!weights && !areSlotsInOrder(model, slotNames))
      throw new InputError(
        `Expected ${location} to hold the state of the optimizer for the weights that are trained, got one for` +
          ' others: freeze the layers that were frozen when it was saved',
      );
    return trained.map((named, i) => slotOf(model, { role, named, slot: find(named, i), location }));
  });
  return [...steps, ...slots];
}

function slotOf(
  { optimizer }: tf.LayersModel,
  {
    role,
    named: { name, weight },
    slot,
    location,
  }: {
    role: string;
    named: NamedWeight<tf.LayerVariable>;
    slot: OptimizerTensor | undefined;
    location: string;
  },
): OptimizerTensor {
  const shape = weight.shape as number[];
  const slotName = `${weight.name}/${role}`;
  if (!slot) {
    const { initialAccumulatorValue = 0 } = optimizer as { initialAccumulatorValue?: number };
    const values = new Float32Array(tf.util.sizeFromShape(shape)).fill(initialAccumulatorValue);
    return { name: slotName, shape, values };
  }
  if (!tf.util.arraysEqual([...slot.shape], shape))
    throw new InputError(
      `Expected ${location} to hold a state of the shape ${shape.join(' x ')} for the weight ${name},` +
        ` got ${slot.shape.join(' x ')}`,
    );
  return { ...slot, name: slotName };
}
