import { expectInteger, expectNumber, InputError, type EpochRecord } from '@convlens/core';
import { bestEpochOf, learningRateCuts } from './history.js';
import { CURVE_MEASURES, drawCurvePanel, pointsOf } from './curve-panel.js';
import { drawFigure, type FigureOptions } from './figure.js';
import { countOf, formatAccuracy, formatValue } from './format.js';
import { drawLegend, lineSign, ringSign } from './legend.js';
import { panelRow, type Line } from './line-panel.js';

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
  const panels = panelRow(options, CURVE_MEASURES.length);
  const { width } = panels;
  const legend = [{ label: 'training', sign: lineSign({ stroke: 'train' }) }];
  if (hasValidation) legend.push({ label: 'validation', sign: lineSign({ stroke: 'validation' }) });
  if ((testAccuracy ?? testLoss) !== undefined)
    legend.push({ label: 'test', sign: lineSign({ stroke: 'test', 'stroke-dasharray': '5 3' }) });
  if (cuts.length)
    legend.push({
      label: 'learning rate lowered',
      sign: lineSign({ stroke: 'event', 'stroke-dasharray': '2 3', 'stroke-width': 1.5 }),
    });
  if (best)
    legend.push({
      label: `best epoch: ${best.epoch + 1}`,
      sign: ringSign(hasValidation ? 'validation' : 'train'),
    });
  const tests = { loss: testLoss, accuracy: testAccuracy };
  return drawFigure(options, { title: 'Training curves', description: said.join(''), width }, (body) =>
    panels.draw(body, CURVE_MEASURES, {
      top: drawLegend(body, legend, { width }),
      drawPanel(panel, measure, panelWidth) {
        const { train, validation } = measure;
        const ring = best && best.epoch + 1;
        const known = best?.[validation] !== undefined;
        const lines: Line[] = [
          {
            name: 'training',
            points: pointsOf(history, train),
            color: 'train',
            ring: known ? undefined : ring,
          },
          { name: 'validation', points: pointsOf(history, validation), color: 'validation', ring },
        ];
        return drawCurvePanel(panel, { ...measure, lines, cuts, test: tests[train], width: panelWidth });
      },
    }),
  );
}
