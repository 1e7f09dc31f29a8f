import type { TrainingRun } from '@convlens/core';
import { expectSome } from './checks.js';
import { seriesColor } from './class-colors.js';
import { CURVE_MEASURES, drawCurvePanel, pointsOf } from './curve-panel.js';
import { drawFigure, type FigureOptions } from './figure.js';
import { countOf, formatAccuracy } from './format.js';
import { bestEpochOf } from './history.js';
import { drawLegend, lineSign } from './legend.js';
import { dashOf, panelRow } from './line-panel.js';

/** What is compared of a run: a TrainingRun, or as much of one as there is. */
export type ComparedRun = Pick<TrainingRun, 'name' | 'history'> &
  Partial<Pick<TrainingRun, 'bestEpoch' | 'evaluation'>>;

/** Loss and accuracy of several runs by epoch: on the validation images where there are some, else in training. */
export function runComparison(runs: readonly ComparedRun[], options: FigureOptions = {}): SVGSVGElement {
  expectSome(runs, 'run');
  const side = runs.every(({ history }) =>
    history.some(({ valLoss, valAccuracy }) => (valLoss ?? valAccuracy) !== undefined),
  )
    ? 'validation'
    : 'train';
  const bests = runs.map(({ history, bestEpoch = bestEpochOf(history) }) =>
    history.find(({ epoch }) => epoch === bestEpoch),
  );
  const said = runs.map(({ evaluation, history }, i) => {
    const last = bests[i] ?? history.at(-1);
    const own = evaluation?.accuracy ?? last?.[side === 'train' ? 'accuracy' : 'valAccuracy'];
    return own === undefined ? '' : `: ${evaluation ? 'test ' : ''}${formatAccuracy(own)}`;
  });
  const panels = panelRow(options, CURVE_MEASURES.length);
  const { width } = panels;
  const legend = runs.map(({ name }, i) => ({
    label: name,
    value: said[i],
    sign: lineSign({ stroke: seriesColor(i), 'stroke-dasharray': dashOf(i) }),
  }));
  const heading = {
    title: `${countOf(runs.length, 'run')} compared`,
    subtitle: `On the ${side === 'train' ? 'training' : side} images. In the legend: accuracy on the test images where it is known, else at the best epoch${bests.some(Boolean) ? ' (ringed)' : ''}, or the last where none is known to be the best.`,
    description: runs.map(({ name }, i) => `${name}${said[i]}.`).join(' '),
    width,
  };
  return drawFigure(options, heading, (body) =>
    panels.draw(body, CURVE_MEASURES, {
      top: drawLegend(body, legend, { width, space: 12 }),
      drawPanel(panel, measure, panelWidth) {
        const lines = runs.map(({ name, history }, i) => ({
          name,
          points: pointsOf(history, measure[side]),
          color: seriesColor(i),
          dash: dashOf(i),
          ring: bests[i] && bests[i].epoch + 1,
        }));
        return drawCurvePanel(panel, { ...measure, lines, width: panelWidth });
      },
    }),
  );
}
