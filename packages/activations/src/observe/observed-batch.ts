import * as tf from '@tensorflow/tfjs';
import type { ModelInput } from '../model/model-input.js';
import { reduceMaps } from '../model/reduction.js';
import { runGraph } from '../model/run-graph.js';
import { runScores, type Score } from '../model/scores.js';
import { viewValues } from '../model/view-values.js';
import type { ObservedBatch, ObservedLayer } from './observer.js';

/** The outputs of a model for one batch. */
export interface BatchOutputs {
  /** count x classes, or count x 1 for a model that outputs values; empty if no scores are read. */
  readonly scores: tf.Tensor;
  /** The layer outputs, count x height x width x channels, by number. */
  readonly outputs: ReadonlyMap<number, tf.Tensor4D>;
}

/** Units as maps of 1 x 1. */
const asMaps = (output: tf.Tensor) =>
  (output.rank === 2 ? tf.reshape(output, [output.shape[0], 1, 1, -1]) : output) as tf.Tensor4D;

/**
 * Runs a model on one batch, once for all observers: new tensors.
 *
 * @param values the numbers of the layer outputs
 * @param score the scores to compute; none if undefined
 * @param otherInputs the tensors of the model's other inputs, by number
 */
export function runBatch(
  { graph }: ModelInput,
  x: tf.Tensor4D,
  {
    values,
    score,
    otherInputs,
  }: { values: readonly number[]; score?: Score; otherInputs: ReadonlyMap<number, tf.Tensor> },
): BatchOutputs {
  const [scores, ...maps] = tf.tidy(() => {
    const [rows, ...outputs] =
      score !== undefined
        ? runScores(graph, x, { score, wanted: values, replace: otherInputs })
        : [tf.zeros([0]), ...runGraph(graph, [x], values, { replace: otherInputs })];
    return [rows, ...outputs.map(asMaps)];
  });
  return { scores, outputs: new Map(values.map((value, i) => [value, maps[i] as tf.Tensor4D])) };
}

/** Stores the result of `compute` for each key. */
function memoize<T>() {
  const results = new Map<string, T>();
  return (key: string, compute: () => T): T => {
    if (!results.has(key)) results.set(key, compute());
    return results.get(key)!;
  };
}

/** The batch as observers read it. The caller disposes the tensors when all observers are done. */
export async function observedBatch(
  { scores, outputs }: BatchOutputs,
  {
    start,
    count,
    classes,
    layer,
  }: { start: number; count: number; classes: number; layer: (nameOrRole: string) => ObservedLayer },
): Promise<ObservedBatch> {
  const once = memoize<Promise<Float32Array>>();
  const rows = (await scores.data()) as Float32Array;
  const none = new Float32Array();
  const output = (nameOrRole: string) => outputs.get(layer(nameOrRole).value)!;
  return {
    start,
    count,
    output,
    values: (nameOrRole) => once(`${layer(nameOrRole).value}`, () => viewValues(output(nameOrRole))),
    reduced: (nameOrRole, reduction) =>
      once(`${layer(nameOrRole).value} ${reduction}`, () => reduceMaps(output(nameOrRole), reduction)),
    probabilities: classes > 0 ? rows : none,
    outputValues: classes > 0 ? none : rows,
  };
}
