import { expectWeights } from '../guards/models.js';
import { expectList, expectString } from '../guards/values.js';
import { namedWeights, type WeightedLayer, type WeightVariable } from './named-weights.js';

/** The part of a model of TensorFlow.js that its optimizer updates. */
export interface TrainedModel<Weight extends WeightVariable> extends WeightedLayer<Weight> {
  readonly trainableWeights: readonly Weight[];
}

/**
 * The weights that a compiled model trains, in the order of the slots of its optimizer. They are those that were
 * trainable when it was compiled.
 */
export function trainedWeights<Weight extends WeightVariable>(
  model: TrainedModel<Weight>,
): readonly Weight[] {
  expectWeights('model', model);
  // tf.Sequential trains a model of its own.
  const { model: inner = model } = model as { model?: TrainedModel<Weight> };
  const { collectedTrainableWeights } = inner as { collectedTrainableWeights?: readonly Weight[] };
  return collectedTrainableWeights ?? model.trainableWeights;
}

/** What a slot is for, such as "m" of Adam: the last part of its name, "conv1/kernel/m". */
export const slotRole = (slot: string): string => expectString('slot', slot).slice(slot.lastIndexOf('/') + 1);

const slotVariable = (slot: string): string => slot.slice(0, slot.lastIndexOf('/'));

/**
 * The name in the model (`namedWeights`) of the weight that each slot belongs to.
 *
 * @param slots the names of all slots of one role, such as "conv1/kernel_2/m": the name of a variable and the role.
 * If a name is not of this process, the position of the slot decides, as it does in a step of the optimizer.
 * Undefined for a slot that belongs to no weight of the model.
 */
export function slotWeightNames<Weight extends WeightVariable>(
  model: TrainedModel<Weight>,
  slots: readonly string[],
): (string | undefined)[] {
  expectWeights('model', model);
  expectList('slots', slots, expectString);
  const named = namedWeights(model);
  const byVariable = new Map(named.map(({ name, weight }) => [weight.name, name]));
  const byWeight = new Map(named.map(({ name, weight }) => [weight, name]));
  const owners = slots.map((slot) => byVariable.get(slotVariable(slot)));
  if (owners.every((owner) => owner !== undefined) && new Set(owners).size === owners.length) return owners;
  const trained = trainedWeights(model);
  return slots.map((_, i) => byWeight.get(trained[i]));
}

/**
 * Whether slots with the names of variables of another process can belong, in this order, to the weights that a
 * model trains. If no name is that of a weight, TensorFlow.js made them up, and only the number is compared.
 */
export function areSlotsInOrder<Weight extends WeightVariable>(
  model: TrainedModel<Weight>,
  slots: readonly string[],
): boolean {
  expectWeights('model', model);
  expectList('slots', slots, expectString);
  const trained = trainedWeights(model);
  if (slots.length !== trained.length) return false;
  const variables = slots.map(slotVariable);
  // The number that makes the name of a variable unique: conv1/kernel_2.
  const isOf = (variable: string, { originalName }: Weight) =>
    variable === originalName || variable.replace(/_\d+$/, '') === originalName;
  const isKnown = variables.some((variable) => model.weights.some((weight) => isOf(variable, weight)));
  return !isKnown || trained.every((weight, i) => isOf(variables[i], weight));
}
