import * as tf from '@tensorflow/tfjs';
import { expectOptions, type Heatmap, type Images, type OptionNames } from '@convlens/core';
import type { AttributionMethod } from '../attribution-method.js';
import { finishMap } from '../cam/class-activation-maps.js';
import { computeGradCam } from '../cam/grad-cam.js';
import { openExplainSession, type PixelMethod } from '../explain-session.js';
import { findUpstreamLayer, type UpstreamLayer } from '../upstream-layer.js';
import { computeGuidedBackprop } from './guided-backprop.js';
import {
  PIXEL_ATTRIBUTION_OPTIONS,
  pixelHeatmaps,
  type PixelAttributionOptions,
} from './pixel-attribution.js';

export interface GuidedGradCamOptions extends PixelAttributionOptions {
  /** The layer of the Grad-CAM: a name, 'last-conv' (default) or 'first-conv'. */
  layer?: string;
}

const GUIDED_GRAD_CAM_OPTIONS: OptionNames<GuidedGradCamOptions> = {
  ...PIXEL_ATTRIBUTION_OPTIONS,
  layer: true,
};

const computeGuidedGradCam =
  (layer: UpstreamLayer): PixelMethod =>
  async (batch) => {
    const guided = await computeGuidedBackprop(batch);
    const [, height, width] = batch.x.shape;
    try {
      return tf.tidy(() => {
        const map = finishMap(computeGradCam(batch, layer), { height, width });
        return tf.mul<tf.Tensor4D>(guided, tf.expandDims(map, 3));
      });
    } finally {
      guided.dispose();
    }
  };

/**
 * Guided Grad-CAM: guided backpropagation multiplied by Grad-CAM, which is normalized to 0..1 and resized to
 * the image. Default collapse 'abs-max'. Selvaraju, Cogswell, Das, Vedantam, Parikh, Batra, Grad-CAM (2017),
 * section 3.2.
 *
 * @throws InputError if the model has no rectifier.
 */
export async function guidedGradCam(
  model: tf.LayersModel,
  images: Images,
  options: GuidedGradCamOptions = {},
): Promise<Heatmap[]> {
  expectOptions('guidedGradCam', options, GUIDED_GRAD_CAM_OPTIONS);
  const { collapse = 'abs-max', layer = 'last-conv' } = options;
  const session = openExplainSession(model, images, options);
  const upstream = findUpstreamLayer(session, layer);
  const compute = computeGuidedGradCam(upstream);
  const heatmaps = await pixelHeatmaps(session, { collapse, entry: guidedGradCamMethod, compute });
  return heatmaps.map((heatmap) => ({ ...heatmap, layer: upstream.name }));
}

export const guidedGradCamMethod: AttributionMethod = {
  id: 'guided-grad-cam',
  title: 'Guided Grad-CAM',
  family: 'pixel',
  usesLayer: true,
  cost: 'low',
  isCompared: true,
  explain: guidedGradCam,
};
