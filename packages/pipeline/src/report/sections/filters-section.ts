import { indexRange } from '@convlens/core';
import {
  featureMapGrid,
  kernelGrid,
  MAX_GRID_FILTERS,
  optimalStimulusGrid,
  similarFilterBars,
} from '@convlens/render-d3';
import type { ReportData } from '../data/report-data.js';
import { defineSection, figure, figuresPerExample } from './report-section.js';

const FIRST_FILTERS = 8;

type FiltersData = Pick<ReportData, 'kernels' | 'featureMaps' | 'examples' | 'layers' | 'test'> &
  Partial<Pick<ReportData, 'optimalStimuli' | 'similarFilters'>>;

export const filtersSection = defineSection<FiltersData>({
  id: 'filters',
  title: 'First-layer filters',
  text: ({ layers: { kernels }, featureMaps }) =>
    `The kernels of ${kernels} and the feature maps of ${featureMaps.layer}. Bright positions are where ` +
    'a filter activates. The number under a map is its maximum, since each map has its own color scale.',
  figures: [
    figure('conv1_filter_kernels', ({ kernels }) => ({
      caption: 'The kernels of the first convolution. Many detect edges or colors.',
      note:
        kernels.inChannels === 3
          ? 'Each kernel as a color image: its filter activates most where the input resembles it.'
          : 'White: a large weight; black: a small one. A filter activates most where the input ' +
            'resembles its kernel.',
      render: (options) => kernelGrid(kernels, options),
    })),
    figure('optimal_stimuli', ({ optimalStimuli = [] }) =>
      optimalStimuli.length === 0
        ? undefined
        : {
            caption: `The optimal stimulus of each filter of ${optimalStimuli[0].layer}: it maximizes the pre-activation.`,
            note:
              'White, or a saturated color, where a weight is positive; black elsewhere. No input in ' +
              '0..1 gives a higher ' +
              'pre-activation than the number.',
            render: (options) => optimalStimulusGrid(optimalStimuli, options),
          },
    ),
    figure('similar_filters', ({ similarFilters, kernels }) =>
      similarFilters?.pairs.length
        ? {
            caption: `The most similar filters of ${kernels.layer}.`,
            note:
              'The two kernels, their correlation (1: proportional), and the overlap of the top images ' +
              'of both filters.',
            render: (options) => similarFilterBars(similarFilters, { ...options, bank: kernels, count: 10 }),
          }
        : undefined,
    ),
    figuresPerExample({
      feature_maps_CLASS: ({ featureMaps, test }, { className, position }) => {
        const filters = [...indexRange(Math.min(FIRST_FILTERS, featureMaps.channels))];
        return {
          caption:
            `The image of ${className} and the first ${filters.length} feature maps of ` +
            `${featureMaps.layer}, each scaled ` +
            'from its minimum to its maximum.',
          note:
            'Yellow: the highest activation of a filter. Dark violet: the lowest. The number is the ' +
            'maximum.',
          facets: { image: className, maps: 'the first' },
          render: (options) =>
            featureMapGrid(featureMaps, { ...options, image: position, input: test, filters }),
        };
      },
      all_feature_maps_CLASS: ({ featureMaps, test }, { className, position }) => ({
        caption:
          (featureMaps.channels > MAX_GRID_FILTERS
            ? `The first ${MAX_GRID_FILTERS} of ${featureMaps.channels}`
            : `All ${featureMaps.channels}`) + ` feature maps of ${featureMaps.layer} for the same image.`,
        note: 'A uniformly dark map with the number 0: the filter is inactive on this image.',
        facets: { image: className, maps: 'all' },
        render: (options) => featureMapGrid(featureMaps, { ...options, image: position, input: test }),
      }),
    }),
  ],
  questions: [
    'Which filters detect edges, and in which direction? Which detect a color?',
    'Are there filters with the same function?',
    'Are there feature maps that are dark for every image? What would be lost without their filters?',
  ],
});
