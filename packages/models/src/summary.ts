import type { LayerSummary, ModelSummary } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';

const sizeOf = (weights: { shape: (number | null)[] }[]) =>
  weights.reduce(
    (sum, { shape }) => sum + shape.reduce<number>((product, size) => product * (size ?? 1), 1),
    0,
  );

function summarizeLayer(layer: tf.layers.Layer): LayerSummary {
  // A layer that is used twice has several outputs; the first stands for it.
  const [{ outputTensors }] = layer.inboundNodes;
  return {
    name: layer.name,
    className: layer.getClassName(),
    outputShape: outputTensors[0].shape.slice(1),
    parameters: layer.countParams(),
    trainable: sizeOf(layer.trainableWeights),
    inputs: layer.inboundNodes.flatMap(({ inboundLayers }) => inboundLayers.map(({ name }) => name)),
  };
}

/** The layers of a model, with shapes, parameter counts and how they are wired. */
export function summarizeModel(model: tf.LayersModel): ModelSummary {
  return {
    name: model.name,
    layers: model.layers.map(summarizeLayer),
    parameters: sizeOf(model.weights),
    trainable: sizeOf(model.trainableWeights),
  };
}

/** The summary as a table of text, a line a layer. */
export function formatSummary({ layers, parameters, trainable }: ModelSummary): string {
  const rows = layers.map(({ name, className, outputShape, parameters }) => [
    name,
    className,
    outputShape.map((size) => size ?? '?').join(' x '),
    parameters.toLocaleString('en-US'),
  ]);
  rows.unshift(['layer', 'class', 'output', 'parameters']);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row.map((cell, i) => (i === 3 ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  '),
  );
  const count = (value: number) => value.toLocaleString('en-US');
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  lines.push('', `${count(parameters)} parameters, ${count(trainable)} of them trainable`);
  return lines.join('\n');
}
