import * as tf from '@tensorflow/tfjs';
import { expectInteger, InputError } from '@convlens/core';
import { findValue, nameOfValue } from '../../model/find-layer.js';
import { valueShapes, type ModelInput } from '../../model/model-input.js';
import { expectReduction } from '../../model/reduction.js';
import { runGraph } from '../../model/run-graph.js';
import { noClasses, type ChannelTarget, type NeuronTarget, type ResolvedTarget } from './target.js';

/** The maximum of each row; the gradient goes to its first position. */
const firstMax = tf.customGrad((rows, save) => {
  (save as tf.GradSaveFunc)([rows as tf.Tensor]);
  const gradFunc = (dy: tf.Tensor, [saved]: tf.Tensor[]) =>
    tf.mul(tf.expandDims(dy, 1), tf.oneHot(tf.argMax(saved, 1), saved.shape[1]!));
  return { value: tf.max(rows as tf.Tensor, 1), gradFunc };
});

/** A target in words, and its score from the layer output. */
interface OutputScore {
  readonly name: string;
  scoreOf(output: tf.Tensor): tf.Tensor1D;
}

function neuronScore({ neuron }: NeuronTarget, layer: string, size: readonly number[]): OutputScore {
  const isPosition = Array.isArray(neuron) && neuron.length === size.length;
  if (
    !isPosition ||
    neuron.some((index, axis) => !Number.isInteger(index) || index < 0 || index >= size[axis])
  )
    throw new InputError(
      `Expected target.neuron to be a position in the ${size.join(' x ')} of layer ${layer}, got ${neuron}`,
    );
  return {
    name: `${layer}, neuron ${neuron.join(', ')}`,
    scoreOf: (output) =>
      tf.reshape<tf.Rank.R1>(tf.slice(output, [0, ...neuron], [-1, ...neuron.map(() => 1)]), [-1] as never),
  };
}

function channelScore(
  { channel, reduction = 'mean' }: ChannelTarget,
  layer: string,
  size: readonly number[],
): OutputScore {
  expectInteger(`target.channel of layer ${layer}`, channel, { max: size.at(-1)! - 1 });
  expectReduction(reduction);
  return {
    name: `${layer}, channel ${channel}${size.length > 1 ? ` (${reduction})` : ''}`,
    scoreOf(output) {
      const start = [...size.map(() => 0), channel];
      const map = tf.slice(output, start, [-1, ...size.slice(0, -1).map(() => -1), 1]);
      const rows = tf.reshape(map, [output.shape[0]!, -1]);
      return (reduction === 'mean' ? tf.mean(rows, 1) : firstMax(rows)) as tf.Tensor1D;
    },
  };
}

export function resolveLayerTarget(
  modelInput: ModelInput,
  target: ChannelTarget | NeuronTarget,
): ResolvedTarget {
  const { graph } = modelInput;
  const value = findValue(graph, target.layer);
  const layer = nameOfValue(graph, target.layer, value);
  const [, ...size] = valueShapes(modelInput)[value];
  const { name, scoreOf } =
    'neuron' in target ? neuronScore(target, layer, size) : channelScore(target, layer, size);
  return {
    name,
    value,
    classesOf: noClasses,
    scoreOf: (x, _, options) => scoreOf(runGraph(graph, [x], [value], options)[0]),
  };
}
