import { expectOptions, type ClassCurves } from '@convlens/core';
import {
  CLASS_CURVE_OPTIONS,
  renderClassCurves,
  type ClassCurveKind,
  type ClassCurveOptions,
} from './class-curve-figure.js';

const ROC: ClassCurveKind = {
  title: 'Receiver operating characteristic',
  x: 'false positive rate',
  y: 'true positive rate',
  areaName: 'AUC',
  area: ({ auc }) => auc,
  pointAt: ({ falsePositiveRates, truePositiveRates }, i) => [falsePositiveRates[i], truePositiveRates[i]],
  points: ({ falsePositiveRates, truePositiveRates }) =>
    falsePositiveRates.map((rate, i) => [rate, truePositiveRates[i]]),
  chance: () => ({ from: [0, 0], to: [1, 1], text: 'chance (0.500)' }),
};

/**
 * The receiver operating characteristic of each class against all others, with the area under the curve (AUC).
 * Of two classes the curve of the second, with the threshold marked.
 */
export function rocCurves(curves: readonly ClassCurves[], options: ClassCurveOptions = {}): SVGSVGElement {
  expectOptions('rocCurves', options, CLASS_CURVE_OPTIONS);
  return renderClassCurves(ROC, curves, options);
}
