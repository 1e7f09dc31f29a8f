import { describeWrongUse } from '../../../test/support/exports/describe-wrong-use.js';
import { trainingCurves } from '../src/index.js';
import {
  makeClassActivations,
  makeConfusion,
  makeHeatmap,
  makeHistory,
  makeImages,
  makeKernels,
  makeMaps,
  makePrediction,
  makeTop,
} from './support/records.js';
import {
  makeCurves,
  makeGroups,
  makeMistakes,
  makeOptimalStimuli,
  makeOptimized,
  makeRuns,
  makeSanityCheck,
  makeScores,
  makeSelectivity,
  makeSeparability,
  makeSimilar,
  makeStatistics,
  makeStrongest,
  makeSummary,
} from './support/method-records.js';
import { document } from './support/dom.js';
import { makeReport } from './support/make-report.js';

const LAYERS = ['conv1', 'conv2'];
const images = makeImages();
const ELEMENT = document.createElement('div');
const EXAMPLES = '{ readonly originals: Images; readonly augmented: Images }';
const STRENGTHS = '{ readonly original: Images; readonly rows: readonly StrengthRow[] }';
const STRIPS = '{ readonly topActivations: readonly TopActivations[]; readonly images: Images }';

await describeWrongUse(import.meta.url, {
  samples: {
    Images: images,
    ClassActivations: makeClassActivations(),
    ConfusionMatrix: makeConfusion(),
    'readonly EpochRecord[]': makeHistory(),
    FilterBank: makeKernels(),
    FeatureMaps: makeMaps(),
    'FeatureMaps | LayerGradients': makeMaps(),
    'readonly FeatureMaps[]': [makeMaps()],
    Prediction: makePrediction(),
    TopActivations: makeTop(),
    'readonly PerturbationCurve[]': makeCurves(['grad-cam']),
    'readonly GroupComparison[]': makeGroups(LAYERS),
    'readonly OptimalStimulus[]': makeOptimalStimuli({ filters: 2, channels: 1 }),
    'readonly OptimizedImage[]': makeOptimized({ layers: ['conv1'], filters: 2 }),
    'readonly ComparedRun[]': makeRuns(),
    'readonly SanityCheck[]': [makeSanityCheck('grad-cam', true)],
    ScoreTable: makeScores(['a', 'b']),
    ClassSelectivity: makeSelectivity(),
    'readonly ClassSeparability[]': makeSeparability(LAYERS),
    SimilarFilters: makeSimilar(),
    'readonly LayerStatistics[]': makeStatistics(LAYERS),
    StrongestFilters: makeStrongest(),
    ModelSummary: makeSummary(),
    Report: makeReport(),
    Element: ELEMENT,
    HTMLElement: ELEMENT,
    'Figure<R, O>': trainingCurves,
    R: makeHistory(),
    [EXAMPLES]: { originals: images, augmented: images },
    [STRENGTHS]: { original: images, rows: [] },
    [STRIPS]: { topActivations: [makeTop()], images },
    '{ readonly mistakes: Mistakes; readonly images: Images }': { mistakes: makeMistakes(), images },
    '{ readonly heatmap: Heatmap; readonly images: Images }': { heatmap: makeHeatmap(), images },
    '{ readonly heatmaps: readonly Heatmap[]; readonly images: Images }': {
      heatmaps: [makeHeatmap()],
      images,
    },
    ColorMap: 'viridis',
  },
  valid: { 'measureText: an empty object in place of style': 'each field has a default' },
});
