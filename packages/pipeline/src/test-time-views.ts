import {
  observe,
  observeEvaluation,
  predictions,
  type Observer,
  type ReadOptions,
} from '@convlens/activations';
import { InputError, type Evaluation, type ImageSet } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';

/** An image seen otherwise: moved down and to the right by whole pixels, then with left and right exchanged. */
interface View {
  readonly down: number;
  readonly right: number;
  readonly isMirrored: boolean;
  /** Its part in the mean. */
  readonly weight: number;
}

const views = (shifts: readonly { by: number; weight: number }[]): View[] =>
  shifts.flatMap(({ by, weight }) =>
    [false, true].map((isMirrored) => ({ down: by, right: by, isMirrored, weight })),
  );

/**
 * What is averaged when a network is measured on several views of an image: the image and its mirror image (Krizhevsky et
 * al., 2012, with flips alone), or these and the same of the image moved by a pixel along the diagonal, either way, at half
 * the weight: the views and weights of airbench94 (Jordan, 2024), which averages logits where here probabilities are. The
 * first view is the image as it is.
 */
const TEST_TIME_VIEWS = {
  flips: views([{ by: 0, weight: 1 / 2 }]),
  'flips-and-shifts': views([
    { by: 0, weight: 1 / 4 },
    { by: 1, weight: 1 / 8 },
    { by: -1, weight: 1 / 8 },
  ]),
} as const satisfies Record<string, readonly View[]>;

export type TestTimeViews = keyof typeof TEST_TIME_VIEWS;

export const testTimeViews = Object.keys(TEST_TIME_VIEWS) as TestTimeViews[];

/** Where a position outside 0..size - 1 is reflected to, without the pixel at the edge twice: -1 is 1. */
const reflected = (at: number, size: number) =>
  Math.min(size - 1, Math.max(0, at < 0 ? -at : at < size ? at : 2 * (size - 1) - at));

/** Images as one view shows them; what a shift uncovers is reflected. */
function viewed(images: ImageSet, { down, right, isMirrored }: View): ImageSet {
  const { pixels, count, height, width, channels } = images;
  const seen = pixels.slice();
  const columns = Array.from({ length: width }, (_, x) => {
    const from = isMirrored ? width - 1 - x : x;
    return reflected(from - right, width);
  });
  for (let i = 0; i < count; i++)
    for (let y = 0; y < height; y++) {
      const to = (i * height + y) * width;
      const from = (i * height + reflected(y - down, height)) * width;
      columns.forEach((column, x) => {
        for (let c = 0; c < channels; c++)
          seen[(to + x) * channels + c] = pixels[(from + column) * channels + c];
      });
    }
  return { ...images, pixels: seen };
}

/** How good a model is when the mean of what it says of all views of an image counts. One pass over the images a view. */
export async function evaluateViews(
  model: tf.LayersModel,
  images: ImageSet,
  { views, onProgress, ...options }: ReadOptions & { views: TestTimeViews },
): Promise<Evaluation> {
  if (!images.labels) throw new InputError(`Expected images with labels, got ${images.name} without any`);
  const [asItIs, ...others] = TEST_TIME_VIEWS[views];
  const pass = (number: number) =>
    onProgress &&
    ((done: number, total: number) => onProgress(number * total + done, (1 + others.length) * total));
  const ofOthers: Float32Array[] = [];
  for (const [number, view] of others.entries()) {
    const seen = viewed(images, view);
    const found = await predictions(model, seen, { ...options, onProgress: pass(number) });
    for (const [i, { probabilities }] of found.entries()) {
      const sum = (ofOthers[i] ??= new Float32Array(probabilities.length));
      probabilities.forEach((probability, label) => (sum[label] += view.weight * probability));
    }
  }
  const observers = [observeMean(asItIs.weight, ofOthers)];
  const [evaluation] = await observe(model, images, {
    ...options,
    onProgress: pass(others.length),
    observers,
  });
  return { ...evaluation, name: `${evaluation.name}, average over ${views.replaceAll('-', ' ')}` };
}

/** Evaluates the mean over the views of each image, given the part that the others have in it. */
function observeMean(weight: number, ofOthers: readonly Float32Array[]): Observer<Evaluation> {
  const evaluation = observeEvaluation();
  return {
    ...evaluation,
    begin(observed) {
      const { add, finish } = evaluation.begin(observed);
      return {
        add(batch) {
          const { start, count } = batch;
          const classes = batch.probabilities.length / count;
          const probabilities = batch.probabilities.map(
            (probability, i) => weight * probability + ofOthers[start + Math.floor(i / classes)][i % classes],
          );
          return add({ ...batch, probabilities });
        },
        finish,
      };
    },
  };
}
