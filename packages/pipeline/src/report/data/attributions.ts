import { ATTRIBUTION_METHODS, type AttributionMethod } from '@convlens/activations';
import { findEntry, type Heatmap, type Images } from '@convlens/core';
import type { OpenModel } from '../../run/open-model.js';

/** The attribution methods of a report: a CAM first, then pixel attributions. */
export const REPORT_METHODS: readonly AttributionMethod[] = ['grad-cam', 'saliency', 'guided-backprop'].map(
  (id) => findEntry('method', id, ATTRIBUTION_METHODS),
);

export interface ReportAttributions {
  /** Grad-CAM, one heatmap per example image. */
  readonly gradCam: readonly Heatmap[];
  /** The pixel attributions of the same images, method by method. */
  readonly pixelAttributions: readonly Heatmap[];
}

/** The heatmaps of images for their predicted classes, by the methods of a report. */
export async function collectAttributions(
  { model, preprocessing }: OpenModel,
  images: Images,
  signal?: AbortSignal,
): Promise<ReportAttributions> {
  const heatmaps: (readonly Heatmap[])[] = [];
  for (const { explain } of REPORT_METHODS)
    heatmaps.push(await explain(model, images, { target: 'predicted', preprocessing, signal }));
  const [gradCam, ...pixelAttributions] = heatmaps;
  return { gradCam, pixelAttributions: pixelAttributions.flat() };
}
