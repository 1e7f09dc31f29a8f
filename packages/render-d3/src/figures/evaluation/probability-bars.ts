import {
  expectRecord,
  expectOptions,
  formatPercent,
  type OptionNames,
  type Prediction,
} from '@convlens/core';
import { renderBarFigure, type Bar } from '../../charts/bar-chart.js';
import { FIGURE_OPTIONS, type FigureOptions } from '../../drawing/figure.js';
import { formatWholePercent } from '../../drawing/format.js';
import { expectCount } from '../../drawing/guards.js';
import { className } from '../../drawing/images.js';

export interface ProbabilityBarsOptions extends FigureOptions {
  /** By class index; default: "class 3". */
  readonly classNames?: readonly string[];
  /**
   * The largest number of classes, >= 1; default 20. With more classes, the most probable ones are shown,
   * most probable first, and the true class.
   */
  readonly count?: number;
}

const PROBABILITY_BARS_OPTIONS: OptionNames<ProbabilityBarsOptions> = {
  ...FIGURE_OPTIONS,
  classNames: true,
  count: true,
};

/** All classes in order if they are at most `count`; else the most probable ones, and the true class. */
function classesToShow({ probabilities, label }: Prediction, count: number): number[] {
  const classes = Array.from(probabilities, (_, c) => c);
  if (classes.length <= count) return classes;
  const probable = classes.sort((a, b) => probabilities[b] - probabilities[a] || a - b).slice(0, count);
  return label === undefined || probable.includes(label) ? probable : [...probable, label];
}

function subtitleOf({ label, predicted }: Prediction): string {
  if (label === undefined) return 'Green: the predicted class.';
  return label === predicted
    ? 'Green: the predicted class, which is correct.'
    : 'Green: the predicted class. Red: the true class.';
}

function describePrediction(
  { label, predicted, probabilities }: Prediction,
  nameOf: (c: number) => string,
): string {
  const prediction = `Predicted ${nameOf(predicted)} with ${formatPercent(probabilities[predicted], 1)}`;
  if (label === undefined) return `${prediction}.`;
  return label === predicted
    ? `${prediction}, correct.`
    : `${prediction}; the label is ${nameOf(label)}, with ${formatPercent(probabilities[label], 1)}.`;
}

function probabilityBar({ label, predicted, probabilities }: Prediction, c: number, name: string): Bar {
  const roles = [c === predicted ? 'predicted' : '', c === label ? 'true' : ''].filter(Boolean).join(' and ');
  const color = roles && (c === predicted ? 'good' : 'bad');
  return {
    label: name,
    value: probabilities[c],
    color: color || 'bar',
    text: `${formatPercent(probabilities[c], 1)} ${roles}`.trim(),
    textColor: color || undefined,
    bold: roles !== '',
  };
}

/**
 * The probability of each class. The predicted class is green; the true class, if it is another one, is red.
 */
export function probabilityBars(prediction: Prediction, options: ProbabilityBarsOptions = {}): SVGSVGElement {
  expectOptions('probabilityBars', options, PROBABILITY_BARS_OPTIONS);
  expectRecord('Prediction', 'record', prediction);
  const { classNames = [] } = options;
  const count = expectCount('count', options.count ?? 20);
  const nameOf = (c: number) => className(classNames, c);
  return renderBarFigure(options, {
    title: `Class probabilities of image #${prediction.index}`,
    subtitle: subtitleOf(prediction),
    description: describePrediction(prediction, nameOf),
    width: 560,
    axisLabel: 'probability',
    domain: [0, 1],
    format: formatWholePercent,
    // The axis is in the same place for every image.
    roomFor: {
      labels: Array.from(prediction.probabilities, (_, c) => nameOf(c)),
      text: `${formatPercent(1, 1)} predicted and true`,
    },
    bars: classesToShow(prediction, count).map((c) => probabilityBar(prediction, c, nameOf(c))),
  });
}
