import type * as tf from '@tensorflow/tfjs';
import {
  expectObject,
  expectInteger,
  expectOneOf,
  expectOptions,
  InputError,
  type Heatmap,
  type HeatmapSimilarity,
  type Images,
  type OptionNames,
  type SanityCheck,
  type SanityStep,
} from '@convlens/core';
import type { ExplainFunction } from '../attribution/attribution-method.js';
import { ATTRIBUTION_OPTIONS, type AttributionOptions } from '../attribution/explain-session.js';
import { copyModel } from '../model/copy-model.js';
import { readGraph } from '../model/model-graph.js';
import { randomizeLayer, trainableLayers, type TrainableLayer } from './randomize-layer.js';
import { rankCorrelation } from './rank-correlation.js';
import { structuralSimilarity } from './structural-similarity.js';

const ORDERS = ['cascading', 'independent'] as const;

export interface SanityCheckOptions extends Omit<AttributionOptions, 'onProgress'> {
  /** The method to check, such as `gradCam`: a function `(model, images, options) => Promise<Heatmap[]>`. */
  method: ExplainFunction;
  /**
   * 'cascading' (default): randomized layers stay random; 'independent': only one layer is random at a time.
   */
  order?: (typeof ORDERS)[number];
  /** The seed of the random weights; default 0, an integer. */
  seed?: number;
  /**
   * The names of the layers to randomize; default all with trainable weights. The order is always from output
   * to input.
   */
  layers?: readonly string[];
  /** Called after each layer with the number of layers done. */
  onProgress?: (done: number, total: number) => void;
}

const SANITY_CHECK_OPTIONS: OptionNames<SanityCheckOptions> = {
  ...ATTRIBUTION_OPTIONS,
  method: true,
  order: true,
  seed: true,
  layers: true,
};

function compareHeatmaps(trained: Heatmap, randomized: Heatmap): HeatmapSimilarity {
  const { height, width, index } = trained;
  if (randomized.height !== height || randomized.width !== width)
    throw new InputError(
      `Expected method to return heatmaps of one size, got ${height} x ${width} and ` +
        `${randomized.height} x ${randomized.width}`,
    );
  const [a, b] = [trained.values, randomized.values];
  return {
    index,
    spearman: rankCorrelation(a, b),
    spearmanOfMagnitudes: rankCorrelation(a.map(Math.abs), b.map(Math.abs)),
    ssim: structuralSimilarity(a, b, trained),
  };
}

/** The layers of a model to randomize, from the output to the input. */
function selectLayers(model: tf.LayersModel, selection: readonly string[] | undefined): TrainableLayer[] {
  const layers = trainableLayers(model);
  if (!selection) return layers;
  const names = layers.map(({ name }) => name);
  for (const name of selection) expectOneOf('each of layers', name, names);
  return layers.filter(({ name }) => selection.includes(name));
}

/**
 * A sanity check: randomizes the weights of a copy of the model, layer by layer from the output to the input,
 * and compares the heatmaps of each step with those of the trained model, for the same classes. The model is
 * not changed; custom layer classes must be registered (tf.serialization.registerClass). Adebayo, Gilmer,
 * Muelly, Goodfellow, Hardt, Kim, Sanity Checks for Saliency Maps (2018).
 */
export async function sanityCheck(
  model: tf.LayersModel,
  images: Images,
  options: SanityCheckOptions,
): Promise<SanityCheck> {
  expectOptions('sanityCheck', options, SANITY_CHECK_OPTIONS);
  expectObject('the options of sanityCheck', options);
  const {
    method,
    order = 'cascading',
    seed = 0,
    layers: layerNames,
    target,
    onProgress,
    ...methodOptions
  } = options;
  expectOneOf('order', order, ORDERS);
  expectInteger('seed', seed, { min: -Infinity });
  if (typeof method !== 'function')
    throw new InputError(`Expected method to be a function such as gradCam, got ${String(method)}`);
  // Refuses a value that is no model before `method` reads it.
  readGraph(model);
  const heatmaps = await method(model, images, { ...methodOptions, target });
  // The model with random weights predicts other classes: explain those of the trained model.
  const classes = heatmaps.map(({ classIndex }) => classIndex);
  const fixedTarget = classes.every((classIndex) => classIndex >= 0) ? classes : target;
  const copy = await copyModel(model);
  try {
    const layers = selectLayers(copy, layerNames);
    const steps: SanityStep[] = [];
    for (const layer of layers) {
      options.signal?.throwIfAborted();
      const restore = await randomizeLayer(layer, seed);
      const randomized = await method(copy, images, { ...methodOptions, target: fixedTarget });
      steps.push({
        layer: layer.name,
        heatmaps: randomized,
        similarities: heatmaps.map((heatmap, i) => compareHeatmaps(heatmap, randomized[i])),
      });
      if (order === 'independent') restore();
      onProgress?.(steps.length, layers.length);
    }
    const { method: id = method.name, methodTitle } = heatmaps[0] ?? {};
    return { method: id, ...(methodTitle !== undefined && { methodTitle }), order, seed, heatmaps, steps };
  } finally {
    copy.dispose();
  }
}
