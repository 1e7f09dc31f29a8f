import { expectInteger, type Prediction } from '@convlens/core';
import { drawBars, type Bar } from './bars.js';
import { openFigure, roomIn, type FigureOptions } from './figure.js';
import { formatPercent, formatShare } from './format.js';
import { nameOfClass } from './images.js';

export interface ProbabilityBarsOptions extends FigureOptions {
  /** Names by class index; "class 3" where there is none. */
  readonly classNames?: readonly string[];
  /** Draws so many of the most probable classes, and the true one, from 1; 20. All are drawn in their order if no more. */
  readonly count?: number;
}

/** The probability of each class: green for what is right, red for a prediction that is wrong; marked ✓ and ✗ as well. */
export function probabilityBars(prediction: Prediction, options: ProbabilityBarsOptions = {}): SVGSVGElement {
  const { classNames = [], count = 20 } = options;
  expectInteger('count', count, { min: 1 });
  const { probabilities, predicted, label, index } = prediction;
  const nameOf = (c: number) => nameOfClass(classNames, c);
  const classes = Array.from(probabilities, (_, c) => c);
  const ranked = [...classes].sort((a, b) => probabilities[b] - probabilities[a] || a - b);
  const shown = classes.length <= count ? classes : ranked.slice(0, count);
  if (label !== undefined && !shown.includes(label)) shown.push(label);
  const isRight = label === predicted;
  const width = Math.min(560, roomIn(options));
  const { body, palette, close } = openFigure(options, {
    title: `Class probabilities of image #${index}`,
    subtitle:
      label === undefined
        ? 'In bold: the predicted class.'
        : isRight
          ? '✓ the predicted class, which is the true one.'
          : '✗ the predicted class, ✓ the true one.',
    description:
      `Predicted ${nameOf(predicted)} with ${formatShare(probabilities[predicted])}` +
      (label === undefined
        ? '.'
        : isRight
          ? ', which is right.'
          : `; it is ${nameOf(label)}, given ${formatShare(probabilities[label])}.`),
    width,
  });
  const bars = shown.map((c): Bar => {
    const isTrue = c === label;
    const role =
      c === predicted
        ? `${label === undefined ? '' : isTrue ? '✓ ' : '✗ '}predicted`
        : isTrue
          ? '✓ true'
          : '';
    const known = isTrue ? palette.good : label === undefined ? palette.train : palette.bad;
    const color = role ? known : palette.bar;
    return {
      label: nameOf(c),
      value: probabilities[c],
      color,
      text: [formatShare(probabilities[c]), role].filter(Boolean).join(' '),
      textColor: role ? color : palette.muted,
      bold: role !== '',
    };
  });
  const layout = { palette, width, axis: 'probability', domain: [0, 1] as const, format: formatPercent };
  return close(drawBars(body, bars, layout));
}
