import { channelMaximum, featureMaps, kernels, keyLayers, layerOutputs } from '@convlens/activations';
import type { FeatureMaps } from '@convlens/core';
import {
  featureMapGrid,
  heatmapOverlay,
  kernelGrid,
  layerProgression,
  unitActivationBars,
} from '@convlens/render-d3';
import { toFileName, type FigureSpec } from '../figures/figure-spec.js';
import { representativeLayers } from '../figures/representative-layers.js';
import { IMAGE_SELECTION, type ExplainMethod, type ExplainRequest } from './explain-method.js';
import {
  defaultLayers,
  filterChoice,
  filtersWarning,
  readOptionsOf,
  rejectOptions,
  selectedImages,
} from './explain-request.js';

/** One figure per image with the outputs of the units of a dense layer. */
const unitFigures = (maps: FeatureMaps): FigureSpec[] =>
  maps.indices.map((index, image) => ({
    name: `activations_${toFileName(maps.layer)}_${index}`,
    caption: `The outputs of the units of ${maps.layer} for image ${index}.`,
    render: (figureOptions) => unitActivationBars(maps, { ...figureOptions, image }),
  }));

/** One figure per image with its feature maps. */
function featureMapFigures(maps: FeatureMaps, { images, options }: ExplainRequest): FigureSpec[] {
  const { colorScale, columns } = options;
  const prefix = colorScale && colorScale !== 'per-map' ? `${colorScale}_` : '';
  const filters = filterChoice(options.filters);
  return maps.indices.map((index, image) => ({
    name: `${prefix}feature_maps_${toFileName(maps.layer)}_${index}`,
    caption: `The feature maps of ${maps.layer} for image ${index}.`,
    render: (figureOptions) =>
      featureMapGrid(maps, { ...figureOptions, image, input: images, filters, scale: colorScale, columns }),
  }));
}

const featureMapsMethod: ExplainMethod = {
  id: 'feature-maps',
  title: 'feature maps of a layer; of a dense layer the outputs of its units',
  options: ['layer', 'filters', 'colorScale', 'columns', ...IMAGE_SELECTION],
  async run(request) {
    const { opened, options } = request;
    const { layer = defaultLayers(opened.model)[0] } = options;
    const maps = await featureMaps(opened.model, selectedImages(request), {
      layer,
      ...readOptionsOf(request),
    });
    if (maps.height * maps.width > 1) {
      const warning = filtersWarning(request, { layer: maps.layer, count: maps.channels });
      return { figures: featureMapFigures(maps, request), ...(warning !== undefined && { warning }) };
    }
    rejectOptions('feature-maps of a dense layer', options, ['filters', 'colorScale', 'columns']);
    return { figures: unitFigures(maps) };
  },
};

const channelMaximumMethod: ExplainMethod = {
  id: 'channel-maximum',
  title: 'maximum over the channels of a layer, at each position',
  options: ['layer', ...IMAGE_SELECTION],
  async run(request) {
    const { opened, images, options } = request;
    const { layer = 'last-conv' } = options;
    const heatmaps = await channelMaximum(opened.model, selectedImages(request), {
      layer,
      ...readOptionsOf(request),
    });
    return {
      figures: heatmaps.map((heatmap) => ({
        name: `channel_maximum_${toFileName(heatmap.layer!)}_${heatmap.index}`,
        caption: `The maximum over the channels of ${heatmap.layer} for image ${heatmap.index}, by position.`,
        render: (figureOptions) => heatmapOverlay({ heatmap, images }, { ...figureOptions, colorMap: 'hot' }),
      })),
    };
  },
};

const layerProgressionMethod: ExplainMethod = {
  id: 'layer-progression',
  title: 'outputs of the layers, from the first to the last',
  options: ['layer', ...IMAGE_SELECTION],
  async run(request) {
    const { opened, images, options } = request;
    const layers = options.layer ? [options.layer] : keyLayers(opened.model).map(({ output }) => output);
    const records = await layerOutputs(opened.model, selectedImages(request), {
      layers,
      ...readOptionsOf(request),
    });
    const { indices } = records[0];
    return {
      figures: [
        {
          name: `layer_progression${indices.length === 1 ? `_${indices[0]}` : ''}`,
          caption: `The outputs of the layers for image ${indices.join(', ')}, from first to last.`,
          render: (figureOptions) => layerProgression(records, { ...figureOptions, input: images }),
        },
      ],
    };
  },
};

const kernelsMethod: ExplainMethod = {
  id: 'kernels',
  title: 'kernels of a convolution',
  options: ['layer', 'filters'],
  async run({ opened, options }) {
    const { layer = representativeLayers(opened.model).kernels, filters } = options;
    const bank = await kernels(opened.model, { layer });
    const warning = filtersWarning({ options }, { layer: bank.layer, count: bank.filters });
    return {
      ...(warning !== undefined && { warning }),
      figures: [
        {
          name: `kernels_${toFileName(bank.layer)}`,
          caption: `The kernels of ${bank.layer}.`,
          render: (figureOptions) => kernelGrid(bank, { ...figureOptions, filters: filterChoice(filters) }),
        },
      ],
    };
  },
};

/** Methods that show what a layer computes for an image, and its kernels. */
export const FEATURE_MAP_METHODS: readonly ExplainMethod[] = [
  featureMapsMethod,
  channelMaximumMethod,
  layerProgressionMethod,
  kernelsMethod,
];
