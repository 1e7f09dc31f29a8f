import type * as tf from '@tensorflow/tfjs';
import { InputError } from '@convlens/core';
import { nodeOfValue } from './find-layer.js';
import { kindOf } from '../graph-model/graph-node.js';
import { activationName, isOutputActivation, isSoftmax } from './layer-kinds.js';
import type { GraphNode, ModelGraph } from './model-graph.js';

/** What an output of a model holds: the logits of classes, their probabilities, or a value such as an age. */
export type ScoreKind = 'logits' | 'probabilities' | 'values';

/** How the scores are read from an output. */
export interface ScoreReading {
  /** The value of the output in the graph. */
  readonly value: number;
  readonly kind: ScoreKind;
  /** Why, in words: "softmax in layer scores". */
  readonly reason: string;
  /** The number of units of the output. */
  readonly units: number;
  /** The number of classes: 2 for one unit of a sigmoid, 0 for a value. */
  readonly classCount: number;
  /** Whether each unit is the probability of a class of its own (sigmoids): an image may be of several classes or of none. */
  readonly isMultiLabel: boolean;
  /** The node whose softmax or sigmoid is skipped for logits; undefined if the output is not computed by one alone. */
  readonly activation?: GraphNode;
}

/** Layers that keep probabilities what they are: they move them, or do nothing at inference. */
const KEEPING = ['Dropout', 'Flatten', 'Reshape', 'Permute', 'Activation'];
/** Layers that make probabilities of several: means, extremes and lists of them. */
const COMBINING = [
  ...['Average', 'Maximum', 'Minimum', 'Concatenate'],
  ...['AveragePooling2D', 'MaxPooling2D', 'GlobalAveragePooling1D', 'GlobalMaxPooling1D'],
  ...['GlobalAveragePooling2D', 'GlobalMaxPooling2D'],
];

const isKeeping = (layer: tf.layers.Layer) =>
  KEEPING.includes(kindOf(layer)) && activationName(layer) === 'linear';

/** The node that turns logits into probabilities, if one alone computes `value`. */
function findOutputActivation(graph: ModelGraph, value: number): GraphNode | undefined {
  const node = nodeOfValue(graph, value);
  if (!node || isOutputActivation(node.layer)) return node;
  return isKeeping(node.layer) ? findOutputActivation(graph, node.inputs[0]) : undefined;
}

/** Whether a value is made of probabilities only, such as the average of two softmaxes. */
function combinesProbabilities(graph: ModelGraph, value: number): boolean {
  const node = nodeOfValue(graph, value);
  if (!node) return false;
  if (isOutputActivation(node.layer)) return true;
  const isCombining = COMBINING.includes(kindOf(node.layer));
  return (
    (isKeeping(node.layer) || isCombining) &&
    node.inputs.every((input) => combinesProbabilities(graph, input))
  );
}

/** Whether every probability in a value comes from a sigmoid. */
function comesFromSigmoids(graph: ModelGraph, value: number): boolean {
  const node = nodeOfValue(graph, value);
  if (!node) return false;
  if (isOutputActivation(node.layer)) return !isSoftmax(node.layer);
  return node.inputs.every((input) => comesFromSigmoids(graph, input));
}

const shapeText = (shape: readonly unknown[]) => `[${shape.slice(1).join(', ')}]`;

/** The shape of the output that is read: the only one, or the one that the caller chose. */
function expectOneOutput({ outputNames, outputShapes }: ModelGraph): readonly (number | null)[] {
  if (outputShapes.length === 1) return outputShapes[0];
  const outputs = outputNames.map((name, i) => `${name} ${shapeText(outputShapes[i])}`).join(', ');
  throw new InputError(
    `Expected the option output, a name or an index, for a model with several outputs: ${outputs}`,
  );
}

/** What the units of an output hold, and why. */
function readUnits(graph: ModelGraph, value: number, units: number) {
  const activation = findOutputActivation(graph, value);
  if (activation) {
    const name = isSoftmax(activation.layer) ? 'softmax' : 'sigmoid';
    if (name === 'softmax' && units === 1)
      return {
        kind: 'values',
        reason: `a softmax of one unit, in layer ${activation.name}, is always 1`,
      } as const;
    return { kind: 'probabilities', reason: `${name} in layer ${activation.name}`, activation } as const;
  }
  const name = nodeOfValue(graph, value)?.name ?? 'the input';
  if (combinesProbabilities(graph, value))
    return { kind: 'probabilities', reason: `layer ${name} combines probabilities` } as const;
  if (units === 1) return { kind: 'values', reason: `layer ${name} has one unit and no sigmoid` } as const;
  return { kind: 'logits', reason: `layer ${name} has no softmax or sigmoid` } as const;
}

/**
 * How the scores are read from the output of a model.
 *
 * @throws InputError unless it is one list of units per image.
 */
export function readScores(graph: ModelGraph): ScoreReading {
  const shape = expectOneOutput(graph);
  const [, units] = shape;
  if (shape.length !== 2 || units === null)
    throw new InputError(
      `Expected a model that outputs one score per class, got an output of shape ${shapeText(shape)}: ` +
        `it has no classes; a channel of a layer can be explained in their place, such as the target ` +
        `${nodeOfValue(graph, graph.outputs[0])?.name ?? 'LAYER'}#0`,
    );
  const [value] = graph.outputs;
  const reading = readUnits(graph, value, units);
  const classCount = reading.kind === 'values' ? 0 : Math.max(2, units);
  const isMultiLabel = reading.kind === 'probabilities' && units > 1 && comesFromSigmoids(graph, value);
  return { value, units, classCount, isMultiLabel, ...reading };
}

/**
 * How the class scores are read from the output of a model.
 *
 * @throws InputError if the output is a value, or is not one list of units per image.
 */
export function expectClassScores(graph: ModelGraph): ScoreReading {
  const reading = readScores(graph);
  if (reading.kind !== 'values') return reading;
  throw new InputError(
    `Expected a model that outputs one score per class, got one that outputs a value: ${reading.reason}; ` +
      `a binary classifier ends with one sigmoid unit`,
  );
}
