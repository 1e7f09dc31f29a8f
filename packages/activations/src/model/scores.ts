import * as tf from '@tensorflow/tfjs';
import { InputError } from '@convlens/core';
import { nodeOfValue } from './find-layer.js';
import { isOutputActivation } from './layer-kinds.js';
import { leadsTo, runGraph, type RunOptions } from './run-graph.js';
import type { ModelGraph, GraphNode } from './model-graph.js';

export const SCORES = ['logit', 'probability'] as const;

/** The score of a class: its logit or its probability. */
export type Score = (typeof SCORES)[number];

/** Layers that may follow the softmax, such as the Reshape of MobileNet. */
const AFTER_SOFTMAX = ['Dropout', 'Flatten', 'Reshape', 'Activation'];

/** The node that turns logits into probabilities, if the model has one. */
function findOutputActivation(graph: ModelGraph): GraphNode | undefined {
  let value = graph.outputs[0];
  for (;;) {
    const node = nodeOfValue(graph, value);
    if (!node || isOutputActivation(node.layer)) return node;
    if (!AFTER_SOFTMAX.includes(node.layer.getClassName())) return undefined;
    [value] = node.inputs;
  }
}

/**
 * The last value that class scores are computed from: for logits the input of the softmax, if the model has
 * one.
 */
export function scoreSource(graph: ModelGraph, score: Score): number {
  const outputActivation = score === 'logit' ? findOutputActivation(graph) : undefined;
  return outputActivation ? outputActivation.inputs[0] : graph.outputs[0];
}

/** Returns the number of classes; throws an InputError unless the model outputs one score per class. */
export function expectClassifier({ model: { outputs } }: ModelGraph): number {
  if (outputs.length === 1 && outputs[0].shape.length === 2 && outputs[0].shape[1] !== null)
    return outputs[0].shape[1]!;
  const shapes = outputs.map(({ shape }) => `[${shape.slice(1).join(', ')}]`).join(' and ');
  throw new InputError(`Expected a model that outputs one score per class, got outputs of shape ${shapes}`);
}

/**
 * The class scores, images x classes, and the values `wanted`: new tensors. Logits are the input of the last
 * softmax (or sigmoid). The output of a model without one is taken for logits, and its probabilities are
 * their softmax.
 */
export function runScores(
  graph: ModelGraph,
  x: tf.Tensor,
  {
    score = 'logit',
    wanted = [],
    ...options
  }: RunOptions & { score?: Score; wanted?: readonly number[] } = {},
): [scores: tf.Tensor2D, ...values: tf.Tensor[]] {
  const outputActivation = findOutputActivation(graph);
  return tf.tidy(() => {
    const skipSoftmax = score === 'logit' ? outputActivation : undefined;
    // A run that skips the softmax has other values at the softmax and after it: these come from a second
    // run.
    const isChanged = (value: number) => skipSoftmax && leadsTo(graph, skipSoftmax.outputs[0], value);
    const changed = wanted.filter(isChanged);
    const unchanged = wanted.filter((value) => !isChanged(value));
    const [output, ...values] = runGraph(graph, [x], [graph.outputs[0], ...unchanged], {
      ...options,
      skipSoftmax,
    });
    const changedValues = changed.length > 0 ? runGraph(graph, [x], changed, options) : [];
    const scores = score === 'logit' || outputActivation ? output : tf.softmax(output);
    return [
      scores as tf.Tensor2D,
      ...wanted.map((value) => (isChanged(value) ? changedValues : values).shift()!),
    ];
  });
}

/** The class with the highest score in each row; of equal scores the lower index. */
export function argMaxRows(scores: ArrayLike<number>, classes: number): number[] {
  return Array.from({ length: scores.length / classes }, (_, row) => {
    let best = 0;
    for (let c = 1; c < classes; c++) if (scores[row * classes + c] > scores[row * classes + best]) best = c;
    return best;
  });
}
