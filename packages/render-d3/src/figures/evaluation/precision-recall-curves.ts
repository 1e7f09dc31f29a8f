import { expectOptions, formatPercent, type ClassCurves } from '@convlens/core';
import {
  CLASS_CURVE_OPTIONS,
  renderClassCurves,
  type ClassCurveKind,
  type ClassCurveOptions,
} from './class-curve-figure.js';

const PRECISION_RECALL: ClassCurveKind = {
  title: 'Precision and recall',
  x: 'recall',
  y: 'precision',
  areaName: 'average precision',
  area: ({ averagePrecision }) => averagePrecision,
  pointAt: ({ truePositiveRates, precisions }, i) => [truePositiveRates[i], precisions[i]],
  // Steps, whose area is the average precision: up to a recall the precision is the one at that recall.
  points: ({ truePositiveRates, precisions }) =>
    precisions.flatMap((precision, i) => [
      [truePositiveRates[Math.max(0, i - 1)], precision],
      [truePositiveRates[i], precision],
    ]),
  chance(curves) {
    // At the lowest threshold all images are predicted as the class: its fraction of the images.
    const fraction = curves[0]?.precisions.at(-1);
    if (curves.length !== 1 || fraction === undefined) return undefined;
    return { from: [0, fraction], to: [1, fraction], text: `chance (${formatPercent(fraction, 1)})` };
  },
};

/**
 * The precision-recall curve of each class against all others, with the average precision. Of two classes the
 * curve of the second, with the threshold marked.
 */
export function precisionRecallCurves(
  curves: readonly ClassCurves[],
  options: ClassCurveOptions = {},
): SVGSVGElement {
  expectOptions('precisionRecallCurves', options, CLASS_CURVE_OPTIONS);
  return renderClassCurves(PRECISION_RECALL, curves, options);
}
