import { formatCount, formatPercent } from '@convlens/core';
import {
  confusionMatrix,
  imageGrid,
  mistakeGrid,
  precisionRecallCurves,
  probabilityBars,
  rocCurves,
} from '@convlens/render-d3';
import type { ReportTable } from '@convlens/render-d3/report';
import type { ReportData } from '../data/report-data.js';
import { defineSection, figure, figuresPerExample, fixedFigure } from './report-section.js';

type AccuracyData = Pick<
  ReportData,
  | 'test'
  | 'evaluation'
  | 'classMetrics'
  | 'classCurves'
  | 'topFiveAccuracy'
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

function classTable({ evaluation, classMetrics, classCurves }: AccuracyData): ReportTable {
  const { classNames, counts } = evaluation.confusion;
  const { precision, recall, f1, support } = classMetrics;
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

/** The accuracies in a sentence. */
function describeAccuracy({ test, evaluation, classMetrics, topFiveAccuracy }: AccuracyData): string {
  const accuracy = `The accuracy on ${formatCount(test.count)} test images is ${formatPercent(evaluation.accuracy)}`;
  const balanced = `the balanced accuracy, the mean recall of the classes, ${formatPercent(classMetrics.balancedAccuracy)}`;
  const topFive =
    topFiveAccuracy === undefined ? '' : `, and the top-5 accuracy ${formatPercent(topFiveAccuracy)}`;
  return `${accuracy}, ${balanced}${topFive}.`;
}

/** How curves are read: of two classes there is one with a threshold, else one for each class. */
const curveNote = ({ classCurves }: AccuracyData, binary: string, several: string) =>
  classCurves.length === 2 ? binary : several;

export const accuracySection = defineSection<AccuracyData>({
  id: 'accuracy',
  title: 'Accuracy',
  text: (data) =>
    `${describeAccuracy(data)} The confusion matrix shows which classes are confused. The ` +
    'example images below are explained in the rest of this report.',
  figures: [
    fixedFigure('confusion_matrix', {
      caption: 'Rows are labels, columns are predictions; the diagonal is correct.',
      note:
        'A row shows the predictions for the images of one class. The stronger the tint, the larger ' +
        'their fraction of the row.',
      render: ({ evaluation }, options) => confusionMatrix(evaluation.confusion, options),
    }),
    figure('roc_curves', (data) => ({
      caption: 'The true positive rate by the false positive rate, over all thresholds of the probability.',
      note: curveNote(
        data,
        'Each threshold is a point; that of 0.5 is ringed. The further up and left, the better. The area ' +
          'under the curve (AUC) is the probability that an image of the class has a higher probability than ' +
          'another image.',
        'One curve per class, against all other classes. The further up and left, the better. The area under ' +
          'the curve (AUC) is the probability that an image of the class has a higher probability than ' +
          'another image.',
      ),
      render: (options) => rocCurves(data.classCurves, options),
    })),
    figure('precision_recall_curves', (data) => ({
      caption: 'The precision by the recall, over all thresholds of the probability.',
      note: curveNote(
        data,
        'A lower threshold finds more images of the class (recall), and more that are none of it (lower ' +
          'precision); that of 0.5 is ringed. The curve says more than the other where the class is rare.',
        'One curve per class, against all other classes. It says more than the other curve where a class is ' +
          'rare.',
      ),
      render: (options) => precisionRecallCurves(data.classCurves, options),
    })),
    fixedFigure('mistakes', {
      isShown: ({ mistakes }) => mistakes.entries.length > 0,
      caption: 'The mistakes with the highest confidence.',
      note: 'Under each image its label and, after ✗, the prediction with its probability.',
      render: ({ mistakes, test }, options) => mistakeGrid({ mistakes, images: test }, options),
    }),
    fixedFigure('selected_images', {
      caption: 'The example images with their class and index, and their predictions.',
      note: '✓ correct, ✗ wrong, with the probability of the prediction.',
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
