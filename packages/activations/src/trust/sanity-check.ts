import type * as tf from '@tensorflow/tfjs';
import {
  expectInteger,
  expectOneOf,
  InputError,
  type Heatmap,
  type Images,
  type MapSimilarity,
  type SanityCheck,
  type SanityStep,
} from '@convlens/core';
import { copyModel } from '../model/copy-model.js';
import type { ExplainOptions } from '../attribution/explanation.js';
import { planModel } from '../model/plan.js';
import { learningLayers, randomizeLayer } from './random-weights.js';
import { rankCorrelation } from './rank-correlation.js';
import { structuralSimilarity } from './structural-similarity.js';

/** Any method that makes one heatmap an image, those of this package among them. */
export type HeatmapMethod = (
  model: tf.LayersModel,
  images: Images,
  options: ExplainOptions,
) => Promise<readonly Heatmap[]>;

export interface SanityCheckOptions extends Omit<ExplainOptions, 'onProgress'> {
  /** The method to be checked, such as `gradCam`. */
  method: HeatmapMethod;
  /** Whether layers stay random once they are ('cascading', default), or one is random at a time ('independent'). */
  order?: 'cascading' | 'independent';
  /** Which random weights are drawn; default 0, an integer. */
  seed?: number;
  /** The layers to make random, by name; default all that have weights to learn. They are taken from the output down. */
  layers?: readonly string[];
  /** Is told after each layer how many are done. */
  onProgress?: (done: number, total: number) => void;
}

function compare(first: Heatmap, second: Heatmap): MapSimilarity {
  const { height, width, index } = first;
  if (second.height !== height || second.width !== width)
    throw new InputError(
      `Expected method to make maps of one size, got ${height} x ${width} and ${second.height} x ${second.width}`,
    );
  const [a, b] = [first.values, second.values];
  return {
    index,
    spearman: rankCorrelation(a, b),
    spearmanOfMagnitudes: rankCorrelation(a.map(Math.abs), b.map(Math.abs)),
    ssim: structuralSimilarity(a, b, first),
  };
}

/**
 * Makes the weights of a copy of the model random, layer by layer from the output, and compares what a method shows of the
 * class that the trained model was explained for: Adebayo, Gilmer, Muelly, Goodfellow, Hardt, Kim, Sanity Checks for
 * Saliency Maps (2018). The model itself is only read. Classes of layers of one's own must be registered.
 */
export async function sanityCheck(
  model: tf.LayersModel,
  images: Images,
  { method, order = 'cascading', seed = 0, layers, target, onProgress, ...options }: SanityCheckOptions,
): Promise<SanityCheck> {
  expectOneOf('order', order, ['cascading', 'independent']);
  expectInteger('seed', seed, { min: -Infinity });
  planModel(model);
  const heatmaps = await method(model, images, { ...options, target });
  // A model with random weights predicts another class: hold on to the one that was explained.
  const classes = heatmaps.map(({ classIndex }) => classIndex);
  const kept = classes.every((one) => one >= 0) ? classes : target;
  const copy = await copyModel(model);
  try {
    const learning = learningLayers(copy);
    const names = learning.map(({ name }) => name);
    for (const name of layers ?? []) expectOneOf('each of layers', name, names);
    const chosen = learning.filter(({ name }) => !layers || layers.includes(name));
    const steps: SanityStep[] = [];
    for (const layer of chosen) {
      options.signal?.throwIfAborted();
      const undo = await randomizeLayer(layer, seed);
      const maps = await method(copy, images, { ...options, target: kept });
      steps.push({
        layer: layer.name,
        heatmaps: maps,
        similarities: heatmaps.map((map, i) => compare(map, maps[i])),
      });
      if (order === 'independent') undo();
      onProgress?.(steps.length, chosen.length);
    }
    return { method: heatmaps[0]?.method ?? method.name, order, seed, heatmaps, steps };
  } finally {
    copy.dispose();
  }
}
