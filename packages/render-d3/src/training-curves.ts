import { expectInteger, expectNumber, InputError, type EpochRecord } from '@convlens/core';
import { bestEpochOf, learningRateCuts } from './history.js';
import { CURVE_MEASURES, drawCurvePanel } from './curve-panel.js';
import { openFigure, type FigureOptions } from './figure.js';
import { countOf, formatAccuracy, formatValue } from './format.js';
import { drawLegend, lineSign, type LegendItem } from './legend.js';
import { arrangePanels, PANEL_HEIGHT } from './line-panel.js';
import { draw } from './svg.js';

export interface TrainingCurvesOptions extends FigureOptions {
  /** Accuracy on the test set, 0 to 1: a dashed line. */
  readonly testAccuracy?: number;
  /** Loss on the test set: a dashed line. */
  readonly testLoss?: number;
  /** The epoch whose weights were kept, 0-based; that of the lowest validation loss, if there is one. */
  readonly bestEpoch?: number;
}

/**
 * Loss and accuracy by epoch, on the training and the validation images. Epochs are counted from 1, as Keras prints
 * them. A rate cut is marked at the first epoch that was trained with the lower rate. A history without epochs draws the
 * axes alone: what a run looks like before its first epoch.
 */
export function trainingCurves(
  history: readonly EpochRecord[],
  options: TrainingCurvesOptions = {},
): SVGSVGElement {
  const { testAccuracy, testLoss } = options;
  if (testAccuracy !== undefined) expectNumber('testAccuracy', testAccuracy, { min: 0, max: 1 });
  if (testLoss !== undefined) expectNumber('testLoss', testLoss);
  const bestEpoch = options.bestEpoch ?? bestEpochOf(history);
  if (bestEpoch !== undefined) expectInteger('bestEpoch', bestEpoch);
  const best = history.find(({ epoch }) => epoch === bestEpoch);
  if (bestEpoch !== undefined && !best)
    throw new InputError(
      `Expected bestEpoch to be ${history.length ? `from ${history[0].epoch} to ${history.at(-1)!.epoch}` : 'absent without epochs'}, got ${bestEpoch}`,
    );
  const cuts = learningRateCuts(history);
  const last = history.at(-1);
  const hasValidation = history.some(({ valLoss, valAccuracy }) => (valLoss ?? valAccuracy) !== undefined);
  const said = last
    ? [
        `After ${countOf(last.epoch + 1, 'epoch')}: training loss ${formatValue(last.loss)}, accuracy ${formatAccuracy(last.accuracy)}`,
        last.valLoss === undefined ? '' : `, validation loss ${formatValue(last.valLoss)}`,
        last.valAccuracy === undefined ? '' : `, accuracy ${formatAccuracy(last.valAccuracy)}`,
        '.',
        testAccuracy === undefined ? '' : ` Test accuracy ${formatAccuracy(testAccuracy)}.`,
        best ? ` Best epoch ${best.epoch + 1}.` : '',
      ]
    : ['No epoch is finished yet.'];
  const { panelWidth, stacked, width } = arrangePanels(options, 2);
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
  const tests = { loss: testLoss, accuracy: testAccuracy };
  CURVE_MEASURES.forEach((measure, i) => {
    const place = stacked ? [0, legend + i * (PANEL_HEIGHT + 14)] : [i * (width - panelWidth), legend];
    drawCurvePanel(draw(body, 'g', { transform: `translate(${place.join()})` }), {
      ...measure,
      test: tests[measure.train],
      history,
      cuts,
      best,
      palette,
      width: panelWidth,
    });
  });
  return close(legend + (stacked ? 2 * PANEL_HEIGHT + 14 : PANEL_HEIGHT));
}
