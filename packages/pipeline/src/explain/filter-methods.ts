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
import {
  classActivationBars,
  classSelectivityBars,
  optimalStimulusGrid,
  similarFilterBars,
  strongestFilterBars,
  topActivationBars,
  topActivationStrips,
} from '@convlens/render-d3';
import { toFileName } from '../figures/figure-spec.js';
import type { ExplainMethod } from './explain-method.js';
import { filterIndices, readOptionsOf, requestedFilters, requestedLayer } from './explain-request.js';

const topActivationsMethod: ExplainMethod = {
  id: 'top-activations',
  title: 'images that a filter activates on most, by mean and by maximum',
  options: ['layer', 'filters'],
  async run(request) {
    const { opened, images } = request;
    const { layer, filters, ...readOptions } = requestedFilters(request);
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
    const options = requestedFilters(request);
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
    const options = requestedFilters(request);
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
    const filters = filterIndices(request.options.filters) ?? ('all' as const);
    const options = { layer: requestedLayer(request), filters, ...readOptionsOf(request) };
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

const optimalStimuliMethod: ExplainMethod = {
  id: 'optimal-stimuli',
  title: 'inputs that maximize the pre-activations of a convolution',
  options: ['layer', 'filters'],
  async run({ opened, options: { layer, filters } }) {
    const stimuli = await optimalStimuli(opened.model, {
      ...(layer && { layer }),
      filters: filterIndices(filters),
    });
    const layerName = stimuli[0].layer;
    return {
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
