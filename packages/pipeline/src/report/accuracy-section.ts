import { confusionMatrix, imageGrid, mistakeGrid, probabilityBars } from '@convlens/render-d3';
import type { ReportMaterials } from './materials.js';
import { fileName, type FigurePlan, type SectionPlan } from './section.js';

export function accuracySection(materials: ReportMaterials): SectionPlan {
  const { test, evaluation, mistakes, predictions, chosen } = materials;
  const { classNames, counts } = evaluation.confusion;
  const size = classNames.length;
  const rows = classNames.map((name, row) => {
    const ofClass = counts.subarray(row * size, (row + 1) * size);
    const total = ofClass.reduce((sum, count) => sum + count, 0);
    const others = classNames.map((other, column) => ({
      other,
      count: column === row ? -1 : ofClass[column],
    }));
    const worst = others.reduce((most, candidate) => (candidate.count > most.count ? candidate : most));
    const taken = worst.count > 0 ? `${worst.other} (${worst.count})` : 'none';
    return [name, total, total ? `${((100 * ofClass[row]) / total).toFixed(1)}%` : 'none', taken];
  });
  const wrong: FigurePlan = {
    name: 'mistakes',
    caption: 'The mistakes that the network is surest of.',
    reading:
      'Under each image its true class, and after ✗ what it is taken for, with the probability of that.',
    draw: (options) => mistakeGrid({ mistakes, images: test }, options),
  };
  return {
    id: 'accuracy',
    title: 'What it gets right',
    text:
      `On ${test.count.toLocaleString('en-US')} test images the network names the right class in ` +
      `${(100 * evaluation.accuracy).toFixed(2)}% of cases. The matrix shows which classes it takes for which; the images ` +
      'below are looked at more closely in the rest of this report.',
    figures: [
      {
        name: 'confusion_matrix',
        caption: 'Rows are true classes, columns what the network said; the diagonal is right.',
        reading:
          'Read along a row: where the images of that class went. The stronger the tint, the larger the share of the row.',
        draw: (options) => confusionMatrix(evaluation.confusion, options),
      },
      ...(mistakes.entries.length ? [wrong] : []),
      {
        name: 'selected_images',
        caption: 'Chosen test images with their class and index, and what the network says of them.',
        reading: '✓ right, ✗ wrong, with the probability that the network gives to what it says.',
        draw: (options) =>
          imageGrid(test, {
            ...options,
            indices: chosen.map(({ index }) => index),
            predictions,
            title: 'Selected images',
          }),
      },
      ...chosen.map(({ className }, i) => ({
        name: `class_probabilities_${fileName(className)}`,
        caption: `The probability of each class for the chosen image of ${className}.`,
        reading: 'Green: what the network says. Red: the true class, where that is another.',
        choice: { image: className },
        draw: (options: object) => probabilityBars(predictions[i], { ...options, classNames }),
      })),
    ],
    tables: [
      { title: 'Each class', columns: ['class', 'test images', 'right', 'most often taken for'], rows },
    ],
    questions: [
      'Which two classes are confused most, and what do their images share?',
      'Is the confusion the same both ways?',
    ],
  };
}
