import type { VisualizationScore } from '@convlens/activations';
import type { ImageSet } from '@convlens/core';
import type { ColorScale, FilterChoice } from '@convlens/render-d3';
import type { ReportTable } from '@convlens/render-d3/report';
import type { FigureSpec } from '../figures/figure-spec.js';
import type { OpenModel } from '../run/open-model.js';
import type { VisualizationRecipe } from './visualization-recipe.js';

/** The options of a method. Which of them a method takes is listed in its entry; the others are refused. */
export interface ExplainMethodOptions {
  /** The name of a layer, 'first-conv' or 'last-conv'. Default: depends on the method. */
  readonly layer?: string;
  /**
   * The filters: their indices, 'all', or `{ top: 32 }`, the strongest ones: by mean magnitude for what is explained. Default: the
   * first 8 for methods over a whole data set; for the others all, but no more than the first 64.
   */
  readonly filters?: FilterChoice;
  /**
   * What is explained: 'predicted' (default), 'label', a class by name or index, or a channel of a layer as
   * in "relu2_2#10".
   */
  readonly target?: string;
  /**
   * The classes whose nth image is explained, that are compared, or that images are optimized for. Default:
   * three; of images without labels all images are explained.
   */
  readonly classes?: readonly string[];
  /** Which image of each class, counted from 1. Default 3. */
  readonly nth?: number;
  /** The index of one image, in place of `classes` and `nth`. */
  readonly index?: number;
  /** The color scale of feature maps. Default: each map from its minimum to its maximum. */
  readonly colorScale?: ColorScale;
  /** The number of feature maps per row. Default 8. */
  readonly columns?: number;
  /** What an image of a class is optimized for: 'logit', 'margin' or 'probability'. Default: that of `recipe`. */
  readonly score?: VisualizationScore;
  /** The number of steps that an image is optimized for. Default: that of `recipe`. */
  readonly steps?: number;
  /**
   * The name of one of `visualizationPresets`, which determine how images are optimized. Default: 'lucid' for
   * color images, 'mnist' for gray images.
   */
  readonly recipe?: VisualizationRecipe;
}

export type ExplainOptionName = keyof ExplainMethodOptions;

/** A call of a method. */
export interface ExplainRequest {
  readonly opened: OpenModel;
  readonly images: ImageSet;
  readonly options: ExplainMethodOptions;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** The result of a method: figures to be rendered, a table, or both. */
export interface ExplainResult {
  readonly figures: readonly FigureSpec[];
  readonly table?: ReportTable;
  /** The conclusion from the table, in a sentence. */
  readonly conclusion?: string;
  /** What the figures leave out, and how to show it. */
  readonly warning?: string;
}

/** An entry of the registry of explain methods. */
export interface ExplainMethod {
  /** The name that a user types, such as "grad-cam". */
  readonly id: string;
  /** One line for lists. */
  readonly title: string;
  /** The options that it takes. */
  readonly options: readonly ExplainOptionName[];
  run(request: ExplainRequest): Promise<ExplainResult>;
}

/** The options that select the images to be explained. */
export const IMAGE_SELECTION = ['classes', 'nth', 'index'] as const satisfies readonly ExplainOptionName[];
