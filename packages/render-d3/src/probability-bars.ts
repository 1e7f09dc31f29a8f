import type { Prediction } from '@convlens/core';
import { drawBarFigure } from './bars.js';
import { expectCount } from './checks.js';
import type { FigureOptions } from './figure.js';
import { formatPercent, formatShare } from './format.js';
import { nameOfClass } from './images.js';

export interface ProbabilityBarsOptions extends FigureOptions {
  /** Names by class index; "class 3" where there is none. */
  readonly classNames?: readonly string[];
  /** Draws so many of the most probable classes, and the true one, from 1; 20. All are drawn in their order if no more. */
  readonly count?: number;
}

/** The probability of each class: the predicted one green, the true one red where it is another; both say so. */
export function probabilityBars(prediction: Prediction, options: ProbabilityBarsOptions = {}): SVGSVGElement {
  const { classNames = [] } = options;
  const count = expectCount('count', options.count ?? 20);
  const { probabilities, predicted, label, index } = prediction;
  const nameOf = (c: number) => nameOfClass(classNames, c);
  const classes = Array.from(probabilities, (_, c) => c);
  const ranked = [...classes].sort((a, b) => probabilities[b] - probabilities[a] || a - b);
  const shown = classes.length <= count ? classes : ranked.slice(0, count);
  if (label !== undefined && !shown.includes(label)) shown.push(label);
  const isRight = label === predicted;
  return drawBarFigure(options, {
    title: `Class probabilities of image #${index}`,
    subtitle: `Green: the predicted class${isRight ? ', which is the true one' : label === undefined ? '' : '. Red: the true class'}.`,
    description:
      `Predicted ${nameOf(predicted)} with ${formatShare(probabilities[predicted])}` +
      (label === undefined
        ? '.'
        : isRight
          ? ', which is right.'
          : `; it is ${nameOf(label)}, given ${formatShare(probabilities[label])}.`),
    width: 560,
    axis: 'probability',
    domain: [0, 1],
    format: formatPercent,
    bars: shown.map((c) => {
      const roles = [c === predicted ? 'predicted' : '', c === label ? 'true' : ''].filter(Boolean);
      const color = c === predicted ? 'good' : 'bad';
      return {
        label: nameOf(c),
        value: probabilities[c],
        color: roles.length ? color : 'bar',
        text: [formatShare(probabilities[c]), roles.join(' and ')].filter(Boolean).join(' '),
        textColor: roles.length ? color : undefined,
        bold: roles.length > 0,
      };
    }),
  });
}
