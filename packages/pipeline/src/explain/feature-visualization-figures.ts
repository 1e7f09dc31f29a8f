import { expectOpenModel } from '../run/expect-open-model.js';
import {
  scoreTable,
  visualizeFeatures,
  type VisualizationPreset,
  type VisualizationScore,
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
import { describeReachedClasses, type OptimizedBy } from './describe-reached-classes.js';
import type { ExplainResult } from './explain-method.js';
import {
  visualizationPreset,
  visualizationRecipeFor,
  type VisualizationRecipe,
} from './visualization-recipe.js';

export interface FeatureVisualizationFiguresOptions {
  /** The layer whose filters images are optimized for. Default: none; images are optimized for classes. */
  readonly layer?: string;
  /** The filters of `layer`. Default: the first 8. */
  readonly filters?: readonly number[];
  /** The classes, without `layer`. Default: all. */
  readonly classes?: readonly string[];
  /** What an image of a class is optimized for: 'logit', 'margin' or 'probability'. Default: that of `recipe`. */
  readonly score?: VisualizationScore;
  /** The number of steps. Default: that of `recipe`. */
  readonly steps?: number;
  /** The name of one of `visualizationPresets`. Default: 'lucid' for color images, 'mnist' for gray images. */
  readonly recipe?: VisualizationRecipe;
  readonly signal?: AbortSignal;
  /** Called with the number of steps done and their total. */
  readonly onProgress?: (done: number, total: number) => void;
}

const FEATURE_VISUALIZATION_FIGURES_OPTIONS: OptionNames<FeatureVisualizationFiguresOptions> = {
  layer: true,
  filters: true,
  classes: true,
  score: true,
  steps: true,
  recipe: true,
  signal: true,
  onProgress: true,
};

/** The figures, and the optimized images that they show. */
export interface FeatureVisualizationResult extends ExplainResult {
  readonly optimizedImages: readonly OptimizedImage[];
}

const SCORE_TEXT: Readonly<Record<VisualizationScore, string>> = {
  logit: 'logit',
  margin: 'margin over the other classes (log-odds)',
  probability: 'probability',
};

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
  const { layer, signal, onProgress, recipe = visualizationRecipeFor(images) } = options;
  const { model, preprocessing, output } = opened;
  const { classNames, height, width } = images;
  const preset = presetWith(recipe, options);
  const optimizedImages = await visualizeFeatures(model, objectivesOf(images, options), {
    ...preset,
    preprocessing,
    output,
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
      (layer === undefined ? `the classes, by their ${SCORE_TEXT[preset.score]}.` : `filters of ${layer}.`),
    render: (figureOptions) => optimizedImageGrid(optimizedImages, figureOptions),
  };
  if (layer !== undefined) return { figures: [grid], optimizedImages };
  const scores = await classScores(opened, optimizedImages, {
    classNames,
    optimizedBy: { ...preset, recipe },
  });
  return { ...scores, figures: [grid, ...scores.figures], optimizedImages };
}

/** The preset of a recipe, with the options that replace its own. */
function presetWith(recipe: VisualizationRecipe, { score, steps }: FeatureVisualizationFiguresOptions) {
  const preset = visualizationPreset(recipe);
  return {
    ...preset,
    score: score ?? preset.score ?? 'margin',
    steps: steps ?? preset.steps ?? 100,
  } satisfies VisualizationPreset;
}

async function classScores(
  { model, preprocessing, output }: OpenModel,
  optimizedImages: readonly OptimizedImage[],
  { classNames, optimizedBy }: { classNames: readonly string[]; optimizedBy: OptimizedBy },
): Promise<ExplainResult> {
  const scores = await scoreTable(model, optimizedImages, {
    preprocessing,
    output,
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
    conclusion: describeReachedClasses(scores, optimizedBy),
  };
}
