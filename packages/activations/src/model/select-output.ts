import type * as tf from '@tensorflow/tfjs';
import { expectInteger, expectOneOf, expectOptions, type OptionNames } from '@convlens/core';
import { readGraph, type ModelGraph } from './model-graph.js';
import { readScores, type ScoreKind } from './score-reading.js';

/** An output of a model that has several: its name or its index. */
export type OutputChoice = string | number;

/**
 * The graph with the chosen output as its only one; the same graph without a choice.
 *
 * @throws InputError if the model has no such output; it lists the names.
 */
export function selectOutput(graph: ModelGraph, output: OutputChoice | undefined): ModelGraph {
  if (output === undefined) return graph;
  const { outputNames } = graph;
  const index =
    typeof output === 'number'
      ? expectInteger('output', output, { max: outputNames.length - 1 })
      : outputNames.indexOf(expectOneOf('output', output, outputNames));
  const only = <T>(values: readonly T[]) => [values[index]];
  return {
    ...graph,
    outputs: only(graph.outputs),
    outputNames: only(outputNames),
    outputShapes: only(graph.outputShapes),
  };
}

/** What the units of an output of a model hold. */
export interface OutputScores {
  /** The name of the output. */
  readonly output: string;
  /** Logits of classes, probabilities of classes, or values, such as an age. */
  readonly kind: ScoreKind;
  /** Why it is that kind, in words: "softmax in layer scores". */
  readonly reason: string;
  /** The number of units. */
  readonly units: number;
  /** The number of classes: 2 for one unit that is a probability, 0 for values. */
  readonly classCount: number;
  /** Whether each unit is the probability of a class of its own (sigmoids): an image may be of several classes or of none. */
  readonly isMultiLabel: boolean;
}

export interface ScoresOfOptions {
  /** The output of a model that has several, by name or index. */
  output?: OutputChoice;
}

const SCORES_OF_OPTIONS: OptionNames<ScoresOfOptions> = { output: true };

/**
 * Whether an output of a model is logits, probabilities or values, and why: probabilities come from a softmax or a
 * sigmoid, or are combined of several such; one unit without a sigmoid is a value; more units without either are
 * logits. One sigmoid unit is a classifier of two classes: the second has the probability p, the first 1 - p.
 *
 * @throws InputError unless the output is one list of units per image.
 */
export function scoresOf(model: tf.LayersModel, options: ScoresOfOptions = {}): OutputScores {
  expectOptions('scoresOf', options, SCORES_OF_OPTIONS);
  const graph = selectOutput(readGraph(model), options.output);
  const { kind, reason, units, classCount, isMultiLabel } = readScores(graph);
  return { output: graph.outputNames[0], kind, reason, units, classCount, isMultiLabel };
}
