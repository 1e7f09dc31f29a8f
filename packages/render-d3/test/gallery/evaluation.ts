import {
  classMetricsTable,
  confusionMatrix,
  mistakeGrid,
  precisionRecallCurves,
  probabilityBars,
  rocCurves,
} from '../../src/index.js';
import { makeMistakes } from '../support/method-records.js';
import {
  CLASS_NAMES,
  makeClassCurves,
  makeClassMetrics,
  makeConfusion,
  makePrediction,
  withoutImages,
} from '../support/records.js';
import { casesOf } from './cases.js';
import { HUNDRED, LONG, PHONE } from './fixtures.js';

const BINARY = ['cat', 'dog'];

/** The cases of both kinds of curves. */
const curveCases = {
  default: () => [makeClassCurves({ classNames: BINARY })] as const,
  'ten-classes': () => [makeClassCurves()] as const,
  'ten-classes-phone': () => [makeClassCurves({ classNames: LONG }), PHONE] as const,
  'hundred-classes': () => [makeClassCurves({ classNames: HUNDRED, images: 2000 })] as const,
  'few-images': () => [makeClassCurves({ classNames: BINARY, images: 6 }), { threshold: 0.8 }] as const,
  'class-without-images': () =>
    [makeClassCurves().map((curves, c) => (c === 2 ? withoutImages(curves) : curves))] as const,
  'no-curve': () => [makeClassCurves({ classNames: BINARY }).map(withoutImages)] as const,
  phone: () => [makeClassCurves({ classNames: BINARY }), PHONE] as const,
  'two-labels': () => [makeClassCurves({ classNames: BINARY }), { isMultiLabel: true }] as const,
};

export const EVALUATION_CASES = [
  casesOf(rocCurves)(curveCases),
  casesOf(precisionRecallCurves)(curveCases),
  casesOf(classMetricsTable)({
    default: () => [makeClassMetrics()],
    'two-classes': () => [makeClassMetrics({ classNames: BINARY })],
    'hundred-classes': () => [makeClassMetrics({ classNames: HUNDRED })],
    phone: () => [makeClassMetrics({ classNames: LONG }), PHONE],
  }),
  casesOf(probabilityBars)({
    default: () => [makePrediction(), { classNames: CLASS_NAMES }],
    'hundred-classes': () => [makePrediction({ classes: 100, label: 77 }), { classNames: HUNDRED, count: 8 }],
    phone: () => [makePrediction(), { classNames: LONG, ...PHONE }],
  }),
  casesOf(confusionMatrix)({
    default: () => [makeConfusion()],
    'long-names': () => [makeConfusion({ classNames: LONG })],
    'hundred-classes': () => [makeConfusion({ classNames: HUNDRED })],
    phone: () => [makeConfusion(), PHONE],
  }),
  casesOf(mistakeGrid)({
    default: (images) => [{ mistakes: makeMistakes(), images }],
    'long-names': (images) => [
      { mistakes: makeMistakes(), images: { ...images, classNames: LONG } },
      { width: 400, count: 7 },
    ],
  }),
];
