import * as tf from '@tensorflow/tfjs';
import type { Heatmap, Images } from '@convlens/core';
import { attribute, collapseChannels, type PixelMethod, type PixelOptions } from './attribution.js';
import { findMapLayer, finishMap, weighedBy, type MapLayer } from './class-map.js';
import { weighByGradCam } from './grad-cam.js';
import { computeGuidedBackprop } from './guided-backprop.js';

export interface GuidedGradCamOptions extends PixelOptions {
  /** The layer of the Grad-CAM: a name, 'last-conv' (default) or 'first-conv'. */
  layer?: string;
}

const gradCamOf = weighedBy(weighByGradCam);

const computeWith =
  (layer: () => MapLayer): PixelMethod =>
  async (batch) => {
    const guided = await computeGuidedBackprop(batch);
    const [, height, width] = batch.x.shape;
    try {
      return tf.tidy(() => {
        const map = finishMap(gradCamOf(batch, layer()) as tf.Tensor3D, { height, width });
        return tf.mul<tf.Tensor4D>(guided, tf.expandDims(map, 3));
      });
    } finally {
      guided.dispose();
    }
  };

/**
 * Guided backpropagation where Grad-CAM points: their product, pixel by pixel, the map of Grad-CAM made to run from 0 to 1
 * and enlarged to the image. Default collapse 'abs-max'. Selvaraju, Cogswell, Das, Vedantam, Parikh, Batra, Grad-CAM
 * (2017), section 3.2.
 */
export async function guidedGradCam(
  model: tf.LayersModel,
  images: Images,
  { collapse = 'abs-max', layer = 'last-conv', ...options }: GuidedGradCamOptions = {},
): Promise<Heatmap[]> {
  let found: MapLayer;
  const attributions = await attribute(model, images, {
    ...options,
    method: 'guided-grad-cam',
    prepare: (explanation) => void (found = findMapLayer(explanation, layer)),
    compute: computeWith(() => found),
  });
  return attributions.map((each) => ({ ...collapseChannels(each, { collapse }), layer: found.name }));
}
