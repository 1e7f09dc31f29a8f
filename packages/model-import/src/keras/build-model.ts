import { InputError } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { applyWithWeights } from '../weights/apply-with-weights.js';
import { isModelClass, MAX_DEPTH, type ApplyLayer, type BuildContext } from './build-context.js';
import { buildFunctional } from './build-functional.js';
import { buildLayer } from './build-layer.js';
import { buildSequential } from './build-sequential.js';
import { parseLayerEntry, type LayerEntry } from './layer-entry.js';
import { LayerOptions } from './layer-options.js';
import type { ModelWeights, WeightTree } from '../weights/weight-tree.js';

interface ModelOptions {
  readonly weights: WeightTree;
  readonly context: BuildContext;
  /** The number of models around this one. */
  readonly depth?: number;
}

/** Builds a model from its config, with its nested models and their weights. */
export function buildModel(entry: LayerEntry, { weights, context, depth = 0 }: ModelOptions): tf.LayersModel {
  if (depth > MAX_DEPTH)
    throw new InputError(`Expected ${context.file} to nest models at most ${MAX_DEPTH} deep`);
  const layers = parseLayers(entry, context.file);
  const isSequential = entry.className === 'Sequential';
  // The layers of a Sequential do not include its input.
  const layersWithWeights = isSequential
    ? layers.filter(({ className }) => className !== 'InputLayer')
    : layers;
  const modelWeights = weights.open(layersWithWeights);
  const apply = createApplyLayer(layersWithWeights, { weights: modelWeights, context, depth });
  const build = isSequential ? buildSequential : buildFunctional;
  return build(entry, layers, { apply, context });
}

function parseLayers({ name, className, config }: LayerEntry, file: string): LayerEntry[] {
  const title = JSON.stringify(name);
  if (!isModelClass(className))
    throw new InputError(
      `Expected ${file} to hold a model of class Sequential or Functional, got ${title} of class ` +
        `${className}: a subclassed model is code, which a file cannot store: save it as a functional one`,
    );
  if (!Array.isArray(config.layers) || config.layers.length === 0)
    throw new InputError(`Expected the model ${title} in ${file} to have layers, found none`);
  return config.layers.map((json) => parseLayerEntry(json, file));
}

interface ApplyContext {
  readonly weights: ModelWeights;
  readonly context: BuildContext;
  readonly depth: number;
}

function createApplyLayer(
  entries: readonly LayerEntry[],
  { weights, context, depth }: ApplyContext,
): ApplyLayer {
  const layers = new Map<LayerEntry, tf.layers.Layer>();
  const createNestedModel = (entry: LayerEntry, options: LayerOptions, inputShape: tf.Shape) => {
    const shaped = entry.buildInputShape ? entry : { ...entry, buildInputShape: inputShape };
    const nestedWeights = weights.nested(entries.indexOf(entry));
    const model = buildModel(shaped, { weights: nestedWeights, context, depth: depth + 1 });
    model.trainable = options.boolean('trainable', true);
    return model;
  };
  const createLayer = (options: LayerOptions, inputShapes: readonly tf.Shape[]) => {
    const layer = buildLayer(options, inputShapes, context.customLayers);
    context.createdLayers.push(layer);
    return layer;
  };

  return (entry, inputs) => {
    const isFirstCall = !layers.has(entry);
    const options = new LayerOptions(entry, { ...context, warnings: isFirstCall ? context.warnings : [] });
    try {
      if (isFirstCall) {
        const inputShapes = inputs.map(({ shape }) => shape);
        const layer = isModelClass(entry.className)
          ? createNestedModel(entry, options, inputShapes[0])
          : createLayer(options, inputShapes);
        layers.set(entry, layer);
      }
      const layer = layers.get(entry)!;
      const needsWeights = isFirstCall && !isModelClass(entry.className);
      return applyWithWeights(
        layer,
        inputs,
        needsWeights ? weights.layer(entries.indexOf(entry)) : undefined,
      );
    } catch (error) {
      if ((error as Error).name === 'InputError') throw error;
      return options.fail(`a TensorFlow.js error: ${(error as Error).message}`);
    }
  };
}
