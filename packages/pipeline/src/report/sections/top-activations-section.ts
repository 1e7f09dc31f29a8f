import { formatCount } from '@convlens/core';
import {
  classActivationBars,
  strongestFilterBars,
  topActivationBars,
  topActivationStrips,
} from '@convlens/render-d3';
import type { ReportData } from '../data/report-data.js';
import { defineSection, figure, figuresPer } from './report-section.js';

type TopActivationsData = Pick<
  ReportData,
  'filters' | 'topByMean' | 'topByMax' | 'classActivations' | 'strongestFilters' | 'test' | 'layers'
>;

export const topActivationsSection = defineSection<TopActivationsData>({
  id: 'top-activations',
  title: 'Top activations',
  text: ({ filters, layers, test }) =>
    `The images that filters ${filters.join(', ')} of ${layers.middle} activate on most, out of all ` +
    `${formatCount(test.count)} test images: by the mean of the feature map (the whole image) and by its ` +
    'maximum ' +
    '(one position).',
  figures: [
    figuresPer('N', {
      items: ({ filters }) => filters,
      suffix: String,
      figures: {
        max_activating_filterN: ({ topByMean, topByMax, test }, filter) => ({
          caption:
            `The five images that filter ${filter} activates on most, with the receptive field of the ` +
            'maximum outlined.',
          note:
            'The highest activation is at the left. Top row: by the mean of the feature map. Bottom row: ' +
            'by its maximum. ' +
            'Under each image: activation, index and class.',
          render: (options) =>
            topActivationStrips(
              { topActivations: [topByMean, topByMax], images: test },
              { ...options, filters: filter, count: 5, showReceptiveField: true },
            ),
        }),
      },
    }),
    figure('per_class_activation', ({ classActivations, filters: [filter] }) => ({
      caption: `The mean activation of filter ${filter} for each class; the highest in red.`,
      note: 'Bars of similar length: the filter does not distinguish the classes.',
      render: (options) => classActivationBars(classActivations, { ...options, filters: filter }),
    })),
    figure('top20_activations', ({ topByMean, test, filters: [filter] }) => ({
      caption: `The 20 images that filter ${filter} activates on most, colored by class.`,
      note: 'A single color: the filter is specific to a class. The legend counts the images per class.',
      render: (options) =>
        topActivationBars(topByMean, { ...options, filter, classNames: test.classNames, count: 20 }),
    })),
    figure('strongest_filters', ({ strongestFilters, layers }) => ({
      caption:
        `The number of test images on which each filter of ${layers.middle} has the highest mean ` +
        'activation.',
      note: 'One bar per filter. A few long bars: a few filters dominate the layer.',
      render: (options) => strongestFilterBars(strongestFilters, { ...options, count: 10 }),
    })),
  ],
  questions: [
    'What do the top images of a filter share: a class, a color, a texture, a shape?',
    'Do the mean and the maximum select the same images? Why not?',
    'Is any of these filters specific to a class?',
    'Why do some filters have the highest activation so often: are they more useful, or only larger in ' +
      'scale?',
  ],
});
