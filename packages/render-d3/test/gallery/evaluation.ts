import { confusionMatrix, mistakeGrid, probabilityBars } from '../../src/index.js';
import { makeMistakes } from '../support/method-records.js';
import { CLASS_NAMES, makeConfusion, makePrediction } from '../support/records.js';
import { casesOf } from './cases.js';
import { HUNDRED, LONG, PHONE } from './fixtures.js';

export const EVALUATION_CASES = [
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
