import type * as tf from '@tensorflow/tfjs';
import { InputError } from '@convlens/core';
import { activationName, isConvolution, isReluLayer, isSquashing } from './layer-kinds.js';
import { planModel, type Plan, type Step } from './plan.js';

const ROLES = ['first-conv', 'last-conv'] as const;

const MERGES = ['Add', 'Average', 'Maximum', 'Minimum', 'Multiply', 'Concatenate'];

/**
 * The names of the layers of a model, in the order they run. A layer of a nested model is "outer/inner", and "outer" is
 * what the nested model puts out; a layer that is used twice is "layer:0" and "layer:1".
 */
export function layerNames(model: tf.LayersModel): string[] {
  return namesOf(planModel(model));
}

const namesOf = ({ names, inputs }: Plan) =>
  [...names].filter(([, value]) => !inputs.includes(value)).map(([name]) => name);

/**
 * The name of a layer: the one given, if it exists, or the one that plays a role. 'first-conv' is the output of the first
 * convolution, after the batch normalization and the activation that directly follow it. 'last-conv' is that of the last
 * one, the convolution with the most layers before it; where a residual sum (or another merge) comes before the
 * activation, it is the activation after the merge, so that it names the last maps of a residual network, which
 * Grad-CAM is usually taken at. A layer whose name is that of a role is found by its name.
 */
export function findLayer(model: tf.LayersModel, nameOrRole: string): string {
  const plan = planModel(model);
  const value = findValue(plan, nameOrRole);
  return nameOfValue(plan, nameOrRole, value);
}

/** The name to file a value under: the one that was asked for, or the one that plays the role. */
export function nameOfValue(plan: Plan, asked: string, value: number): string {
  return plan.names.has(asked) ? asked : plan.steps.find(({ outputs }) => outputs[0] === value)!.name;
}

/** The convolution that plays a role, undefined if `role` is none. */
export function findConvolution({ steps }: Plan, role: string): Step | undefined {
  if (!ROLES.includes(role as 'last-conv')) return undefined;
  const depths = new Map<number, number>();
  let found: { step: Step; depth: number } | undefined;
  for (const step of steps) {
    const depth = 1 + Math.max(0, ...step.inputs.map((value) => depths.get(value) ?? 0));
    for (const value of step.outputs) depths.set(value, depth);
    if (!isConvolution(step.layer)) continue;
    if (!found || (role === 'last-conv' ? depth >= found.depth : depth < found.depth))
      found = { step, depth };
  }
  if (!found) throw new InputError(`Expected a model with a 2D convolution to take ${role} from, got none`);
  return found.step;
}

const isActivation = ({ layer }: Step) =>
  (layer.getClassName() === 'Activation' || isReluLayer(layer)) && !isSquashing(layer);

/** The value that a name or a role stands for. */
export function findValue(plan: Plan, nameOrRole: string): number {
  const named = plan.names.get(nameOrRole);
  if (named !== undefined) return named;
  const convolution = findConvolution(plan, nameOrRole);
  if (!convolution) {
    const choices = [...namesOf(plan), ...ROLES].join(', ');
    throw new InputError(`Expected layer to be one of ${choices}, got ${JSON.stringify(nameOrRole)}`);
  }
  return activationAfter(plan, convolution, { throughMerges: nameOrRole === 'last-conv' });
}

/** What a layer puts out, after the batch normalization and the activation that directly follow it. */
export function activationAfter(
  { steps }: Plan,
  { layer, outputs }: Step,
  { throughMerges = false } = {},
): number {
  let [value] = outputs;
  if (activationName(layer) !== 'linear') return value;
  let result = value;
  let merged = false;
  for (;;) {
    const readers = steps.filter(({ inputs }) => inputs.includes(value));
    if (readers.length !== 1) return result;
    const [reader] = readers;
    if (isActivation(reader)) return reader.outputs[0];
    const kind = reader.layer.getClassName();
    if (throughMerges && MERGES.includes(kind)) merged = true;
    else if (kind !== 'BatchNormalization') return result;
    [value] = reader.outputs;
    // A merge that no activation follows belongs to no convolution more than to the others.
    if (!merged) result = value;
  }
}
