import { expectInteger, expectNumber, InputError, type EpochRecord } from '@convlens/core';
import { bestEpochOf, learningRateCuts } from './history.js';
import { drawCurvePanel, PANEL_HEIGHT, type CurvePanel } from './curve-panel.js';
import { openFigure, type FigureOptions } from './figure.js';
import { countOf, formatAccuracy, formatValue } from './format.js';
import { drawLegend, type LegendItem } from './legend.js';
import { draw, type Attributes } from './svg.js';

export interface TrainingCurvesOptions extends FigureOptions {
  /** Accuracy on the test set, 0 to 1: a dashed line. */
  readonly testAccuracy?: number;
  /** Loss on the test set: a dashed line. */
  readonly testLoss?: number;
  /** The epoch whose weights were kept, 0-based; that of the lowest validation loss, if there is one. */
  readonly bestEpoch?: number;
}

const GAP = 36;
const PANEL_WIDTH = 392;

const lineSign = (attributes: Attributes) => (parent: Parameters<LegendItem['sign']>[0]) =>
  void draw(parent, 'line', { x1: 0, x2: 22, y1: 0, y2: 0, 'stroke-width': 2, ...attributes });

/**
 * Loss and accuracy by epoch, on the training and the validation images. Epochs are counted from 1, as Keras prints
 * them. A rate cut is marked at the first epoch that was trained with the lower rate.
 */
export function trainingCurves(
  history: readonly EpochRecord[],
  options: TrainingCurvesOptions = {},
): SVGSVGElement {
  if (!history.length) throw new InputError('Expected history to hold at least one epoch, got none');
  const { testAccuracy, testLoss } = options;
  if (testAccuracy !== undefined) expectNumber('testAccuracy', testAccuracy, { min: 0, max: 1 });
  if (testLoss !== undefined) expectNumber('testLoss', testLoss);
  const bestEpoch = options.bestEpoch ?? bestEpochOf(history);
  if (bestEpoch !== undefined) expectInteger('bestEpoch', bestEpoch);
  const best = history.find(({ epoch }) => epoch === bestEpoch);
  if (bestEpoch !== undefined && !best)
    throw new InputError(
      `Expected bestEpoch to be from ${history[0].epoch} to ${history.at(-1)!.epoch}, got ${bestEpoch}`,
    );
  const cuts = learningRateCuts(history);
  const last = history.at(-1)!;
  const hasValidation = history.some(({ valLoss, valAccuracy }) => (valLoss ?? valAccuracy) !== undefined);
  const said = [
    `After ${countOf(last.epoch + 1, 'epoch')}: training loss ${formatValue(last.loss)}, accuracy ${formatAccuracy(last.accuracy)}`,
    last.valLoss === undefined ? '' : `, validation loss ${formatValue(last.valLoss)}`,
    last.valAccuracy === undefined ? '' : `, accuracy ${formatAccuracy(last.valAccuracy)}`,
    '.',
    testAccuracy === undefined ? '' : ` Test accuracy ${formatAccuracy(testAccuracy)}.`,
    best ? ` Best epoch ${best.epoch + 1}.` : '',
  ];
  const width = 2 * PANEL_WIDTH + GAP;
  const { body, palette, close } = openFigure(options, {
    title: 'Training curves',
    description: said.join(''),
    width,
  });
  const ring = hasValidation ? palette.validation : palette.train;
  const items: LegendItem[] = [{ label: 'training', sign: lineSign({ stroke: palette.train }) }];
  if (hasValidation) items.push({ label: 'validation', sign: lineSign({ stroke: palette.validation }) });
  if ((testAccuracy ?? testLoss) !== undefined)
    items.push({ label: 'test', sign: lineSign({ stroke: palette.test, 'stroke-dasharray': '5 3' }) });
  if (cuts.length)
    items.push({
      label: 'learning rate lowered',
      sign: lineSign({ stroke: palette.event, 'stroke-dasharray': '2 3', 'stroke-width': 1.5 }),
    });
  if (best)
    items.push({
      label: `best epoch: ${best.epoch + 1}`,
      sign: (parent) =>
        draw(parent, 'circle', { cx: 9, cy: 0, r: 4.5, fill: ring, stroke: palette.ink, 'stroke-width': 2 }),
    });
  const legend = drawLegend(body, items, { width, color: palette.ink }) + 10;
  const panels: Omit<CurvePanel, 'history' | 'cuts' | 'best' | 'palette' | 'width'>[] = [
    {
      name: 'Loss',
      unit: 'cross-entropy',
      train: 'loss',
      validation: 'valLoss',
      test: testLoss,
      format: formatValue,
    },
    {
      name: 'Accuracy',
      unit: 'share of images',
      train: 'accuracy',
      validation: 'valAccuracy',
      test: testAccuracy,
      format: formatAccuracy,
    },
  ];
  panels.forEach((panel, i) => {
    const transform = `translate(${i * (PANEL_WIDTH + GAP)},${legend})`;
    drawCurvePanel(draw(body, 'g', { transform }), {
      ...panel,
      history,
      cuts,
      best,
      palette,
      width: PANEL_WIDTH,
    });
  });
  return close(legend + PANEL_HEIGHT);
}
