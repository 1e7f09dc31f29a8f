import { formatCount } from '@convlens/core';
import { perturbationCurves, sanityCheckCurves } from '@convlens/render-d3';
import type { Faithfulness } from '../data/faithfulness.js';
import { defineSection, fixedFigure } from './report-section.js';

export const faithfulnessSection = defineSection<Faithfulness>({
  id: 'faithfulness',
  title: 'Sanity checks and faithfulness',
  text: ({ checks }) =>
    'A plausible heatmap may still be wrong. Two tests on ' +
    `${formatCount(checks[0].heatmaps.length, 'image')}: does the ` +
    'class score change with the pixels of high attribution, and does the heatmap change when the ' +
    'weights are randomized?',
  figures: [
    fixedFigure('insertion_and_deletion', {
      caption:
        'The class score while pixels are deleted or inserted in order of attribution (Petsiuk et al., ' +
        '2018).',
      note:
        'With a faithful method the score falls early in deletion and rises early in insertion. In ' +
        'brackets: area under ' +
        'the curve.',
      render: ({ curves }, options) => perturbationCurves(curves, options),
    }),
    fixedFigure('sanity_check', {
      caption:
        'The similarity of the heatmaps while the weights are randomized, from the last layer to the first ' +
        '(Adebayo et al., 2018).',
      note:
        'Each step randomizes one more layer. A method whose line stays near 1 shows the image, not what ' +
        'the model learned.',
      render: ({ checks }, options) => sanityCheckCurves(checks, options),
    }),
  ],
  questions: [
    'Which method would you trust here, and why?',
    'Does the clearest heatmap do best in these tests?',
  ],
});
