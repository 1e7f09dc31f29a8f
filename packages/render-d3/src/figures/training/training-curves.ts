import {
  expectRecords,
  bestEpochOf,
  expectInteger,
  expectNumber,
  expectOptions,
  formatCount,
  formatPercent,
  InputError,
  learningRateCuts,
  type EpochRecord,
  type LearningRateCut,
  type OptionNames,
} from '@convlens/core';
import { lineSymbol, renderLegend, ringSymbol, type LegendItem } from '../../charts/legend.js';
import type { Line } from '../../charts/line-panel.js';
import { panelRow } from '../../charts/panel-row.js';
import { FIGURE_OPTIONS, renderFigure, type FigureOptions } from '../../drawing/figure.js';
import { formatValue } from '../../drawing/format.js';
import {
  CURVE_METRICS,
  divergedEpochs,
  epochsWithoutLoss,
  metricPoints,
  renderCurvePanel,
  type CurveMetric,
} from './curve-panel.js';
import {
  axisOf,
  CURVE_AXIS_OPTIONS,
  describeLossAxis,
  expectCurveAxes,
  type CurveAxisOptions,
} from './loss-axis.js';

export interface TrainingCurvesOptions extends FigureOptions, CurveAxisOptions {
  /** Accuracy on the test set, 0 to 1, as a dashed line; default: none. */
  readonly testAccuracy?: number;
  /** Loss on the test set, as a dashed line; default: none. */
  readonly testLoss?: number;
  /** The epoch whose weights were kept, 0-based; default: the best epoch of core's `bestEpochOf`. */
  readonly bestEpoch?: number;
}

const TRAINING_CURVES_OPTIONS: OptionNames<TrainingCurvesOptions> = {
  ...FIGURE_OPTIONS,
  ...CURVE_AXIS_OPTIONS,
  testAccuracy: true,
  testLoss: true,
  bestEpoch: true,
};

/** What the figure shows. */
interface Curves {
  readonly history: readonly EpochRecord[];
  readonly best?: EpochRecord;
  readonly cuts: readonly LearningRateCut[];
  /** The diverged epochs, counted from 1. */
  readonly diverged: readonly number[];
  /** The epochs without a loss, counted from 1. */
  readonly withoutLoss: readonly number[];
  readonly hasValidation: boolean;
  readonly test: { readonly loss?: number; readonly accuracy?: number };
}

function findBestEpoch(
  history: readonly EpochRecord[],
  bestEpoch: number | undefined,
): EpochRecord | undefined {
  if (bestEpoch === undefined) return bestEpochOf(history);
  expectInteger('bestEpoch', bestEpoch);
  const best = history.find(({ epoch }) => epoch === bestEpoch);
  if (best) return best;
  const range = history.length
    ? `from ${history[0].epoch} to ${history.at(-1)!.epoch}`
    : 'absent without epochs';
  throw new InputError(`Expected bestEpoch to be ${range}, got ${bestEpoch}`);
}

function describeCurves({ history, best, diverged, withoutLoss, test }: Curves): string {
  const last = history.at(-1);
  if (!last) return 'No epoch is complete yet.';
  // A history of another program may lack the loss of an epoch.
  const {
    epoch,
    loss = NaN,
    accuracy = NaN,
    valLoss,
    valAccuracy,
  }: Partial<EpochRecord> & { epoch: number } = last;
  return [
    `After ${formatCount(epoch + 1, 'epoch')}: training loss ${formatValue(loss)}`,
    `, accuracy ${formatPercent(accuracy)}`,
    valLoss === undefined ? '' : `, validation loss ${formatValue(valLoss)}`,
    valAccuracy === undefined ? '' : `, accuracy ${formatPercent(valAccuracy)}`,
    '.',
    test.accuracy === undefined ? '' : ` Test accuracy ${formatPercent(test.accuracy)}.`,
    best ? ` Best epoch ${best.epoch + 1}.` : '',
    diverged.length
      ? ` Diverged in ${diverged.length === 1 ? 'epoch' : 'epochs'} ${diverged.join(', ')}.`
      : '',
    withoutLoss.length
      ? ` Without a loss: ${withoutLoss.length === 1 ? 'epoch' : 'epochs'} ${withoutLoss.join(', ')}.`
      : '',
  ].join('');
}

function legendItems({ best, cuts, hasValidation, test }: Curves): LegendItem[] {
  const items = [{ label: 'training', symbol: lineSymbol({ color: 'train' }) }];
  if (hasValidation) items.push({ label: 'validation', symbol: lineSymbol({ color: 'validation' }) });
  if ((test.accuracy ?? test.loss) !== undefined)
    items.push({ label: 'test', symbol: lineSymbol({ color: 'test', dash: '5 3' }) });
  if (cuts.length) {
    const symbol = lineSymbol({ color: 'event', dash: '2 3', width: 1.5 });
    items.push({ label: 'learning-rate cut', symbol });
  }
  if (best) {
    const symbol = ringSymbol(hasValidation ? 'validation' : 'train');
    items.push({ label: `best epoch: ${best.epoch + 1}`, symbol });
  }
  return items;
}

/**
 * The training and the validation line. The ring of the best epoch is on the validation line if there is one.
 */
function metricLines({ history, best }: Curves, { train, validation }: CurveMetric): Line[] {
  const ring = best && best.epoch + 1;
  const isOnValidation = best?.[validation] !== undefined;
  const trainRing = isOnValidation ? undefined : ring;
  return [
    { name: 'training', points: metricPoints(history, train), color: 'train', ring: trainRing },
    { name: 'validation', points: metricPoints(history, validation), color: 'validation', ring },
  ];
}

/**
 * Loss and accuracy by epoch, for training and validation images. Epochs are counted from 1, as in Keras. A
 * learning-rate cut is marked at the first epoch with the lower rate, and diverged epochs are marked. An empty history gives the
 * axes.
 */
export function trainingCurves(
  history: readonly EpochRecord[],
  options: TrainingCurvesOptions = {},
): SVGSVGElement {
  expectOptions('trainingCurves', options, TRAINING_CURVES_OPTIONS);
  expectRecords('EpochRecord', 'records', history);
  expectCurveAxes(options);
  const { testAccuracy, testLoss } = options;
  if (testAccuracy !== undefined) expectNumber('testAccuracy', testAccuracy, { min: 0, max: 1 });
  if (testLoss !== undefined) expectNumber('testLoss', testLoss);
  const curves: Curves = {
    history,
    best: findBestEpoch(history, options.bestEpoch),
    cuts: learningRateCuts(history),
    diverged: divergedEpochs(history),
    withoutLoss: epochsWithoutLoss(history),
    hasValidation: history.some(({ valLoss, valAccuracy }) => (valLoss ?? valAccuracy) !== undefined),
    test: { loss: testLoss, accuracy: testAccuracy },
  };
  const { cuts, diverged, withoutLoss, test } = curves;
  const panels = panelRow(options, CURVE_METRICS.length);
  const subtitle = describeLossAxis([history], options);
  const heading = {
    title: 'Training curves',
    subtitle,
    description: describeCurves(curves),
    width: panels.width,
  };
  return renderFigure(options, heading, (body) =>
    panels.render(body, CURVE_METRICS, {
      top: renderLegend(body, legendItems(curves), { width: panels.width }),
      renderPanel: (panel, metric, width) =>
        renderCurvePanel(panel, {
          ...metric,
          lines: metricLines(curves, metric),
          cuts,
          diverged,
          withoutLoss,
          ...axisOf(options, metric),
          test: test[metric.train],
          width,
        }),
    }),
  );
}
