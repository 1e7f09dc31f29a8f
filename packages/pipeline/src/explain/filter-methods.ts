import {
  classActivations,
  classSelectivity,
  exactInputs,
  observe,
  observeTopActivations,
  similarFilters,
  strongestFilters,
  topActivations,
} from '@convlens/activations';
import {
  classActivationBars,
  exactInputGrid,
  selectivityBars,
  similarFilterBars,
  strongestFilterBars,
  topActivationBars,
  topActivationStrips,
} from '@convlens/render-d3';
import { fileName } from '../report/section.js';
import { filtersOf, layerOf, listOf, readingOf, refuse, type Method } from './request.js';

/** What the filters of a layer answer to in a whole data set. */
export const filterMethods = {
  'top-images': async (request) => {
    const { subject, images } = request;
    refuse(request, 'target', 'classes', 'nth', 'index');
    const { layer, filters, ...reading } = filtersOf(request);
    const observers = (['mean', 'max'] as const).map((reduction) =>
      observeTopActivations({ layer, filters, reduction }),
    );
    const tops = await observe(subject.model, images, { ...reading, observers });
    return {
      figures: filters.map((filter) => ({
        name: `top_images_${fileName(tops[0].layer)}_${filter}`,
        caption: `The images that filter ${filter} of ${tops[0].layer} answers to most.`,
        draw: (look) => topActivationStrips({ tops, images }, { ...look, filter, showField: true }),
      })),
    };
  },
  'top-bars': async (request) => {
    const { subject, images } = request;
    const { classNames } = images;
    refuse(request, 'target', 'classes', 'nth', 'index');
    const options = filtersOf(request);
    const top = await topActivations(subject.model, images, { ...options, count: 20 });
    return {
      figures: options.filters.map((filter) => ({
        name: `top_bars_${fileName(top.layer)}_${filter}`,
        caption: `The 20 images that filter ${filter} of ${top.layer} answers to most, by class.`,
        draw: (look) => topActivationBars(top, { ...look, filter, classNames }),
      })),
    };
  },
  'class-means': async (request) => {
    refuse(request, 'target', 'classes', 'nth', 'index');
    const options = filtersOf(request);
    const record = await classActivations(request.subject.model, request.images, options);
    return {
      figures: options.filters.map((filter) => ({
        name: `class_means_${fileName(record.layer)}_${filter}`,
        caption: `How strongly filter ${filter} of ${record.layer} answers to each class on average.`,
        draw: (look) => classActivationBars(record, { ...look, filter }),
      })),
    };
  },
  selectivity: async (request) => {
    refuse(request, 'target', 'classes', 'nth', 'index');
    const { model } = request.subject;
    const filters = listOf(request.options.filters) ?? ('all' as const);
    const options = { layer: layerOf(request), filters, ...readingOf(request) };
    const record = classSelectivity(await classActivations(model, request.images, options));
    return {
      figures: [
        {
          name: `selectivity_${fileName(record.layer)}`,
          caption: `How much the filters of ${record.layer} prefer one class.`,
          draw: (look) => selectivityBars(record, look),
        },
      ],
    };
  },
  'strongest-filters': async (request) => {
    refuse(request, 'target', 'filters', 'classes', 'nth', 'index');
    const options = { layer: layerOf(request), ...readingOf(request) };
    const record = await strongestFilters(request.subject.model, request.images, options);
    return {
      figures: [
        {
          name: `strongest_filters_${fileName(record.layer)}`,
          caption: `To how many images each filter of ${record.layer} answers most.`,
          draw: (look) => strongestFilterBars(record, look),
        },
      ],
    };
  },
  'exact-inputs': async (request) => {
    refuse(request, 'target', 'classes', 'nth', 'index');
    const { layer, filters } = request.options;
    const inputs = await exactInputs(request.subject.model, {
      ...(layer && { layer }),
      filters: listOf(filters),
    });
    return {
      figures: [
        {
          name: `exact_inputs_${fileName(inputs[0].layer)}`,
          caption: `What filters of ${inputs[0].layer} answer to most of all that they could be given.`,
          draw: (look) => exactInputGrid(inputs, look),
        },
      ],
    };
  },
  'similar-filters': async (request) => {
    refuse(request, 'target', 'filters', 'classes', 'nth', 'index');
    const options = { layer: layerOf(request), ...readingOf(request) };
    const record = await similarFilters(request.subject.model, request.images, options);
    return {
      figures: [
        {
          name: `similar_filters_${fileName(record.layer)}`,
          caption: `The filters of ${record.layer} that are most alike.`,
          draw: (look) => similarFilterBars(record, look),
        },
      ],
    };
  },
} satisfies Record<string, Method>;
