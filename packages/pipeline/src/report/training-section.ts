import { augmentBatch, parseAugment } from '@convlens/augment';
import { augmentationExamples, trainingCurves } from '@convlens/render-d3';
import { pickImages } from '../pick-images.js';
import { recipes } from '../recipes/index.js';
import { bestOf, splitOf } from '../train.js';
import type { ReportMaterials } from './materials.js';
import type { FigurePlan, SectionPlan } from './section.js';

const EXAMPLES = 8;

export function trainingSection(materials: ReportMaterials): SectionPlan {
  const { settings, history, evaluation } = materials;
  const best = bestOf(history);
  const curves: FigurePlan = {
    name: 'training_curves',
    caption:
      'Loss and accuracy after every epoch. Where the validation line leaves the training line the network begins to learn its images by heart.',
    reading:
      'Left the loss, the lower the better; right the accuracy. Dotted lines: the learning rate fell there. Dashed: the test images, seen once at the end. Ringed: the epoch that was kept.',
    draw: (options) =>
      trainingCurves(history, {
        ...options,
        testAccuracy: evaluation.accuracy,
        testLoss: evaluation.loss,
        bestEpoch: best.epoch,
      }),
  };
  // A run without augmentation shows what the usual recipe would have done.
  const steps = settings.augment || recipes.A.augment;
  // The first that it was trained on: augmentation goes by an image's place among those.
  const { train } = splitOf(materials.train, settings);
  const originals = pickImages(
    train,
    Array.from({ length: Math.min(EXAMPLES, train.count) }, (_, i) => i),
  );
  const augmented = augmentBatch(originals, parseAugment(steps), { seed: settings.seed });
  const examples: FigurePlan = {
    name: 'augmentation_examples',
    caption: settings.augment
      ? `Training images and what the network saw of them in the first epoch (${steps}).`
      : `This run had no augmentation; with ${steps} the network would have seen the lower row.`,
    reading:
      'Above an image, below what became of it: the label stays the same, so the change must be one that keeps it true.',
    draw: (options) => augmentationExamples({ originals, augmented }, options),
  };
  return {
    id: 'training',
    title: 'Training',
    text:
      'How the network learned, epoch by epoch. The weights of the epoch with the lowest validation loss were kept ' +
      `(epoch ${best.epoch + 1}); the test images had no part in that choice.`,
    figures: [curves, examples],
    questions: [
      'Does the validation loss still fall at the end, or did training go on for too long?',
      'What did the cuts of the learning rate change?',
      'Is every augmented image one that could have been in the data?',
    ],
  };
}
