import { expectObject, expectRecord, expectRecords } from '@convlens/core';
import { confusionMatrix } from '@convlens/render-d3';
import type { FigureSpec } from '../figures/figure-spec.js';
import { precisionRecallFigure, rocFigure } from './curve-figures.js';
import type { DetailedEvaluation } from './evaluate-in-detail.js';
import type { MultiLabelEvaluation } from './evaluate-multi-label.js';

/** The figure of the confusion matrix; there is none of images with several classes. */
const confusionFigure = ({ evaluation }: DetailedEvaluation): FigureSpec => ({
  name: 'confusion_matrix',
  caption: 'Rows are labels, columns are predictions; the diagonal is correct.',
  render: (options) => confusionMatrix(evaluation.confusion, options),
});

/** The figures of an evaluation: the confusion matrix, the receiver operating characteristic and the precision-recall curve. */
export function evaluationFigures(result: DetailedEvaluation | MultiLabelEvaluation): FigureSpec[] {
  expectObject('result', result);
  const isDetailed = 'evaluation' in result;
  const curves = isDetailed
    ? {
        curves: result.classCurves,
        isMultiLabel: result.multiLabelMetrics !== undefined,
        threshold: result.threshold,
      }
    : { curves: result.curves, isMultiLabel: true };
  if (isDetailed) expectRecord('Evaluation', 'result.evaluation', result.evaluation);
  expectRecords('ClassCurves', 'the curves of result', curves.curves);
  return [
    ...(isDetailed ? [confusionFigure(result)] : []),
    { name: 'roc_curves', ...rocFigure(curves) },
    { name: 'precision_recall_curves', ...precisionRecallFigure(curves) },
  ];
}
