import {
  observe,
  predictions,
  type ObserveOptions,
  type Observer,
  type Results,
} from '@convlens/activations';
import { pixelsOf, type ImageSet } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';

/** A transformation of an image: a shift down and right by whole pixels, then a horizontal flip. */
interface TestTimeTransform {
  readonly down: number;
  readonly right: number;
  readonly isFlipped: boolean;
  /** The weight of its probabilities in the average. */
  readonly weight: number;
}

/** Each diagonal shift without and with a flip, at half the given weight each. */
const withFlips = (shifts: readonly { by: number; weight: number }[]): TestTimeTransform[] =>
  shifts.flatMap(({ by, weight }) =>
    [false, true].map((isFlipped) => ({ down: by, right: by, isFlipped, weight: weight / 2 })),
  );

/**
 * The transformations that are averaged; the first one of each is the identity. 'flips' is Krizhevsky et al.
 * (2012) with flips alone. 'flips-and-shifts' has the transformations and weights of airbench94 (Jordan,
 * 2024), which averages logits where this averages probabilities.
 */
const TRANSFORMS = {
  flips: withFlips([{ by: 0, weight: 1 }]),
  'flips-and-shifts': withFlips([
    { by: 0, weight: 1 / 2 },
    { by: 1, weight: 1 / 4 },
    { by: -1, weight: 1 / 4 },
  ]),
} as const satisfies Record<string, readonly TestTimeTransform[]>;

export type TestTimeAugmentation = keyof typeof TRANSFORMS;

/** The kinds of test-time augmentation. */
export const TEST_TIME_AUGMENTATIONS = Object.keys(TRANSFORMS) as readonly TestTimeAugmentation[];

/** Reflects an index outside 0..size - 1 without repeating the edge: -1 becomes 1. */
function reflectIndex(index: number, size: number): number {
  const reflected = index < size ? Math.abs(index) : 2 * (size - 1) - index;
  return Math.min(size - 1, Math.max(0, reflected));
}

/** The transformed images; pixels from outside the image are reflected. */
function applyTransform(images: ImageSet, { down, right, isFlipped }: TestTimeTransform): ImageSet {
  const { count, height, width, channels } = images;
  const transformed = { ...images, pixels: images.pixels.slice() };
  const sourceColumns = Array.from({ length: width }, (_, x) =>
    reflectIndex((isFlipped ? width - 1 - x : x) - right, width),
  );
  for (let i = 0; i < count; i++) {
    const source = pixelsOf(images, i);
    const target = pixelsOf(transformed, i);
    for (let y = 0; y < height; y++) {
      const sourceRow = reflectIndex(y - down, height) * width;
      sourceColumns.forEach((sourceColumn, x) => {
        const from = (sourceRow + sourceColumn) * channels;
        target.set(source.subarray(from, from + channels), (y * width + x) * channels);
      });
    }
  }
  return transformed;
}

/**
 * Observes the weighted average of the probabilities over the transformed copies of each image. Makes one pass over the images per
 * transformation.
 */
export async function observeWithAugmentation<const O extends readonly Observer<unknown>[]>(
  model: tf.LayersModel,
  images: ImageSet,
  {
    testTimeAugmentation,
    observers,
    onProgress,
    ...options
  }: ObserveOptions<O> & { testTimeAugmentation: TestTimeAugmentation },
): Promise<Results<O>> {
  const [identity, ...others] = TRANSFORMS[testTimeAugmentation];
  const passProgress = (pass: number) =>
    onProgress &&
    ((done: number, total: number) => onProgress(pass * total + done, (1 + others.length) * total));
  const weightedSums: Float32Array[] = [];
  for (const [pass, transform] of others.entries()) {
    const records = await predictions(model, applyTransform(images, transform), {
      ...options,
      onProgress: passProgress(pass),
    });
    for (const [i, { probabilities }] of records.entries()) {
      const sum = (weightedSums[i] ??= new Float32Array(probabilities.length));
      probabilities.forEach((probability, label) => (sum[label] += transform.weight * probability));
    }
  }
  return observe(model, images, {
    ...options,
    onProgress: passProgress(others.length),
    observers: observers.map((observer) => observeWeightedMean(observer, identity.weight, weightedSums)),
  }) as Promise<Results<O>>;
}

/**
 * Observes `weight` times the probabilities of each image plus `weightedSums`, those of its transformed
 * copies.
 */
function observeWeightedMean(
  observer: Observer<unknown>,
  weight: number,
  weightedSums: readonly Float32Array[],
): Observer<unknown> {
  return {
    ...observer,
    begin(context) {
      const { add, finish } = observer.begin(context);
      return {
        add(batch) {
          const { start, count } = batch;
          const classes = batch.probabilities.length / count;
          const probabilities = batch.probabilities.map(
            (probability, i) =>
              weight * probability + weightedSums[start + Math.floor(i / classes)][i % classes],
          );
          return add({ ...batch, probabilities });
        },
        finish,
      };
    },
  };
}
