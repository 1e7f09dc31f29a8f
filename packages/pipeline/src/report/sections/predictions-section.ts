import { imageGrid, probabilityBars } from '@convlens/render-d3';
import type { ReportData } from '../data/report-data.js';
import { defineSection, figuresPerExample, fixedFigure } from './report-section.js';

type PredictionsData = Pick<ReportData, 'test' | 'examples' | 'predictions'>;

/** The predictions for images without labels. */
export const predictionsSection = defineSection<PredictionsData>({
  id: 'predictions',
  title: 'Predictions',
  text: ({ test }) =>
    `Each image is resized to ${test.height} x ${test.width} pixels, the input size of the model, and ` +
    'assigned to one ' +
    `of ${test.classNames.length} classes. An image of none of these classes is assigned to one of them ` +
    'as well.',
  figures: [
    fixedFigure('images', {
      caption: 'The images at the input size of the model, and their predictions.',
      note: 'The percentage is the probability of the predicted class.',
      render: ({ test, examples, predictions }, options) =>
        imageGrid(test, {
          ...options,
          indices: examples.map(({ index }) => index),
          captions: examples.map(({ className }) => className),
          predictions,
          title: 'Predictions',
        }),
    }),
    figuresPerExample({
      class_probabilities_CLASS: ({ predictions, test }, { className, position }) => ({
        caption: `The class probabilities of ${className}.`,
        note: 'Green: the predicted class.',
        facets: { image: className },
        render: (options) =>
          probabilityBars(predictions[position], { ...options, classNames: test.classNames }),
      }),
    }),
  ],
  questions: [
    'Which of these images are unlike the training images, and how high is the confidence all the same?',
    'What is still visible in an image of this size?',
  ],
});
