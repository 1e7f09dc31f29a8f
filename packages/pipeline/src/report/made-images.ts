import { optimizeImages, scoreTable } from '@convlens/activations';
import type { ImageObjective, ImageSet, OptimizedImage, ScoreTable } from '@convlens/core';
import { recipeFor } from '../optimized-figures.js';
import type { Subject } from '../subject.js';
import type { Closeness } from './detail.js';

/** Images that were made so that parts of a network answer to them. */
export interface MadeImages {
  readonly classes: readonly OptimizedImage[];
  readonly scores: ScoreTable;
  readonly filters: readonly OptimizedImage[];
}

/** Beyond so many classes the score table is too wide to read. */
const MOST_CLASSES = 20;

/** Makes an image for each class and for the first filters of a layer. */
export async function makeImages(
  { model, preprocessing }: Subject,
  images: ImageSet,
  { layer, closeness, signal }: { layer: string; closeness: Closeness; signal?: AbortSignal },
): Promise<MadeImages> {
  const { classNames, height, width } = images;
  const channels = model.getLayer(layer).outputShape.at(-1) as number;
  const options = {
    ...recipeFor(images),
    ...{ preprocessing, classNames, height, width, signal, steps: closeness.steps },
  };
  const ofClasses = classNames
    .slice(0, MOST_CLASSES)
    .map((name): ImageObjective => ({ kind: 'class', class: name }));
  const ofFilters = Array.from(
    { length: Math.min(closeness.filters, channels) },
    (_, channel): ImageObjective => ({ kind: 'channel', layer, channel }),
  );
  const classes = await optimizeImages(model, ofClasses, options);
  return {
    classes,
    scores: await scoreTable(model, classes, { preprocessing, classNames, score: 'probability' }),
    filters: await optimizeImages(model, ofFilters, options),
  };
}
