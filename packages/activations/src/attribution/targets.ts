import * as tf from '@tensorflow/tfjs';
import { expectInteger, InputError } from '@convlens/core';
import { findValue, nameOfValue } from '../model/find-layer.js';
import { runPlan, type RunOptions } from '../model/graph.js';
import { expectReduction, type Reduction } from '../stream/reduction.js';
import { expectClassifier, highestOf, runScores, scoreSource, type Score } from '../model/scores.js';
import { valueShapes, type Subject } from '../model/subject.js';

/** A channel of a layer's maps (their mean or largest value), or a unit of a dense layer. */
export interface ChannelTarget {
  /** A name, 'last-conv' or 'first-conv'. */
  readonly layer: string;
  readonly channel: number;
  /** How the map becomes one number; default 'mean'. */
  readonly reduction?: Reduction;
}

/** One number of a layer's output: [row, column, channel] of maps, [unit] of a dense layer. */
export interface NeuronTarget {
  /** A name, 'last-conv' or 'first-conv'. */
  readonly layer: string;
  readonly neuron: readonly number[];
}

/** From the class scores, rows x classes, to one number a row, each of its own row alone; must be differentiable. */
export type ScoreFunction = (scores: tf.Tensor2D) => tf.Tensor1D;

/**
 * What is explained: a class (its index, its name, the 'predicted' one, each image's own 'label', or a list of indices,
 * one an image), a channel or a neuron of any layer, or a function of the class scores.
 */
export type Target =
  | number
  | 'predicted'
  | 'label'
  | (string & {})
  | readonly number[]
  | ChannelTarget
  | NeuronTarget
  | ScoreFunction;

/** A target that fits the model and the images. */
export interface Aim {
  /** What is explained, where it is no class: such as "relu2, channel 3". */
  readonly name?: string;
  /** The value of the plan that the score is computed from. */
  readonly value: number;
  /** The class of each image of a batch; -1 where none is explained. */
  classesOf(x: tf.Tensor4D, start: number, options: RunOptions): Promise<number[]>;
  /** The score of each row of `x`, which may hold the batch several times over: a new tensor. */
  scoreOf(x: tf.Tensor4D, classes: readonly number[], options: RunOptions): tf.Tensor1D;
}

const noClasses = async (x: tf.Tensor4D): Promise<number[]> => new Array(x.shape[0]).fill(-1);

/** The largest value of each row, whose gradient goes to the first place that has it. */
const firstMax = tf.customGrad((rows, save) => {
  (save as tf.GradSaveFunc)([rows as tf.Tensor]);
  const gradFunc = (dy: tf.Tensor, [saved]: tf.Tensor[]) =>
    tf.mul(tf.expandDims(dy, 1), tf.oneHot(tf.argMax(saved, 1), saved.shape[1]!));
  return { value: tf.max(rows as tf.Tensor, 1), gradFunc };
});

function aimAtUnit(subject: Subject, target: ChannelTarget | NeuronTarget): Aim {
  const { plan } = subject;
  const value = findValue(plan, target.layer);
  const layer = nameOfValue(plan, target.layer, value);
  const [, ...size] = valueShapes(subject)[value];
  const outputOf = (x: tf.Tensor4D, options: RunOptions) => runPlan(plan, [x], [value], options)[0];
  if ('neuron' in target) {
    const { neuron } = target;
    const fits = Array.isArray(neuron) && neuron.length === size.length;
    if (!fits || neuron.some((at, axis) => !Number.isInteger(at) || at < 0 || at >= size[axis]))
      throw new InputError(
        `Expected target.neuron to be a place in the ${size.join(' x ')} of layer ${layer}, got ${neuron}`,
      );
    return {
      name: `${layer}, neuron ${neuron.join(', ')}`,
      value,
      classesOf: noClasses,
      scoreOf: (x, _, options) =>
        tf.reshape<tf.Rank.R1>(tf.slice(outputOf(x, options), [0, ...neuron], [-1, ...neuron.map(() => 1)]), [
          -1,
        ] as never),
    };
  }
  const { channel, reduction = 'mean' } = target;
  expectInteger(`target.channel of layer ${layer}`, channel, { max: size.at(-1)! - 1 });
  expectReduction(reduction);
  return {
    name: `${layer}, channel ${channel}${size.length > 1 ? ` (${reduction})` : ''}`,
    value,
    classesOf: noClasses,
    scoreOf(x, _, options) {
      const output = outputOf(x, options);
      const start = [...size.map(() => 0), channel];
      const own = tf.slice(output, start, [-1, ...size.slice(0, -1).map(() => -1), 1]);
      const rows = tf.reshape(own, [output.shape[0], -1]);
      return (reduction === 'mean' ? tf.mean(rows, 1) : firstMax(rows)) as tf.Tensor1D;
    },
  };
}

