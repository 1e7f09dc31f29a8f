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

/** The names of the layers that compute what a layer passes on: itself, or those of a nested model that compute its outputs. */
type OutputNames = Map<tf.layers.Layer, readonly string[]>;

const isModel = (layer: tf.layers.Layer): layer is tf.LayersModel => 'layers' in layer;

/** The names of the layers that a layer reads, in each of its calls. */
const inputsOf = (layer: tf.layers.Layer, names: OutputNames): string[][] =>
  layer.inboundNodes.map(({ inboundLayers }) =>
    inboundLayers.flatMap((inbound) => names.get(inbound) ?? [inbound.name]),
  );

function summarizeLayer(layer: tf.layers.Layer, name: string, inputs: readonly string[]): LayerSummary {
  // A layer that is applied several times has several outputs; the summary shows the first.
  const [{ outputTensors }] = layer.inboundNodes;
  return {
    name,
    className: layer.getClassName(),
    outputShape: outputTensors[0].shape.slice(1),
    parameters: layer.countParams(),
    trainableParameters: countParameters(layer.trainableWeights),
    inputs,
  };
}

/** A nested model, and its layers after it. */
function summarizeNested(model: tf.LayersModel, name: string, names: OutputNames): LayerSummary[] {
  const inputs = inputsOf(model, names);
  // Within the model, its input layers stand for the layers that it is called on.
  const isCalled = inputs.some(({ length }) => length > 0);
  const placeholders = isCalled ? model.inputs.map(({ sourceLayer }) => sourceLayer) : [];
  placeholders.forEach((layer, k) =>
    names.set(
      layer,
      model.inboundNodes.flatMap(({ inboundLayers }) => names.get(inboundLayers[k]) ?? []),
    ),
  );
  const layers = summarizeLayers(model, { prefix: `${name}/`, names, placeholders });
  names.set(
    model,
    model.outputs.flatMap(({ sourceLayer }) => names.get(sourceLayer) ?? []),
  );
  return [{ ...summarizeLayer(model, name, inputs.flat()), nestedLayers: layers.length }, ...layers];
}

function summarizeLayers(
  model: tf.LayersModel,
  {
    prefix,
    names,
    placeholders = [],
  }: { prefix: string; names: OutputNames; placeholders?: readonly tf.layers.Layer[] },
): LayerSummary[] {
  return model.layers.flatMap((layer) => {
    if (placeholders.includes(layer)) return [];
    const name = prefix + layer.name;
    if (isModel(layer)) return summarizeNested(layer, name, names);
    names.set(layer, [name]);
    return [summarizeLayer(layer, name, inputsOf(layer, names).flat())];
  });
}

/**
 * The layers of a model with their output shapes, numbers of parameters and inputs. A nested model is followed by its layers,
 * called "outer/inner", whose parameters are among its own.
 */
export function summarizeModel(model: tf.LayersModel): ModelSummary {
  expectModel('model', model);
  return {
    name: model.name,
    layers: summarizeLayers(model, { prefix: '', names: new Map() }),
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
