import { InputError, type TrainingRun } from '@convlens/core';
import { CURVE_MEASURES, measureDomain } from './curve-panel.js';
import { openFigure, type FigureOptions } from './figure.js';
import { formatAccuracy } from './format.js';
import { bestEpochOf } from './history.js';
import { drawLegend, lineSign } from './legend.js';
import {
  arrangePanels,
  dashOf,
  drawLine,
  drawLinePanel,
  drawPlaces,
  PANEL_HEIGHT,
  spanOf,
} from './line-panel.js';
import { fitText } from './measure.js';
import { seriesColor } from './row-chart.js';
import { draw } from './svg.js';

/** What is compared of a run: a TrainingRun, or as much of one as there is. */
export type ComparedRun = Pick<TrainingRun, 'name' | 'history'> &
  Partial<Pick<TrainingRun, 'bestEpoch' | 'evaluation'>>;

/** Loss and accuracy of several runs by epoch: on the validation images where there are some, else in training. */
export function runComparison(runs: readonly ComparedRun[], options: FigureOptions = {}): SVGSVGElement {
  if (!runs.length) throw new InputError('Expected at least one run, got none');
  const validated = runs.every(({ history }) =>
    history.some(({ valLoss, valAccuracy }) => (valLoss ?? valAccuracy) !== undefined),
  );
  const bests = runs.map(
    ({ history, bestEpoch = bestEpochOf(history) }) =>
      history.find(({ epoch }) => epoch === bestEpoch) ?? history.at(-1),
  );
  const said = runs.map(({ name, evaluation }, i) => {
    const own = evaluation?.accuracy ?? bests[i]?.[validated ? 'valAccuracy' : 'accuracy'];
    return own === undefined ? name : `${name}: ${evaluation ? 'test ' : ''}${formatAccuracy(own)}`;
  });
  const { panelWidth, stacked, width } = arrangePanels(options, 2);
  const { body, palette, close } = openFigure(options, {
    title: `${runs.length} run${runs.length === 1 ? '' : 's'} compared`,
    subtitle: `On the ${validated ? 'validation' : 'training'} images. In the legend: accuracy on the test images where it is known, else at the best epoch. Ringed: the best epoch.`,
    description: `${said.join('. ')}.`,
    width,
  });
  const items = said.map((label, i) => ({
    label: fitText(label, width - 60),
    sign: lineSign({ stroke: seriesColor(palette, i), 'stroke-dasharray': dashOf(i) }),
  }));
  const top = drawLegend(body, items, { width, color: palette.ink }) + 12;
  const epochs = [...new Set(runs.flatMap(({ history }) => history.map(({ epoch }) => epoch + 1)))].sort(
    (a, b) => a - b,
  );
  CURVE_MEASURES.forEach((measure, p) => {
    const { name, unit, train, validation, format } = measure;
    const key = validated ? validation : train;
    const place = stacked ? [0, top + p * (PANEL_HEIGHT + 14)] : [p * (width - panelWidth), top];
    const panel = draw(body, 'g', { transform: `translate(${place.join()})` });
    const scales = drawLinePanel(panel, {
      palette,
      name,
      unit,
      width: panelWidth,
      x: { domain: spanOf(epochs), label: 'epoch' },
      y: {
        domain: measureDomain(
          measure,
          runs.flatMap(({ history }) => history.map((record) => record[key])),
        ),
        format: train === 'accuracy' ? '%' : undefined,
      },
    });
    const { x, y } = scales;
    runs.forEach((run, i) => {
      const color = seriesColor(palette, i);
      const points = run.history
        .filter((record) => record[key] !== undefined)
        .map((record) => [record.epoch + 1, record[key]!] as const);
      const hintOf = (epoch: number, value: number) => `${run.name}, epoch ${epoch}: ${format(value)}`;
      drawLine(panel, points, { ...scales, color, dash: dashOf(i), hintOf });
      const best = bests[i];
      const kept = best?.[key];
      if (!best || kept === undefined || !Number.isFinite(kept)) return;
      draw(panel, 'circle', {
        cx: x(best.epoch + 1),
        cy: y(kept),
        r: 4.5,
        fill: color,
        stroke: palette.ink,
        'stroke-width': 2,
      });
    });
    drawPlaces(panel, epochs, {
      x,
      hintOf: (epoch) => {
        const known = runs.flatMap((run) => {
          const value = run.history.find((record) => record.epoch + 1 === epoch)?.[key];
          return value === undefined ? [] : [`${run.name} ${format(value)}`];
        });
        return `epoch ${epoch}: ${known.join(', ')}`;
      },
    });
  });
  return close(top + (stacked ? 2 * PANEL_HEIGHT + 14 : PANEL_HEIGHT));
}
