import { scoreTable, visualizeFeatures } from '@convlens/activations';
import {
  indexRange,
  type ImageObjective,
  type ImageSet,
  type OptimizedImage,
  type ScoreTable,
} from '@convlens/core';
import { describeReachedClasses } from '../../explain/describe-reached-classes.js';
import { visualizationPreset, visualizationRecipeFor } from '../../explain/visualization-recipe.js';
import type { OpenModel } from '../../run/open-model.js';
import type { DetailBudget } from './detail.js';

/** Optimized images of classes and of filters. */
export interface FeatureVisualizations {
  readonly classes: readonly OptimizedImage[];
  /** The class probabilities of `classes`. */
  readonly scores: ScoreTable;
  /** Which of `classes` reach their class, and what to try for the others. */
  readonly reached: string;
  /** The layer of `filters`. */
  readonly layer: string;
  /** Of the first filters of the layer. */
  readonly filters: readonly OptimizedImage[];
}

/** With more classes the score table would be too wide to read. */
const MAX_CLASSES = 20;

/** Optimizes an image for each class and for each of the first filters of a layer. */
export async function collectFeatureVisualizations(
  { model, preprocessing, output }: OpenModel,
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
  const recipe = visualizationRecipeFor(images);
  const preset = visualizationPreset(recipe);
  const steps = budget.visualizationSteps;
  const options = {
    ...preset,
    preprocessing,
    output,
    classNames,
    height,
    width,
    signal,
    steps,
  };
  const classes = await visualizeFeatures(model, classObjectives, options);
  const scores = await scoreTable(model, classes, {
    preprocessing,
    output,
    classNames,
    score: 'probability',
  });
  return {
    classes,
    scores,
    reached: describeReachedClasses(scores, { score: preset.score ?? 'logit', steps, recipe }),
    layer,
    filters: await visualizeFeatures(model, filterObjectives, options),
  };
}
