import * as tf from '@tensorflow/tfjs';
import { InputError } from '@convlens/core';
import { isSquashing } from './layer-kinds.js';
import { leadsTo, runPlan, type RunOptions } from './graph.js';
import type { Plan, Step } from './plan.js';

/** A class's score: its logit, or its probability. */
export type Score = 'logit' | 'probability';

/** Layers that may stand behind the softmax, such as the Reshape of MobileNet. */
const BEHIND = ['Dropout', 'Flatten', 'Reshape', 'Activation'];

/** The step that turns logits into probabilities, if the model has one. */
function findSquashing(plan: Plan): Step | undefined {
  let value = plan.outputs[0];
  for (;;) {
    const step = plan.steps.find(({ outputs }) => outputs[0] === value);
    if (!step || isSquashing(step.layer)) return step;
    if (!BEHIND.includes(step.layer.getClassName())) return undefined;
    [value] = step.inputs;
  }
}

/** The value that class scores are computed from last: of logits what the softmax reads, if the model has one. */
export function scoreSource(plan: Plan, score: Score): number {
  const squashing = score === 'logit' ? findSquashing(plan) : undefined;
  return squashing ? squashing.inputs[0] : plan.outputs[0];
}

/** Throws an InputError unless the model puts out one score a class; returns how many classes there are. */
export function expectClassifier({ model: { outputs } }: Plan): number {
  if (outputs.length === 1 && outputs[0].shape.length === 2 && outputs[0].shape[1] !== null)
    return outputs[0].shape[1]!;
  const shapes = outputs.map(({ shape }) => `[${shape.slice(1).join(', ')}]`).join(' and ');
  throw new InputError(`Expected a model that puts out one number a class, got outputs of shape ${shapes}`);
}

/**
 * The class scores, images x classes, and the values `wanted`: new tensors. Logits are the input of the last softmax (or
 * sigmoid); a model that ends without one puts out logits, and its probabilities are their softmax.
 */
export function runScores(
  plan: Plan,
  x: tf.Tensor,
  {
    score = 'logit',
    wanted = [],
    ...options
  }: RunOptions & { score?: Score; wanted?: readonly number[] } = {},
): [scores: tf.Tensor2D, ...values: tf.Tensor[]] {
  const squashing = findSquashing(plan);
  return tf.tidy(() => {
    const unsquashed = score === 'logit' ? squashing : undefined;
    // What the model puts out at its softmax or behind is what it always is, also beside logits.
    const isChanged = (value: number) => unsquashed && leadsTo(plan, unsquashed.outputs[0], value);
    const [before, behind] = [wanted.filter((value) => !isChanged(value)), wanted.filter(isChanged)];
    const [output, ...values] = runPlan(plan, [x], [plan.outputs[0], ...before], { ...options, unsquashed });
    const later = behind.length > 0 ? runPlan(plan, [x], behind, options) : [];
    const scores = score === 'logit' || squashing ? output : tf.softmax(output);
    return [scores as tf.Tensor2D, ...wanted.map((value) => (isChanged(value) ? later : values).shift()!)];
  });
}

/** The class of the highest score in each row; of equal ones the lower index. */
export function highestOf(scores: ArrayLike<number>, classes: number): number[] {
  return Array.from({ length: scores.length / classes }, (_, row) => {
    let best = 0;
    for (let c = 1; c < classes; c++) if (scores[row * classes + c] > scores[row * classes + best]) best = c;
    return best;
  });
}
