import * as figures from '../../src/index.js';
import * as method from '../support/method-records.js';
import * as make from '../support/records.js';
import { casesOf } from './cases.js';
import { LONG, PHONE } from './fixtures.js';

const LAYERS = ['relu1_1', 'relu1_2', 'relu2_1', 'relu2_2', 'relu3_1', 'relu3_2', 'dense1'];
const TOPS = [make.makeTop({ reduction: 'mean' }), make.makeTop({ reduction: 'max' })];

function makeSmallMaps() {
  const maps = make.makeMaps({ size: 16, channels: 32, layer: 'conv3' });
  return { ...maps, values: maps.values.map((value) => -1.234e-4 * (1 + value)) };
}

function makeGradients() {
  const maps = make.makeMaps({ size: 8, channels: 16, layer: 'pool2' });
  const values = maps.values.map((value, i) => (i % 3 ? value : -value) / 100);
  return { ...maps, values, classIndices: maps.indices.map(() => 3) };
}

const makeLayers = () => [
  ...[32, 32, 16, 8, 4].map((size, i) =>
    make.makeMaps({ count: 2, size, channels: 16 << i, layer: i ? `conv${i + 1}` : LONG[0] }),
  ),
  make.makeUnits({ count: 2, channels: 10 }),
];

export const ACTIVATION_CASES = [
  casesOf(figures.featureMapGrid)({
    default: (images) => [make.makeMaps(), { input: images, filters: [0, 1, 2, 3, 4, 5, 6, 7] }],
    'shared-scale': (images) => [make.makeMaps(), { input: images, colorMap: 'magma', scale: 'shared' }],
    'standardized-in-16-columns': () => [
      make.makeMaps({ size: 8, channels: 64, layer: 'conv2' }),
      { columns: 16, colorMap: 'gray', scale: 'standardized' },
    ],
    'small-values': () => [makeSmallMaps(), { columns: 16 }],
    gradients: (images) => [makeGradients(), { input: images }],
    'one-map': () => [make.makeMaps({ layer: LONG[0] }), { filters: [5] }],
    phone: (images) => [make.makeMaps(), { input: images, ...PHONE, filters: [0, 1, 2, 3, 4, 5] }],
  }),
  casesOf(figures.featureMapComparison)({
    default: (images) => [make.makeMaps(), { input: images }],
  }),
  casesOf(figures.layerProgression)({
    default: (images) => [makeLayers(), { input: images }],
  }),
  casesOf(figures.unitActivationBars)({
    default: () => [make.makeUnits()],
  }),
  casesOf(figures.statisticsTable)({
    default: () => [method.makeStatistics(LAYERS)],
    'long-names': () => [method.makeStatistics([LONG[0], ...LAYERS]), { width: 500 }],
  }),
  casesOf(figures.topActivationStrips)({
    default: (images) => [
      { topActivations: TOPS, images },
      { filters: 10, showReceptiveField: true },
    ],
    'long-names': (images) => [
      { topActivations: TOPS, images: { ...images, classNames: LONG } },
      { count: 8 },
    ],
  }),
  casesOf(figures.topActivationBars)({
    default: () => [make.makeTop(), { classNames: make.CLASS_NAMES }],
    'long-names': () => [make.makeTop(), { classNames: LONG, filter: 25 }],
  }),
  casesOf(figures.classActivationBars)({
    default: () => [make.makeClassActivations()],
    'long-names': () => [make.makeClassActivations({ classNames: LONG }), { filters: 10 }],
    'long-names-in-panels': () => [make.makeClassActivations({ classNames: LONG })],
  }),
  casesOf(figures.classSelectivityBars)({
    default: () => [method.makeSelectivity()],
    'long-names': () => [method.makeSelectivity(LONG), PHONE],
  }),
  casesOf(figures.strongestFilterBars)({
    default: () => [method.makeStrongest()],
  }),
  casesOf(figures.similarFilterBars)({
    default: () => [method.makeSimilar(), { bank: make.makeKernels() }],
    'by-overlap': () => [{ ...method.makeSimilar(), sortedBy: 'overlap' }],
  }),
  casesOf(figures.layerSeparability)({
    default: () => [
      method.makeSeparability(LAYERS),
      { nearestClassMean: method.makeNearestClassMeans(LAYERS) },
    ],
  }),
  casesOf(figures.groupComparison)({
    default: () => [method.makeGroups(LAYERS)],
    'long-names': () => [method.makeGroups([LONG[0], ...LAYERS], [LONG[0], LONG[1]]), PHONE],
  }),
];
