import {
  deconvnet,
  gradCam,
  gradCamPlusPlus,
  gradientTimesInput,
  guidedBackprop,
  guidedGradCam,
  integratedGradients,
  layerCam,
  layerGradients,
  occlusion,
  saliency,
  scoreCam,
  smoothGrad,
  type ExplainOptions as AttributionOptions,
} from '@convlens/activations';
import type { Heatmap, Images } from '@convlens/core';
import { featureMapGrid, heatmapOverlay } from '@convlens/render-d3';
import type * as tf from '@tensorflow/tfjs';
import { fileName } from '../report/section.js';
import { explainedIn, listOf, pickedBy, readingOf, refuse, targetOf, type Method } from './request.js';

type HeatmapsOf = (
  model: tf.LayersModel,
  images: Images,
  options: AttributionOptions & { layer?: string },
) => Promise<Heatmap[]>;

const heatmaps =
  (method: HeatmapsOf, { hasLayer = false } = {}): Method =>
  async (request) => {
    const { subject, images, options } = request;
    const { layer } = options;
    refuse(request, 'filters', ...(hasLayer ? [] : ['layer' as const]));
    const maps = await method(subject.model, pickedBy(request), {
      ...(layer && { layer }),
      target: targetOf(request),
      ...readingOf(request),
    });
    return {
      figures: maps.map((heatmap) => ({
        name: `${heatmap.method}_${heatmap.index}`,
        caption: `What speaks for ${explainedIn(images, heatmap)} in image ${heatmap.index}.`,
        draw: (look) => heatmapOverlay({ heatmap, images }, look),
      })),
    };
  };

/** What in an image speaks for a class, or for another target. */
export const attributionMethods = {
  saliency: heatmaps(saliency),
  'gradient-times-input': heatmaps(gradientTimesInput),
  'guided-backprop': heatmaps(guidedBackprop),
  deconvnet: heatmaps(deconvnet),
  'integrated-gradients': heatmaps(integratedGradients),
  'smooth-grad': heatmaps(smoothGrad),
  occlusion: heatmaps(occlusion),
  'grad-cam': heatmaps(gradCam, { hasLayer: true }),
  'grad-cam-plus-plus': heatmaps(gradCamPlusPlus, { hasLayer: true }),
  'layer-cam': heatmaps(layerCam, { hasLayer: true }),
  'score-cam': heatmaps(scoreCam, { hasLayer: true }),
  'guided-grad-cam': heatmaps(guidedGradCam, { hasLayer: true }),
  'layer-gradients': async (request) => {
    const { subject, images, options } = request;
    const { layer, filters } = options;
    const found = await layerGradients(subject.model, pickedBy(request), {
      ...(layer && { layer }),
      target: targetOf(request),
      ...readingOf(request),
    });
    return {
      figures: found.indices.map((index, image) => ({
        name: `layer_gradients_${fileName(found.layer)}_${index}`,
        caption:
          `What the maps of ${found.layer} add to ` +
          `${explainedIn(images, { classIndex: found.classIndices[image], target: found.target })} in image ${index}.`,
        draw: (look) => featureMapGrid(found, { ...look, image, input: images, filters: listOf(filters) }),
      })),
    };
  },
} satisfies Record<string, Method>;
