import { augmentBatch, parseAugment } from '@convlens/augment';
import { indexRange, selectImages, type ImageBatch } from '@convlens/core';
import { augmentationExamples, trainingCurves } from '@convlens/render-d3';
import { sampleImages } from '../../data/sample-images.js';
import { describeDivergence } from '../../divergence/diverged-run.js';
import { savedEpoch } from '../../run/run-summary.js';
import { trainingImages } from '../../run/split-training-images.js';
import type { ReportData } from '../data/report-data.js';
import { defineSection, figure, fixedFigure } from './report-section.js';

const EXAMPLES = 8;
/** The augmentation that is shown for a run without one. */
const EXAMPLE_AUGMENTATION = 'flip,shift=0.1,rotate=15,zoom=0.1';

type TrainingData = Pick<ReportData, 'settings' | 'history' | 'evaluation' | 'train'>;

/** Some training images: augmentation depends on the index of an image among these. */
function exampleImages({ train, settings }: TrainingData): ImageBatch {
  const { data } = settings;
  const images = sampleImages(trainingImages(train, settings), { data, count: EXAMPLES });
  return { ...selectImages(images, indexRange(images.count)), kind: 'image-batch', epoch: 0, step: 0 };
}

export const trainingSection = defineSection<TrainingData>({
  id: 'training',
  title: 'Training',
  text: ({ history, settings }) =>
    [
      'Loss and accuracy by epoch. The saved weights are those of the epoch with the lowest validation loss ' +
        `(epoch ${savedEpoch(history).epoch + 1}); the test images played no part in that choice.`,
      describeDivergence(history, settings),
    ]
      .filter(Boolean)
      .join(' '),
  figures: [
    fixedFigure('training_curves', {
      caption:
        'Loss and accuracy after every epoch. Where the validation curve leaves the training curve, the ' +
        'model begins to overfit.',
      note:
        'Left: loss, lower is better. Right: accuracy. Dotted lines: learning-rate cuts. Dashed: the ' +
        'test images, ' +
        'evaluated once at the end. Ringed: the best epoch, whose weights are saved. A diverged epoch, whose loss or weights are ' +
        'not finite, is marked.',
      render: ({ history, evaluation }, options) =>
        trainingCurves(history, {
          ...options,
          testAccuracy: evaluation.accuracy,
          testLoss: evaluation.loss,
          bestEpoch: savedEpoch(history).epoch,
        }),
    }),
    figure('augmentation_examples', (data) => {
      const { augment, seed } = data.settings;
      const steps = augment || EXAMPLE_AUGMENTATION;
      const originals = exampleImages(data);
      const augmented = augmentBatch(originals, parseAugment(steps), { seed });
      return {
        caption: augment
          ? `Training images, and the same images augmented as in the first epoch (${steps}).`
          : `This run had no augmentation. The lower row shows the images augmented with ${steps}.`,
        note: 'Top: an image. Bottom: the augmented image, whose label must still be correct.',
        render: (options) => augmentationExamples({ originals, augmented }, options),
      };
    }),
  ],
  questions: [
    'Does the validation loss still fall at the end, or did the training last too long?',
    'What did the learning-rate cuts change?',
    'Is every augmented image one that could be in the data set?',
  ],
});
