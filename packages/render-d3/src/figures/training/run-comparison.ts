import {
  bestEpochOf,
  expectOptions,
  formatCount,
  formatPercent,
  type EpochRecord,
  type OptionNames,
  type TrainingRun,
} from '@convlens/core';
import { lineSymbol, renderLegend } from '../../charts/legend.js';
import { panelRow } from '../../charts/panel-row.js';
import { FIGURE_OPTIONS, renderFigure, type FigureOptions } from '../../drawing/figure.js';
import { expectNonEmpty } from '../../drawing/guards.js';
import { seriesColor, seriesDash } from '../../drawing/series-style.js';
import { CURVE_METRICS, divergedEpochs, metricPoints, renderCurvePanel } from './curve-panel.js';
import {
  axisOf,
  CURVE_AXIS_OPTIONS,
  describeLossAxis,
  expectCurveAxes,
  type CurveAxisOptions,
} from './loss-axis.js';

export interface RunComparisonOptions extends FigureOptions, CurveAxisOptions {}

const RUN_COMPARISON_OPTIONS: OptionNames<RunComparisonOptions> = {
  ...FIGURE_OPTIONS,
  ...CURVE_AXIS_OPTIONS,
};

/** A TrainingRun, or as many of its fields as are known. */
export type ComparedRun = Pick<TrainingRun, 'name' | 'history'> &
  Partial<Pick<TrainingRun, 'bestEpoch' | 'evaluation'>>;

const hasValidation = ({ history }: ComparedRun) =>
  history.some(({ valLoss, valAccuracy }) => (valLoss ?? valAccuracy) !== undefined);

const bestRecordOf = ({ history, bestEpoch }: ComparedRun) =>
  bestEpoch === undefined ? bestEpochOf(history) : history.find(({ epoch }) => epoch === bestEpoch);

/**
 * Loss and accuracy of several runs by epoch: on the validation images if every run has some, else in
 * training.
 */
export function runComparison(
  runs: readonly ComparedRun[],
  options: RunComparisonOptions = {},
): SVGSVGElement {
  expectOptions('runComparison', options, RUN_COMPARISON_OPTIONS);
  expectCurveAxes(options);
  expectNonEmpty(runs, 'run', 'TrainingRun');
  const side = runs.every(hasValidation) ? 'validation' : 'train';
  const bestRecords = runs.map(bestRecordOf);
  const accuracyTexts = runs.map((run, i) => accuracyText(run, bestRecords[i], side));
  const ringedText = bestRecords.some(Boolean) ? ' (ringed)' : '';
  const panels = panelRow(options, CURVE_METRICS.length);
  const heading = {
    title: `${formatCount(runs.length, 'run')} compared`,
    subtitle:
      `On the ${side === 'train' ? 'training' : side} images. ` +
      'In the legend: the test accuracy if it is known, ' +
      [
        `else the accuracy of the best epoch${ringedText} or, without one, of the last epoch.`,
        describeLossAxis(
          runs.map(({ history }) => history),
          options,
        ),
      ]
        .filter(Boolean)
        .join(' '),
    description: runs.map(({ name }, i) => `${name}${accuracyTexts[i]}.`).join(' '),
    width: panels.width,
  };
  const styles = runs.map((_, i) => ({ color: seriesColor(i), dash: seriesDash(i) }));
  const symbols = styles.map(lineSymbol);
  const legend = runs.map(({ name }, i) => ({ label: name, value: accuracyTexts[i], symbol: symbols[i] }));
  return renderFigure(options, heading, (body) =>
    panels.render(body, CURVE_METRICS, {
      top: renderLegend(body, legend, { width: panels.width, space: 12 }),
      renderPanel(panel, metric, width) {
        const lines = runs.map(({ name, history }, i) => {
          const best = bestRecords[i];
          return {
            name,
            points: metricPoints(history, metric[side]),
            ...styles[i],
            ring: best && best.epoch + 1,
          };
        });
        return renderCurvePanel(panel, { ...metric, lines, width, ...axisOf(options, metric) });
      },
    }),
  );
}

/** ": test 84.98%", or the accuracy of the best or last epoch; empty without an accuracy. */
function accuracyText(
  { evaluation, history }: ComparedRun,
  best: EpochRecord | undefined,
  side: 'train' | 'validation',
): string {
  const diverged = history.length && divergedEpochs(history.slice(-1)).length ? ', diverged' : '';
  if (evaluation) return `: test ${formatPercent(evaluation.accuracy)}${diverged}`;
  const accuracy = (best ?? history.at(-1))?.[side === 'train' ? 'accuracy' : 'valAccuracy'];
  return accuracy === undefined ? diverged && ': diverged' : `: ${formatPercent(accuracy)}${diverged}`;
}
