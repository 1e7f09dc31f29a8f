import * as tf from '@tensorflow/tfjs';
import { InputError } from '@convlens/core';
import { settle } from './borrow-values.js';
import { callForGradient } from './gradient-calls.js';
import { holdsRelu, internals, isReluLayer, type LayerActivation } from './layer-kinds.js';
import type { Plan, Step } from './plan.js';

/** Stands in for a rectifier: is given its input and the rectifier itself, returns what to use as its output. */
export type ActivationHook = (x: tf.Tensor, activation: (x: tf.Tensor) => tf.Tensor) => tf.Tensor;

export interface RunOptions {
  /** Values that are not computed but given, by number: what follows them is computed from these. */
  replace?: ReadonlyMap<number, tf.Tensor>;
  /** Takes the place of every rectifier: layers (ReLU, LeakyReLU ...), and those inside other layers. */
  hook?: ActivationHook;
  /** A step whose softmax (or sigmoid) is left out, so that logits pass. */
  unsquashed?: Step;
  /** Whether a gradient will be taken of the result. */
  gradient?: boolean;
}

const LINEAR: LayerActivation = { getClassName: () => 'linear', apply: (x) => x };

/** Steps that lead from `given` values to `wanted` ones, in order. */
function stepsTo(plan: Plan, wanted: readonly number[], given: ReadonlyMap<number, unknown>): Step[] {
  const needed = new Set(wanted);
  const steps: Step[] = [];
  for (const step of [...plan.steps].reverse()) {
    if (!step.outputs.some((value) => needed.has(value) && !given.has(value))) continue;
    steps.push(step);
    for (const value of step.inputs) needed.add(value);
  }
  return steps.reverse();
}

/** Whether a value is what another is computed from, or that one itself. */
export function leadsTo(plan: Plan, from: number, to: number): boolean {
  const reached = new Set([from]);
  for (const { inputs, outputs } of plan.steps)
    if (inputs.some((value) => reached.has(value))) outputs.forEach((value) => reached.add(value));
  return reached.has(to);
}

/** Throws an InputError unless `value`, which is called `name`, is computed from what reads the images. */
export function expectSeesImages(plan: Plan, value: number, name: string): void {
  if (!leadsTo(plan, plan.inputs[0], value))
    throw new InputError(`Expected a layer that sees the images, got ${name}, which sees other inputs only`);
}

function withActivation<T>(layer: tf.layers.Layer, activation: LayerActivation, body: () => T): T {
  const inside = internals(layer);
  const original = inside.activation;
  inside.activation = activation;
  try {
    return body();
  } finally {
    inside.activation = original;
  }
}

function callLayer(layer: tf.layers.Layer, inputs: tf.Tensor[], gradient: boolean): tf.Tensor[] {
  const better = gradient ? callForGradient(layer, inputs[0]) : undefined;
  if (better) return [better];
  const result = layer.apply(inputs.length === 1 ? inputs[0] : inputs, { training: false }) as
    tf.Tensor | tf.Tensor[];
  return Array.isArray(result) ? result : [result];
}

function runStep(
  { layer, name, ...step }: Step,
  inputs: tf.Tensor[],
  { hook, unsquashed, gradient = false }: RunOptions,
): tf.Tensor[] {
  const call = () => callLayer(layer, inputs, gradient);
  if (unsquashed && unsquashed.outputs[0] === step.outputs[0])
    return internals(layer).activation ? withActivation(layer, LINEAR, call) : [inputs[0].clone()];
  if (hook && isReluLayer(layer)) return [hook(inputs[0], (x) => layer.apply(x) as tf.Tensor)];
  if (hook && holdsRelu(layer)) {
    const original = internals(layer).activation!;
    const apply = (x: tf.Tensor) => hook(x, (y) => original.apply(y));
    // A name that no fused kernel bears makes the layer call `apply`.
    return withActivation(layer, { getClassName: () => 'hooked', apply }, call);
  }
  const outputs = call();
  if (outputs.some((y) => y.kerasMask))
    throw new InputError(`Expected a model without masks, got one made by layer ${name}`);
  return outputs;
}

/**
 * Computes the `wanted` values of a model on tensors, step by step and in inference mode, and no step that they do not
 * need. Returns new tensors, one a wanted value, which are the caller's to dispose; the model is left as it was, also
 * after an error.
 */
export function runPlan(
  plan: Plan,
  inputs: readonly tf.Tensor[],
  wanted: readonly number[],
  options: RunOptions = {},
): tf.Tensor[] {
  return tf.tidy(() => {
    const given = new Map(plan.inputs.map((value, i) => [value, inputs[i]]));
    for (const [value, tensor] of options.replace ?? []) given.set(value, tensor);
    const values = new Map(given);
    const steps = stepsTo(plan, wanted, given);
    const lastUse = new Map<number, Step>();
    for (const step of steps) for (const value of step.inputs) lastUse.set(value, step);
    for (const step of steps) {
      const outputs = runStep(
        step,
        step.inputs.map((value) => values.get(value)!),
        options,
      );
      step.outputs.forEach((value, i) => {
        if (given.has(value)) return;
        values.set(value, outputs[i]);
        if (!options.gradient && wanted.includes(value)) settle(outputs[i]);
      });
      // Without a gradient to take, what no later step reads would only fill the memory.
      if (!options.gradient)
        for (const value of step.inputs)
          if (lastUse.get(value) === step && !given.has(value) && !wanted.includes(value))
            values.get(value)!.dispose();
    }
    return wanted.map((value) => values.get(value)!.clone());
  });
}
