import { formatCount, formatPercent } from '@convlens/core';
import { confusionMatrix, imageGrid, mistakeGrid, probabilityBars } from '@convlens/render-d3';
import type { ReportTable } from '@convlens/render-d3/report';
import { precisionRecallFigure, rocFigure } from '../../evaluation/curve-figures.js';
import type { ReportData } from '../data/report-data.js';
import { defineSection, figure, figuresPerExample, fixedFigure } from './report-section.js';

type AccuracyData = Pick<
  ReportData,
  | 'test'
  | 'evaluation'
  | 'classMetrics'
  | 'classCurves'
  | 'topFiveAccuracy'
  | 'multiLabelMetrics'
  | 'mistakes'
  | 'predictions'
  | 'examples'
>;

/** The class that the images of a row are most often misclassified as, with the number of images. */
function mostFrequentMistake(row: Uint32Array, label: number, classNames: readonly string[]): string {
  const counts = Array.from(row, (count, predicted) => (predicted === label ? 0 : count));
  const count = Math.max(...counts);
  return count > 0 ? `${classNames[counts.indexOf(count)]} (${count})` : 'none';
}

/** An area under a curve with three decimals, "none" without a curve. */
const formatArea = (area: number) => (Number.isNaN(area) ? 'none' : area.toFixed(3));

function classTable({ evaluation, classMetrics, classCurves, multiLabelMetrics }: AccuracyData): ReportTable {
  const { classNames, counts } = evaluation.confusion;
  // The classes of a multi-label classifier are predicted each by itself.
  const { precision, recall, f1, support } = multiLabelMetrics ?? classMetrics;
  const size = classNames.length;
  return {
    title: 'Classes',
    columns: [
      ...['class', 'test images', 'precision', 'recall', 'F1'],
      ...['AUC', 'average precision', 'most frequent wrong prediction'],
    ],
    rows: classNames.map((name, label) => [
      name,
      support[label],
      ...[precision, recall, f1].map((values) => formatPercent(values[label], 1)),
      ...[classCurves[label].auc, classCurves[label].averagePrecision].map(formatArea),
      mostFrequentMistake(counts.subarray(label * size, (label + 1) * size), label, classNames),
    ]),
  };
}

/** How the classes of a multi-label classifier are predicted; empty of other classifiers. */
function describeMultiLabel({ multiLabelMetrics }: AccuracyData): string {
  if (!multiLabelMetrics) return '';
  const { threshold, accuracy, subsetAccuracy } = multiLabelMetrics;
  return (
    ` Each class has a probability of its own (sigmoids): predicted from ${threshold} on, ${formatPercent(accuracy)} of the ` +
    `decisions are correct, and every class of ${formatPercent(subsetAccuracy)} of the images. Precision, recall and F1 score in ` +
    'the table are those of these predictions.'
  );
}

/** The accuracies in a sentence. */
function describeAccuracy({ test, evaluation, classMetrics, topFiveAccuracy }: AccuracyData): string {
  const accuracy = `The accuracy on ${formatCount(test.count)} test images is ${formatPercent(evaluation.accuracy)}`;
  const balanced = `the balanced accuracy, the mean recall of the classes, ${formatPercent(classMetrics.balancedAccuracy)}`;
  const topFive =
    topFiveAccuracy === undefined ? '' : `, and the top-5 accuracy ${formatPercent(topFiveAccuracy)}`;
  return `${accuracy}, ${balanced}${topFive}.`;
}

const curvesOf = ({ classCurves, multiLabelMetrics }: AccuracyData) => ({
  curves: classCurves,
  isMultiLabel: multiLabelMetrics !== undefined,
});

export const accuracySection = defineSection<AccuracyData>({
  id: 'accuracy',
  title: 'Accuracy',
  text: (data) =>
    `${describeAccuracy(data)}${describeMultiLabel(data)} The confusion matrix shows which classes are confused. The ` +
    'example images below are explained in the rest of this report.',
  figures: [
    fixedFigure('confusion_matrix', {
      caption: 'Rows are labels, columns are predictions; the diagonal is correct.',
      note:
        'A row shows the predictions for the images of one class. The stronger the tint, the larger ' +
        'their fraction of the row.',
      render: ({ evaluation }, options) => confusionMatrix(evaluation.confusion, options),
    }),
    figure('roc_curves', (data) => rocFigure(curvesOf(data))),
    figure('precision_recall_curves', (data) => precisionRecallFigure(curvesOf(data))),
    fixedFigure('mistakes', {
      isShown: ({ mistakes }) => mistakes.entries.length > 0,
      caption: 'The mistakes with the highest confidence.',
      note: 'Under each image its label in red and, after ✗, the prediction in green with its probability.',
      render: ({ mistakes, test }, options) => mistakeGrid({ mistakes, images: test }, options),
    }),
    fixedFigure('selected_images', {
      caption: 'The example images with their class and index, and their predictions.',
      note: '✓ correct, ✗ wrong, with the probability of the prediction. Green: the predicted class. Red: the label, if it is another class.',
      render: ({ test, examples, predictions }, options) =>
        imageGrid(test, {
          ...options,
          indices: examples.map(({ index }) => index),
          predictions,
          title: 'Example images',
        }),
    }),
    figuresPerExample({
      class_probabilities_CLASS: ({ predictions, evaluation }, { className, position }) => ({
        caption: `The class probabilities of the example image of ${className}.`,
        note: 'Green: the predicted class. Red: the label, if it is another class.',
        facets: { image: className },
        render: (options) =>
          probabilityBars(predictions[position], { ...options, classNames: evaluation.confusion.classNames }),
      }),
    }),
  ],
  tables: (data) => [classTable(data)],
  questions: [
    'Which two classes are confused most, and what do their images share?',
    'Are they confused equally often in both directions?',
  ],
});
