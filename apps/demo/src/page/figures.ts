import type { EpochRecord, ImageSet } from '@convlens/core';
import {
  featureMapGrid,
  heatmapComparison,
  heatmapOverlay,
  probabilityBars,
  trainingCurves,
  unitActivationBars,
} from '@convlens/render-d3';
import type { Inspection, Selection } from '../shared/messages.js';
import { getById } from './dom.js';

export const darkMode = matchMedia('(prefers-color-scheme: dark)');
const figureOptions = () => ({ theme: darkMode.matches ? 'dark' : 'light' }) as const;

/** Below this width of the page, in pixels, figures use their narrow layouts. */
const NARROW_WIDTH = 600;
const isNarrow = () => innerWidth < NARROW_WIDTH;

function showFigure(id: string, svg?: SVGSVGElement): void {
  // Enlarged, a figure would have larger text than its neighbors.
  if (svg) svg.style.maxWidth = `${svg.getAttribute('width')}px`;
  getById(id).replaceChildren(...(svg ? [svg] : []));
}

/** The training curves, from the first epoch on. */
export function renderCurves(history: readonly EpochRecord[]): void {
  getById('curves-later').hidden = history.length > 0;
  showFigure('curves', history.length ? trainingCurves(history, figureOptions()) : undefined);
}

export interface RenderInspectionOptions extends Pick<Selection, 'index'> {
  images: ImageSet;
  /** The image in titles, such as "this disc". */
  imageTitle: string;
}

/** The feature maps, the prediction and the heatmap of one image. */
export function renderInspection(inspection: Inspection, options: RenderInspectionOptions): void {
  renderMaps(inspection, options);
  renderPrediction(inspection, options);
  renderHeatmap(inspection, options);
}

function renderMaps({ maps }: Inspection, { imageTitle }: RenderInspectionOptions): void {
  const isDense = maps.height * maps.width === 1;
  const title = `${isDense ? 'Activations' : 'Feature maps'} of ${maps.layer} for ${imageTitle}`;
  const options = { ...figureOptions(), title };
  showFigure(
    'maps',
    isDense
      ? unitActivationBars(maps, options)
      : featureMapGrid(maps, { ...options, columns: isNarrow() ? 4 : 8 }),
  );
}

function renderPrediction(
  { predictions }: Inspection,
  { images, index, imageTitle }: RenderInspectionOptions,
): void {
  const prediction = predictions.find((candidate) => candidate.index === index)!;
  showFigure(
    'probabilities',
    probabilityBars(
      { ...prediction, label: images.labels?.[index] },
      { ...figureOptions(), classNames: images.classNames, title: `Prediction for ${imageTitle}` },
    ),
  );
}

function renderHeatmap({ heatmap }: Inspection, { images }: RenderInspectionOptions): void {
  const title = `${heatmap.methodTitle ?? heatmap.method} for ${images.classNames[heatmap.classIndex]}`;
  const options = { ...figureOptions(), title };
  showFigure(
    'heatmap',
    isNarrow()
      ? heatmapComparison({ heatmaps: [heatmap], images }, options)
      : heatmapOverlay({ heatmap, images }, options),
  );
}
