import * as figures from '../../src/index.js';
import { makeCurves, makeSanityCheck } from '../support/method-records.js';
import { makeHeatmap } from '../support/records.js';
import { casesOf } from './cases.js';
import { LONG } from './fixtures.js';

const HEATMAPS = [3, 5].flatMap((index) =>
  [{}, { size: 8 }, { signed: true }].map((options) => ({ ...makeHeatmap(options), index })),
);

export const ATTRIBUTION_CASES = [
  casesOf(figures.heatmapOverlay)({
    default: (images) => [{ heatmap: makeHeatmap(), images }],
    signed: (images) => [{ heatmap: makeHeatmap({ signed: true, size: 8 }), images }],
    channel: (images) => [
      { heatmap: { ...makeHeatmap(), classIndex: -1, target: `${LONG[0]}, channel 3` }, images },
      { colorMap: 'hot' },
    ],
  }),
  casesOf(figures.heatmapComparison)({
    default: (images) => [{ heatmaps: HEATMAPS, images }],
    'side-by-side': (images) => [
      { heatmaps: [1, 3, 5].map((index) => ({ ...makeHeatmap({ signed: index === 3 }), index })), images },
      { layout: 'side-by-side', title: 'Saliency' },
    ],
  }),
  casesOf(figures.perturbationCurves)({
    default: () => [makeCurves(['Grad-CAM', 'Integrated gradients', 'Occlusion'])],
    'deletion-with-long-names': () => [
      makeCurves([...LONG.slice(0, 3), 'saliency', 'random']).filter(({ kind }) => kind === 'deletion'),
      { width: 420 },
    ],
  }),
  casesOf(figures.sanityCheckCurves)({
    default: () => [['Grad-CAM', 'Guided backpropagation'].map((name, i) => makeSanityCheck(name, i === 0))],
  }),
];
