import { expectOpenModel } from '../run/expect-open-model.js';
import {
  scoreTable,
  visualizationPresets,
  visualizeFeatures,
  type VisualizationPreset,
} from '@convlens/activations';
import {
  expectImageArray,
  expectOptions,
  type ImageObjective,
  type ImageSet,
  type OptimizedImage,
  type OptionNames,
} from '@convlens/core';
import { optimizedImageGrid, scoreTable as scoreTableFigure } from '@convlens/render-d3';
import { toFileName, type FigureSpec } from '../figures/figure-spec.js';
import type { OpenModel } from '../run/open-model.js';
import type { ExplainResult } from './explain-method.js';

export interface FeatureVisualizationFiguresOptions {
  /** The layer whose filters images are optimized for. Default: none; images are optimized for classes. */
  readonly layer?: string;
  /** The filters of `layer`. Default: the first 8. */
  readonly filters?: readonly number[];
  /** The classes, without `layer`. Default: all. */
  readonly classes?: readonly string[];
  /** The number of steps. Default: that of the preset. */
  readonly steps?: number;
  readonly signal?: AbortSignal;
  /** Called with the number of steps done and their total. */
  readonly onProgress?: (done: number, total: number) => void;
}

const FEATURE_VISUALIZATION_FIGURES_OPTIONS: OptionNames<FeatureVisualizationFiguresOptions> = {
  layer: true,
  filters: true,
  classes: true,
  steps: true,
  signal: true,
  onProgress: true,
};

/** The figures, and the optimized images that they show. */
export interface FeatureVisualizationResult extends ExplainResult {
  readonly optimizedImages: readonly OptimizedImage[];
}

const PRESETS_BY_CHANNELS: Readonly<Record<number, VisualizationPreset | undefined>> = {
  1: visualizationPresets.mnist,
  3: visualizationPresets.lucid,
};

/** The preset for the images of a model: `mnist` for gray images, `lucid` for color images. */
export const visualizationPresetFor = ({ channels }: ImageSet): VisualizationPreset =>
  PRESETS_BY_CHANNELS[channels] ?? visualizationPresets.svhn;

function objectivesOf(
  { classNames }: ImageSet,
  { layer, filters = [0, 1, 2, 3, 4, 5, 6, 7], classes = classNames }: FeatureVisualizationFiguresOptions,
): ImageObjective[] {
  return layer === undefined
    ? classes.map((name) => ({ kind: 'class', class: name }))
    : filters.map((channel) => ({ kind: 'channel', layer, channel }));
}

/**
 * Figures of images that are optimized to activate classes, or filters of a layer; for classes also their
 * class scores, as a figure and a table.
 *
 * @param images the images of the model, for their size and classes
 */
export async function featureVisualizationFigures(
  opened: OpenModel,
  images: ImageSet,
  options: FeatureVisualizationFiguresOptions = {},
): Promise<FeatureVisualizationResult> {
  expectOptions('featureVisualizationFigures', options, FEATURE_VISUALIZATION_FIGURES_OPTIONS);
  expectOpenModel('opened', opened);
  expectImageArray('images', images);
  const { layer, steps, signal, onProgress } = options;
  const { model, preprocessing } = opened;
  const { classNames, height, width } = images;
  const optimizedImages = await visualizeFeatures(model, objectivesOf(images, options), {
    ...visualizationPresetFor(images),
    ...(steps !== undefined && { steps }),
    preprocessing,
    classNames,
    height,
    width,
    signal,
    onProgress,
  });
  const grid: FigureSpec = {
    name: `optimized_${toFileName(layer ?? 'classes')}`,
    caption:
      'Images that are optimized to activate ' +
      `${layer === undefined ? 'the classes' : `filters of ${layer}`}.`,
    render: (figureOptions) => optimizedImageGrid(optimizedImages, figureOptions),
  };
  if (layer !== undefined) return { figures: [grid], optimizedImages };
  const scores = await classScores(opened, optimizedImages, classNames);
  return { ...scores, figures: [grid, ...scores.figures], optimizedImages };
}

async function classScores(
  { model, preprocessing }: OpenModel,
  optimizedImages: readonly OptimizedImage[],
  classNames: readonly string[],
): Promise<ExplainResult> {
  const scores = await scoreTable(model, optimizedImages, {
    preprocessing,
    classNames,
    score: 'probability',
  });
  const rows = optimizedImages.map(({ name }, i) => [
    name,
    ...classNames.map((_, c) => scores.values[i * classNames.length + c].toFixed(3)),
  ]);
  return {
    figures: [
      {
        name: 'optimized_scores',
        caption: 'The class probabilities of the image that is optimized for each class.',
        render: (figureOptions) => scoreTableFigure(scores, { ...figureOptions, images: optimizedImages }),
      },
    ],
    table: { columns: ['optimized for', ...classNames], rows },
  };
}
