import {
  classActivations,
  classSelectivity,
  observe,
  observeTopActivations,
  optimalStimuli,
  similarFilters,
  strongestFilters,
  topActivations,
} from '@convlens/activations';
import { expectInteger, type OptimalStimulus } from '@convlens/core';
import {
  classActivationBars,
  classSelectivityBars,
  MAX_GRID_FILTERS,
  optimalStimulusGrid,
  similarFilterBars,
  strongestFilterBars,
  topActivationBars,
  topActivationStrips,
} from '@convlens/render-d3';
import { toFileName } from '../figures/figure-spec.js';
import type { ExplainMethod, ExplainMethodOptions } from './explain-method.js';
import { filtersWarning, readOptionsOf, requestedFilters, requestedLayer } from './explain-request.js';

const topActivationsMethod: ExplainMethod = {
  id: 'top-activations',
  title: 'images that a filter activates on most, by mean and by maximum',
  options: ['layer', 'filters'],
  async run(request) {
    const { opened, images } = request;
    const { layer, filters, ...readOptions } = await requestedFilters(request);
    const observers = (['mean', 'max'] as const).map((reduction) =>
      observeTopActivations({ layer, filters, reduction }),
    );
    const records = await observe(opened.model, images, { ...readOptions, observers });
    const layerName = records[0].layer;
    const data = { topActivations: records, images };
    return {
      figures: filters.map((filter) => ({
        name: `top_activations_${toFileName(layerName)}_${filter}`,
        caption: `The images that filter ${filter} of ${layerName} activates on most.`,
        render: (figureOptions) =>
          topActivationStrips(data, { ...figureOptions, filters: filter, showReceptiveField: true }),
      })),
    };
  },
};

const topActivationBarsMethod: ExplainMethod = {
  id: 'top-activation-bars',
  title: 'classes of the 20 images that a filter activates on most',
  options: ['layer', 'filters'],
  async run(request) {
    const { opened, images } = request;
    const { classNames } = images;
    const options = await requestedFilters(request);
    const record = await topActivations(opened.model, images, { ...options, count: 20 });
    return {
      figures: options.filters.map((filter) => ({
        name: `top_activation_bars_${toFileName(record.layer)}_${filter}`,
        caption: `The classes of the 20 images that filter ${filter} of ${record.layer} activates on most.`,
        render: (figureOptions) => topActivationBars(record, { ...figureOptions, filter, classNames }),
      })),
    };
  },
};

const classActivationsMethod: ExplainMethod = {
  id: 'class-activations',
  title: 'mean activation of a filter for each class',
  options: ['layer', 'filters'],
  async run(request) {
    const options = await requestedFilters(request);
    const record = await classActivations(request.opened.model, request.images, options);
    return {
      figures: options.filters.map((filter) => ({
        name: `class_activations_${toFileName(record.layer)}_${filter}`,
        caption: `The mean activation of filter ${filter} of ${record.layer} for each class.`,
        render: (figureOptions) => classActivationBars(record, { ...figureOptions, filters: filter }),
      })),
    };
  },
};

const selectivityMethod: ExplainMethod = {
  id: 'selectivity',
  title: 'class selectivity of the filters of a layer',
  options: ['layer', 'filters'],
  async run(request) {
    const { filters: chosen = 'all' } = request.options;
    const options = await requestedFilters({ ...request, options: { ...request.options, filters: chosen } });
    const record = classSelectivity(await classActivations(request.opened.model, request.images, options));
    return {
      figures: [
        {
          name: `selectivity_${toFileName(record.layer)}`,
          caption: `The class selectivity of the filters of ${record.layer}.`,
          render: (figureOptions) => classSelectivityBars(record, figureOptions),
        },
      ],
    };
  },
};

const strongestFiltersMethod: ExplainMethod = {
  id: 'strongest-filters',
  title: 'number of images on which each filter has the highest activation',
  options: ['layer'],
  async run(request) {
    const options = { layer: requestedLayer(request), ...readOptionsOf(request) };
    const record = await strongestFilters(request.opened.model, request.images, options);
    return {
      figures: [
        {
          name: `strongest_filters_${toFileName(record.layer)}`,
          caption: `The number of images on which each filter of ${record.layer} has the highest activation.`,
          render: (figureOptions) => strongestFilterBars(record, figureOptions),
        },
      ],
    };
  },
};

/** The stimuli that are shown: without a choice the first 64; the strongest are those with the highest pre-activation. */
function chosenStimuli(
  stimuli: readonly OptimalStimulus[],
  filters: ExplainMethodOptions['filters'],
): readonly OptimalStimulus[] {
  if (filters === undefined) return stimuli.slice(0, MAX_GRID_FILTERS);
  if (typeof filters !== 'object' || !('top' in filters)) return stimuli;
  expectInteger('filters.top', filters.top, { min: 1 });
  return [...stimuli].sort((a, b) => b.maximum - a.maximum || a.filter - b.filter).slice(0, filters.top);
}

const optimalStimuliMethod: ExplainMethod = {
  id: 'optimal-stimuli',
  title: 'inputs that maximize the pre-activations of a convolution',
  options: ['layer', 'filters'],
  async run({ opened, options }) {
    const { layer, filters } = options;
    const all = await optimalStimuli(opened.model, {
      ...(layer && { layer }),
      ...(Array.isArray(filters) && { filters: [...new Set(filters as readonly number[])] }),
    });
    const stimuli = chosenStimuli(all, filters);
    const layerName = all[0].layer;
    const warning = filtersWarning({ options }, { layer: layerName, count: all.length });
    return {
      ...(warning !== undefined && { warning }),
      figures: [
        {
          name: `optimal_stimuli_${toFileName(layerName)}`,
          caption: `The inputs that maximize the pre-activations of filters of ${layerName}.`,
          render: (figureOptions) => optimalStimulusGrid(stimuli, figureOptions),
        },
      ],
    };
  },
};

const similarFiltersMethod: ExplainMethod = {
  id: 'similar-filters',
  title: 'most similar pairs of filters of a layer',
  options: ['layer'],
  async run(request) {
    const options = { layer: requestedLayer(request), ...readOptionsOf(request) };
    const record = await similarFilters(request.opened.model, request.images, options);
    return {
      figures: [
        {
          name: `similar_filters_${toFileName(record.layer)}`,
          caption: `The most similar filters of ${record.layer}.`,
          render: (figureOptions) => similarFilterBars(record, figureOptions),
        },
      ],
    };
  },
};

/** Methods that show what the filters of a layer activate on, over a data set. */
export const FILTER_METHODS: readonly ExplainMethod[] = [
  topActivationsMethod,
  topActivationBarsMethod,
  classActivationsMethod,
  selectivityMethod,
  strongestFiltersMethod,
  optimalStimuliMethod,
  similarFiltersMethod,
];
