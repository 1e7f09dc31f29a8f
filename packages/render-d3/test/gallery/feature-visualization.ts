import { optimalStimulusGrid, optimizedImageGrid, scoreTable } from '../../src/index.js';
import * as method from '../support/method-records.js';
import { CLASS_NAMES } from '../support/records.js';
import { casesOf } from './cases.js';
import { LONG, PHONE } from './fixtures.js';

export const FEATURE_VISUALIZATION_CASES = [
  casesOf(optimizedImageGrid)({
    default: () => [method.makeOptimized({ layers: ['relu2_2'], filters: 16 })],
    'all-filters': () => [
      method.makeOptimized({ layers: ['conv1', 'conv2', LONG[0]], filters: 24, side: 8 }),
    ],
    'all-filters-on-a-phone': () => [
      method.makeOptimized({ layers: ['conv1', 'conv2'], filters: 9, side: 16 }),
      { ...PHONE, toneMapping: 'clipped' },
    ],
    classes: () => [method.makeOptimizedClasses(CLASS_NAMES)],
  }),
  casesOf(scoreTable)({
    default: () => [method.makeScores(CLASS_NAMES), { images: method.makeOptimizedClasses(CLASS_NAMES) }],
    'long-names': () => [method.makeScores(LONG)],
  }),
  casesOf(optimalStimulusGrid)({
    default: () => [method.makeOptimalStimuli({ filters: 16, channels: 1 })],
    'deeper-layer': () => [method.makeOptimalStimuli({ filters: 3, channels: 32 })],
  }),
];
