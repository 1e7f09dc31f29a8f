import type { ImageSet, Prediction } from '@convlens/core';
import { imageGrid, probabilityBars } from '@convlens/render-d3';
import type { ChosenImage } from '../choose-images.js';
import { fileName, type SectionPlan } from './section.js';

/** What a network says of images whose class nobody has told it. */
export function imagesSection({
  images,
  chosen,
  predictions,
}: {
  images: ImageSet;
  chosen: readonly ChosenImage[];
  predictions: readonly Prediction[];
}): SectionPlan {
  const { classNames } = images;
  return {
    id: 'images',
    title: 'What it says of these images',
    text:
      `Each image is resized to ${images.height} x ${images.width} pixels, as the network reads them, and given one of ` +
      `${classNames.length} classes: it has no other answer, also for what is none of them.`,
    figures: [
      {
        name: 'images',
        caption: 'The images as the network sees them, and the class that it names.',
        reading: 'The percentage is the probability that the network gives to that class.',
        draw: (options) =>
          imageGrid(images, {
            ...options,
            indices: chosen.map(({ index }) => index),
            captions: chosen.map(({ className }) => className),
            predictions,
            title: 'What the network says',
          }),
      },
      ...chosen.map(({ className }, i) => ({
        name: `class_probabilities_${fileName(className)}`,
        caption: `The probability of each class for ${className}.`,
        reading: 'Green: what the network says.',
        choice: { image: className },
        draw: (options: object) => probabilityBars(predictions[i], { ...options, classNames }),
      })),
    ],
    questions: [
      'Which of these images are unlike what the network was trained on, and how sure is it of them all the same?',
      'What is left of an image at this size?',
    ],
  };
}
