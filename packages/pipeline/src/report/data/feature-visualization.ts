import { scoreTable, visualizeFeatures } from '@convlens/activations';
import {
  indexRange,
  type ImageObjective,
  type ImageSet,
  type OptimizedImage,
  type ScoreTable,
} from '@convlens/core';
import { visualizationPresetFor } from '../../explain/feature-visualization-figures.js';
import type { OpenModel } from '../../run/open-model.js';
import type { DetailBudget } from './detail.js';

/** Optimized images of classes and of filters. */
export interface FeatureVisualizations {
  readonly classes: readonly OptimizedImage[];
  /** The class probabilities of `classes`. */
  readonly scores: ScoreTable;
  /** The layer of `filters`. */
  readonly layer: string;
  /** Of the first filters of the layer. */
  readonly filters: readonly OptimizedImage[];
}

/** With more classes the score table would be too wide to read. */
const MAX_CLASSES = 20;

/** Optimizes an image for each class and for each of the first filters of a layer. */
export async function collectFeatureVisualizations(
  { model, preprocessing }: OpenModel,
  images: ImageSet,
  { layer, budget, signal }: { layer: string; budget: DetailBudget; signal?: AbortSignal },
): Promise<FeatureVisualizations> {
  const { classNames, height, width } = images;
  const channels = model.getLayer(layer).outputShape.at(-1) as number;
  const classObjectives = classNames
    .slice(0, MAX_CLASSES)
    .map((name): ImageObjective => ({ kind: 'class', class: name }));
  const filterObjectives = Array.from(
    indexRange(Math.min(budget.visualizedFilters, channels)),
    (channel): ImageObjective => ({ kind: 'channel', layer, channel }),
  );
  const options = {
    ...visualizationPresetFor(images),
    preprocessing,
    classNames,
    height,
    width,
    signal,
    steps: budget.visualizationSteps,
  };
  const classes = await visualizeFeatures(model, classObjectives, options);
  return {
    classes,
    scores: await scoreTable(model, classes, { preprocessing, classNames, score: 'probability' }),
    layer,
    filters: await visualizeFeatures(model, filterObjectives, options),
  };
}
