import { formatCount, formatPercent, type ConfusionMatrix } from '@convlens/core';
import { confusionMatrix, imageGrid, mistakeGrid, probabilityBars } from '@convlens/render-d3';
import type { ReportTable } from '@convlens/render-d3/report';
import type { ReportData } from '../data/report-data.js';
import { defineSection, figuresPerExample, fixedFigure } from './report-section.js';

type AccuracyData = Pick<ReportData, 'test' | 'evaluation' | 'mistakes' | 'predictions' | 'examples'>;

/** The class that the images of a row are most often misclassified as, with the number of images. */
function mostFrequentMistake(row: Uint32Array, label: number, classNames: readonly string[]): string {
  const counts = Array.from(row, (count, predicted) => (predicted === label ? 0 : count));
  const count = Math.max(...counts);
  return count > 0 ? `${classNames[counts.indexOf(count)]} (${count})` : 'none';
}

function classTable({ classNames, counts }: ConfusionMatrix): ReportTable {
  const size = classNames.length;
  return {
    title: 'Classes',
    columns: ['class', 'test images', 'accuracy', 'most frequent wrong prediction'],
    rows: classNames.map((name, label) => {
      const row = counts.subarray(label * size, (label + 1) * size);
      const total = row.reduce((sum, count) => sum + count, 0);
      return [
        name,
        total,
        total ? formatPercent(row[label] / total, 1) : 'none',
        mostFrequentMistake(row, label, classNames),
      ];
    }),
  };
}

export const accuracySection = defineSection<AccuracyData>({
  id: 'accuracy',
  title: 'Accuracy',
  text: ({ test, evaluation }) =>
    `The accuracy on ${formatCount(test.count)} test images is ${formatPercent(evaluation.accuracy)}. ` +
    'The confusion ' +
    'matrix shows which classes are confused. The example images below are explained in the rest of this ' +
    'report.',
  figures: [
    fixedFigure('confusion_matrix', {
      caption: 'Rows are labels, columns are predictions; the diagonal is correct.',
      note:
        'A row shows the predictions for the images of one class. The stronger the tint, the larger ' +
        'their fraction of the row.',
      render: ({ evaluation }, options) => confusionMatrix(evaluation.confusion, options),
    }),
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
  tables: ({ evaluation }) => [classTable(evaluation.confusion)],
  questions: [
    'Which two classes are confused most, and what do their images share?',
    'Are they confused equally often in both directions?',
  ],
});
