import {
  expectModel,
  expectRecord,
  escapeControls,
  formatCount,
  type LayerSummary,
  type ModelSummary,
} from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';

const countParameters = (weights: { shape: (number | null)[] }[]) =>
  weights.reduce(
    (sum, { shape }) => sum + shape.reduce<number>((product, size) => product * (size ?? 1), 1),
    0,
  );

function summarizeLayer(layer: tf.layers.Layer): LayerSummary {
  // A layer that is applied several times has several outputs; the summary shows the first.
  const [{ outputTensors }] = layer.inboundNodes;
  return {
    name: layer.name,
    className: layer.getClassName(),
    outputShape: outputTensors[0].shape.slice(1),
    parameters: layer.countParams(),
    trainableParameters: countParameters(layer.trainableWeights),
    inputs: layer.inboundNodes.flatMap(({ inboundLayers }) => inboundLayers.map(({ name }) => name)),
  };
}

/** The layers of a model with their output shapes, numbers of parameters and inputs. */
export function summarizeModel(model: tf.LayersModel): ModelSummary {
  expectModel('model', model);
  return {
    name: model.name,
    layers: model.layers.map(summarizeLayer),
    parameters: countParameters(model.weights),
    trainableParameters: countParameters(model.trainableWeights),
  };
}

/** The summary as a table in text, one line per layer. Control characters in names are escaped. */
export function formatSummary(summary: ModelSummary): string {
  expectRecord('ModelSummary', 'summary', summary);
  const { layers, parameters, trainableParameters } = summary;
  const rows = [
    ['layer', 'class', 'output', 'parameters'],
    ...layers.map((layer) => [
      escapeControls(layer.name),
      escapeControls(layer.className),
      layer.outputShape.map((size) => size ?? '?').join(' x '),
      formatCount(layer.parameters),
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column].length)));
  const [header, ...lines] = rows.map((row) =>
    row.map((cell, i) => (i === 3 ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  '),
  );
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  const trainable = formatCount(trainableParameters);
  const totals = `${formatCount(parameters)} parameters, ${trainable} of them trainable`;
  return [header, rule, ...lines, '', totals].join('\n');
}
