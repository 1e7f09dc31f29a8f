import { perturbationCurves, sanityCheckCurves } from '@convlens/render-d3';
import type { SectionPlan } from './section.js';
import type { Trust } from './trust.js';

export function trustSection({ curves, checks }: Trust): SectionPlan {
  const count = checks[0].heatmaps.length;
  return {
    id: 'trust',
    title: 'How far these maps can be trusted',
    text:
      `A heatmap always looks like something. Two tests on ${count} test images: do the pixels that it calls important ` +
      'matter to the network, and does it change when what was learned is destroyed?',
    figures: [
      {
        name: 'insertion_and_deletion',
        caption:
          'The score while pixels are taken out, or put in, in the order of the heatmap (Petsiuk et al., 2018).',
        reading:
          'A good method makes the score fall early in deletion and rise early in insertion. In brackets the area under each line.',
        draw: (options) => perturbationCurves(curves, options),
      },
      {
        name: 'sanity_check',
        caption:
          'How alike the maps stay while the weights become random, from the last layer to the first (Adebayo et al., 2018).',
        reading:
          'From top to bottom more and more layers are random. A line that stays near 1 shows the image, not what the network learned.',
        draw: (options) => sanityCheckCurves(checks, options),
      },
    ],
    questions: [
      'Which method would you believe here, and why?',
      'Does the prettiest map do best in these tests?',
    ],
  };
}
