import { expectFields } from '@convlens/core';
import { ATTRIBUTION_METHODS, layerGradients, type AttributionMethod } from '@convlens/activations';
import { featureMapGrid, heatmapOverlay } from '@convlens/render-d3';
import { toFileName } from '../figures/figure-spec.js';
import { IMAGE_SELECTION, type ExplainMethod } from './explain-method.js';
import {
  filterChoice,
  filtersWarning,
  parseTarget,
  readOptionsOf,
  selectedImages,
  targetName,
} from './explain-request.js';

/** The explain method of an attribution method: one heatmap per image. */
export function heatmapMethod(method: AttributionMethod): ExplainMethod {
  expectFields('AttributionMethod', 'method', method, { id: 'string', title: 'string', explain: 'function' });
  const { id, title, usesLayer, explain } = method;
  return {
    id,
    title: `${title} heatmap`,
    options: ['target', ...IMAGE_SELECTION, ...(usesLayer ? (['layer'] as const) : [])],
    async run(request) {
      const { opened, images, options } = request;
      const { layer } = options;
      const heatmaps = await explain(opened.model, selectedImages(request), {
        ...(layer && { layer }),
        target: parseTarget(request),
        ...readOptionsOf(request),
      });
      return {
        figures: heatmaps.map((heatmap) => ({
          name: `${heatmap.method}_${heatmap.index}`,
          caption: `Attribution to ${targetName(images, heatmap)} in image ${heatmap.index}.`,
          render: (figureOptions) => heatmapOverlay({ heatmap, images }, figureOptions),
        })),
      };
    },
  };
}

const layerGradientsMethod: ExplainMethod = {
  id: 'layer-gradients',
  title: 'gradient of a target with respect to the feature maps of a layer',
  options: ['layer', 'filters', 'target', ...IMAGE_SELECTION],
  async run(request) {
    const { opened, images, options } = request;
    const { layer, filters } = options;
    const gradients = await layerGradients(opened.model, selectedImages(request), {
      ...(layer && { layer }),
      target: parseTarget(request),
      ...readOptionsOf(request),
    });
    const { classIndices, target } = gradients;
    const warning = filtersWarning(request, { layer: gradients.layer, count: gradients.channels });
    return {
      ...(warning !== undefined && { warning }),
      figures: gradients.indices.map((index, image) => ({
        name: `layer_gradients_${toFileName(gradients.layer)}_${index}`,
        caption:
          `The gradient of ${targetName(images, { classIndex: classIndices[image], target })} in image ` +
          `${index} ` +
          `with respect to the feature maps of ${gradients.layer}.`,
        render: (figureOptions) =>
          featureMapGrid(gradients, {
            ...figureOptions,
            image,
            input: images,
            filters: filterChoice(filters),
          }),
      })),
    };
  },
};

/** Every attribution method, and gradients at a layer. */
export const ATTRIBUTION_EXPLAIN_METHODS: readonly ExplainMethod[] = [
  ...ATTRIBUTION_METHODS.map((method) => heatmapMethod(method)),
  layerGradientsMethod,
];
