import * as tf from '@tensorflow/tfjs';
import { expectInteger, InputError, type Images } from '@convlens/core';
import { isSquashing } from './layer-kinds.js';
import { runPlan, type RunOptions } from './graph.js';
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
    const [output, ...values] = runPlan(plan, [x], [plan.outputs[0], ...wanted], { ...options, unsquashed });
    const scores = score === 'logit' || squashing ? output : tf.softmax(output);
    return [scores as tf.Tensor2D, ...values];
  });
}

/** The sum over the images of the score of each image's own class: what gradients are taken of. */
export function targetScore(
  plan: Plan,
  x: tf.Tensor,
  { targets, ...options }: RunOptions & { targets: readonly number[]; score: Score },
): tf.Scalar {
  const [scores] = runScores(plan, x, { ...options, gradient: true });
  return tf.sum(tf.mul(scores, tf.oneHot(tf.tensor1d([...targets], 'int32'), scores.shape[1])));
}

/** A class index, the name of a class, the class of the highest score, or each image's own label. */
export type Target = number | 'predicted' | 'label' | (string & {});

/** Throws an InputError if there is no such class; returns its index, or which class of each image is meant. */
export function expectTarget(
  target: Target,
  images: Images,
  classes: number,
): number | 'predicted' | 'label' {
  if (typeof target === 'number') return expectInteger('target', target, { max: classes - 1 });
  if (target === 'predicted') return 'predicted';
  if (target === 'label') {
    if (!images.labels) throw new InputError(`Expected images with labels for target "label", got none`);
    return 'label';
  }
  const index = images.classNames.indexOf(target);
  if (index >= 0 && index < classes) return index;
  const choices = ['predicted', 'label', ...images.classNames].join(', ');
  throw new InputError(`Expected target to be one of ${choices} or an index, got ${JSON.stringify(target)}`);
}

/** The class of the highest score in each row; of equal ones the lower index. */
export function highestOf(scores: ArrayLike<number>, classes: number): number[] {
  return Array.from({ length: scores.length / classes }, (_, row) => {
    let best = 0;
    for (let c = 1; c < classes; c++) if (scores[row * classes + c] > scores[row * classes + best]) best = c;
    return best;
  });
}