function aimAtFunction({ plan }: Subject, score: Score, f: ScoreFunction): Aim {
  expectClassifier(plan);
  return {
    name: f.name || 'a function of the scores',
    value: scoreSource(plan, score),
    classesOf: noClasses,
    scoreOf(x, _, options) {
      const [scores] = runScores(plan, x, { ...options, score });
      const result = f(scores);
      if (result instanceof tf.Tensor && result.rank === 1 && result.shape[0] === x.shape[0]) return result;
      const { shape } = (result ?? {}) as Partial<tf.Tensor>;
      const got = shape ? `shape [${shape.join(', ')}]` : typeof result;
      throw new InputError(
        `Expected target to make one number an image (shape [${x.shape[0]}]) of the scores, got ${got}`,
      );
    },
  };
}

/** Which class of each image is meant; 'predicted' where the model decides. */
function expectClasses({ images }: Subject, target: number | string | readonly number[], classes: number) {
  const { classNames, labels, count } = images;
  if (typeof target === 'number') {
    const names = classNames.length && classes <= 20 ? ` (${classNames.slice(0, classes).join(', ')})` : '';
    if (Number.isInteger(target) && target >= 0 && target < classes)
      return new Array<number>(count).fill(target);
    throw new InputError(`Expected target to be an integer from 0 to ${classes - 1}${names}, got ${target}`);
  }
  if (typeof target !== 'string') {
    if (target.length !== count)
      throw new InputError(`Expected target to hold ${count} classes, one an image, got ${target.length}`);
    return target.map((one, i) => expectInteger(`target[${i}]`, one, { max: classes - 1 }));
  }
  if (target === 'predicted') return 'predicted';
  if (target === 'label') {
    if (!labels) throw new InputError('Expected images with labels for target "label", got none');
    return [...labels].map((label, i) => expectInteger(`labels[${i}]`, label, { max: classes - 1 }));
  }
  const index = classNames.indexOf(target);
  if (index >= 0 && index < classes) return new Array<number>(count).fill(index);
  const choices = ['predicted', 'label', ...classNames].join(', ');
  throw new InputError(`Expected target to be one of ${choices} or an index, got ${JSON.stringify(target)}`);
}

function aimAtClass(subject: Subject, score: Score, target: number | string | readonly number[]): Aim {
  const { plan } = subject;
  const known = expectClassifier(plan);
  const chosen = expectClasses(subject, target, known);
  return {
    value: scoreSource(plan, score),
    async classesOf(x, start, options) {
      if (chosen !== 'predicted') return chosen.slice(start, start + x.shape[0]);
      const [scores] = runScores(plan, x, options);
      try {
        return highestOf(await scores.data(), known);
      } finally {
        scores.dispose();
      }
    },
    scoreOf(x, classes, options) {
      const [scores] = runScores(plan, x, { ...options, score });
      const own = Int32Array.from({ length: x.shape[0] }, (_, i) => classes[i % classes.length]);
      return tf.sum<tf.Tensor1D>(tf.mul(scores, tf.oneHot(tf.tensor1d(own, 'int32'), known)), 1);
    },
  };
}

/** Checks a target against a model and images; an InputError says what there is instead. */
export function aimAt(subject: Subject, { target, score }: { target: Target; score: Score }): Aim {
  if (typeof target === 'function') return aimAtFunction(subject, score, target);
  if (typeof target === 'number' || typeof target === 'string') return aimAtClass(subject, score, target);
  if (Array.isArray(target) || ArrayBuffer.isView(target))
    return aimAtClass(subject, score, Array.from(target as readonly number[]));
  if (typeof target === 'object' && target !== null && 'layer' in target)
    return aimAtUnit(subject, target as ChannelTarget | NeuronTarget);
  throw new InputError(
    `Expected target to be a class, { layer, channel }, { layer, neuron } or a function, got ${String(target)}`,
  );
}
