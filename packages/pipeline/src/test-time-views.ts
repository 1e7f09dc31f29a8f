import { observeEvaluation, type Observer } from '@convlens/activations';
import type { Evaluation, ImageSet, Prediction } from '@convlens/core';

/** The same images with left and right exchanged. */
export function mirrored(images: ImageSet): ImageSet {
  const { pixels, count, height, width, channels } = images;
  const turned = pixels.slice();
  for (let row = 0; row < count * height; row++)
    for (let column = 0; column < width; column++) {
      const from = (row * width + column) * channels;
      turned.set(pixels.subarray(from, from + channels), (row * width + width - 1 - column) * channels);
    }
  return { ...images, pixels: turned };
}

/**
 * Evaluates the mean of what a model says of each image and of its mirror image, which was observed before: test-time
 * augmentation (Krizhevsky et al., 2012, with flips alone).
 */
export function observeFlipAverage(ofMirrored: readonly Prediction[]): Observer<Evaluation> {
  const evaluation = observeEvaluation();
  return {
    ...evaluation,
    begin(observed) {
      const { add, finish } = evaluation.begin(observed);
      return {
        add(batch) {
          const { start, count } = batch;
          const others = ofMirrored.slice(start, start + count).map(({ probabilities }) => probabilities);
          const classes = batch.probabilities.length / count;
          const probabilities = batch.probabilities.map(
            (probability, i) => (probability + others[Math.floor(i / classes)][i % classes]) / 2,
          );
          return add({ ...batch, probabilities });
        },
        finish,
      };
    },
  };
}
