import { observe, type Observer } from '@convlens/activations';
import { expectOneOf, isInputError, type ImageSet } from '@convlens/core';
import { DivergedError } from '../divergence/diverged-run.js';
import type { OpenModel } from '../run/open-model.js';
import {
  observeWithAugmentation,
  TEST_TIME_AUGMENTATIONS,
  type TestTimeAugmentation,
} from './test-time-augmentation.js';

interface ObserveOpenModelOptions {
  readonly testTimeAugmentation?: TestTimeAugmentation;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Runs observers of probabilities over images with the preprocessing of a model; with test-time augmentation over the average
 * probabilities.
 *
 * @throws DivergedError if an output of a layer is not finite.
 */
export async function observeOpenModel<const O extends readonly Observer<unknown>[]>(
  { model, preprocessing, output }: OpenModel,
  images: ImageSet,
  observers: O,
  { testTimeAugmentation, signal, onProgress }: ObserveOpenModelOptions,
) {
  const options = { preprocessing, output, signal, onProgress, observers };
  if (testTimeAugmentation === undefined) return divergedIfOverflowing(() => observe(model, images, options));
  expectOneOf('testTimeAugmentation', testTimeAugmentation, TEST_TIME_AUGMENTATIONS);
  return divergedIfOverflowing(() =>
    observeWithAugmentation(model, images, { ...options, testTimeAugmentation }),
  );
}

/** Calls `work`; outputs that are not finite are a DivergedError, which names the layer. */
async function divergedIfOverflowing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isInputError(error, 'overflow')) throw error;
    throw new DivergedError(
      `${error.message} The training diverged, or the preprocessing is wrong. Train with a lower learning rate`,
    );
  }
}

/** The name of images, with what the evaluation changes. */
export const evaluationName = (name: string, testTimeAugmentation: TestTimeAugmentation | undefined) =>
  testTimeAugmentation === undefined ? name : `${name}, test-time augmentation ${testTimeAugmentation}`;
