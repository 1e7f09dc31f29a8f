import type * as tf from '@tensorflow/tfjs';
import { isModelClass, MAX_DEPTH, type ApplyLayer, type BuildContext } from './build-context.js';
import { collectHistories } from './keras-history.js';
import { parseLayerEntry, type LayerEntry } from './layer-entry.js';
import { createInput, createModel } from './model-tensors.js';

/** Builds a Sequential: each layer is applied to the output of the one before. */
export function buildSequential(
  { name, config, buildInputShape }: LayerEntry,
  layers: readonly LayerEntry[],
  { apply, context: { file } }: { apply: ApplyLayer; context: BuildContext },
): tf.LayersModel {
  const [first] = layers;
  const hasInputLayer = first.className === 'InputLayer';
  const inputShape =
    findInputShape(first, file) ?? first.buildInputShape ?? config.build_input_shape ?? buildInputShape;
  const input = createInput(hasInputLayer ? first : { name: `${name}_input`, config: {} }, inputShape, file);
  let tensor = input;
  for (const layer of hasInputLayer ? layers.slice(1) : layers) [tensor] = apply(layer, [tensor]);
  return createModel({ inputs: [input], outputs: [tensor], name }, file);
}

/** The input shape that a layer declares; for a nested model that of its first layer. */
function findInputShape({ className, config }: LayerEntry, file: string, depth = 0): unknown {
  const shape = config.batch_shape ?? config.batch_input_shape;
  if (shape || !isModelClass(className) || !Array.isArray(config.layers) || depth > MAX_DEPTH) return shape;
  const layers = config.layers.map((json) => parseLayerEntry(json, file));
  const first = findFirstLayer(layers, config.input_layers);
  return first && findInputShape(first, file, depth + 1);
}

/**
 * The layer that reads the input of a model; undefined for several inputs. A Sequential does not name its
 * input.
 */
function findFirstLayer(layers: readonly LayerEntry[], inputLayers: unknown): LayerEntry | undefined {
  const inputs = collectHistories(inputLayers);
  if (inputs.length === 0) return layers.at(0);
  return inputs.length === 1 ? layers.find(({ name }) => name === inputs[0][0]) : undefined;
}
