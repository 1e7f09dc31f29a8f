import { expectNumber } from '@convlens/core';
import type { RunSettings } from '@convlens/pipeline';

/** With fewer images some of ten classes would lack a third image, and an accuracy would mean nothing. */
const MIN_IMAGES = 200;

/** A schedule needs a start and an end, which an epoch of one batch does not have. */
const MIN_BATCHES = 3;

/** Returns the scale of a reproduction if it is a number from 0.001 to 1. */
export const expectScale = (scale: unknown): number => expectNumber('scale', scale, { min: 0.001, max: 1 });

/** The number of images of a set that are used at a scale. */
export const scaledCount = (count: number, scale: number): number =>
  scale === 1 ? count : Math.min(count, Math.max(MIN_IMAGES, Math.round(scale * count)));

const scaledSteps = (steps: number, scale: number) => Math.max(1, Math.round(scale * steps));

/**
 * The settings of a recipe at a scale: fewer images, epochs and steps per epoch.
 *
 * @param count the number of training images of the data set
 */
export function scaledSettings(
  settings: RunSettings,
  { scale, count }: { scale: number; count: number },
): RunSettings {
  if (scale === 1) return settings;
  const { epochs, stepsPerEpoch, batchSize } = settings;
  const minImages = Math.min(count, MIN_BATCHES * batchSize);
  return {
    ...settings,
    limit: Math.max(minImages, scaledCount(count, scale)),
    epochs: scaledSteps(epochs, scale),
    ...(stepsPerEpoch !== undefined && { stepsPerEpoch: scaledSteps(stepsPerEpoch, scale) }),
  };
}
