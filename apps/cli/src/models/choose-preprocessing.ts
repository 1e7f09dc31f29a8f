import { IDENTITY, InputError, type Preprocessing } from '@convlens/core';
import { scalesPixels } from '@convlens/model-import';
import type { OpenModel } from '@convlens/pipeline';

/** The preprocessing of a model, and whether it is no more than the usual one. */
export interface ChosenPreprocessing {
  readonly preprocessing: Preprocessing;
  readonly isAssumed: boolean;
}

/**
 * The preprocessing that --pixels chooses; else the one that was saved with the model; else the identity if the model scales pixels
 * itself; else 0..1, which is assumed.
 *
 * @throws InputError for --pixels with a run, which has the preprocessing of its training.
 */
export function choosePreprocessing(
  opened: OpenModel,
  pixels: Preprocessing | undefined,
): ChosenPreprocessing {
  if (pixels) {
    if (opened.run)
      throw new InputError('Expected no --pixels: a run has the preprocessing that it was trained with');
    return { preprocessing: pixels, isAssumed: false };
  }
  // Class names are saved together with the preprocessing.
  if (opened.run || opened.classNames) return { preprocessing: opened.preprocessing, isAssumed: false };
  if (scalesPixels(opened.model)) return { preprocessing: IDENTITY, isAssumed: false };
  return { preprocessing: opened.preprocessing, isAssumed: true };
}
