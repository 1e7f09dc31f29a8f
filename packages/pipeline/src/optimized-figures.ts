import { imageRecipes, optimizeImages, scoreTable, type ImageRecipe } from '@convlens/activations';
import type { ImageObjective, ImageSet, OptimizedImage } from '@convlens/core';
import { optimizedImageGrid, scoreTable as scoreTableFigure } from '@convlens/render-d3';
import type { ReportTable } from '@convlens/render-d3/report';
import { fileName, type FigurePlan } from './report/section.js';
import type { Subject } from './subject.js';

export interface OptimizedFiguresOptions {
  /** Whose filters images are made for. Default: none; images are made for classes. */
  layer?: string;
  /** Which filters. Default: the first 8. */
  filters?: readonly number[];
  /** Which classes, where no layer is named. Default all. */
  classes?: readonly string[];
  /** How many steps. Default: those of the recipe. */
  steps?: number;
  signal?: AbortSignal;
  /** Told of steps. */
  onProgress?: (done: number, total: number) => void;
}

/** The recipe that suits the images: strokes on black for grey ones, waves for those of three channels. */
export const recipeFor = ({ channels }: ImageSet): ImageRecipe =>
  channels === 1 ? imageRecipes.mnist : channels === 3 ? imageRecipes.lucid : imageRecipes.svhn;

/** Images that classes, or the filters of a layer, answer to most; for classes with the table of the scores they get. */
export async function optimizedFigures(
  { model, preprocessing }: Subject,
  images: ImageSet,
  { layer, filters, classes, steps, ...rest }: OptimizedFiguresOptions = {},
): Promise<{ figures: FigurePlan[]; table?: ReportTable; made: OptimizedImage[] }> {
  const { classNames, height, width } = images;
  const objectives: ImageObjective[] =
    layer === undefined
      ? (classes ?? classNames).map((name) => ({ kind: 'class', class: name }))
      : (filters ?? [0, 1, 2, 3, 4, 5, 6, 7]).map((channel) => ({ kind: 'channel', layer, channel }));
  const recipe = { ...recipeFor(images), ...(steps !== undefined && { steps }) };
  const options = { ...recipe, preprocessing, classNames, height, width, ...rest };
  const made = await optimizeImages(model, objectives, options);
  const grid: FigurePlan = {
    name: `optimized_${fileName(layer ?? 'classes')}`,
    caption: `Images made so that ${layer ?? 'the classes'} answer to them most.`,
    draw: (look) => optimizedImageGrid(made, look),
  };
  if (layer !== undefined) return { figures: [grid], made };
  const scores = await scoreTable(model, made, { preprocessing, classNames, score: 'probability' });
  const { values } = scores;
  const rows = made.map(({ name }, i) => [
    name,
    ...classNames.map((_, c) => values[i * classNames.length + c].toFixed(3)),
  ]);
  const table: FigurePlan = {
    name: 'optimized_scores',
    caption: 'What the network says of the images that were made for each class.',
    draw: (look) => scoreTableFigure(scores, { ...look, images: made }),
  };
  return { figures: [grid, table], made, table: { columns: ['made for', ...classNames], rows } };
}
