import { expectNumber } from '@convlens/core';
import type { RunSettings } from '../settings.js';

/** Fewer images than this tell nothing of ten classes, and leave some of them without a third image. */
const FEWEST = 200;

/** Returns the scale of a reproduction if it can be one: 1 is all of it, 0.1 a quick look. */
export const expectScale = (scale: unknown): number => expectNumber('scale', scale, { min: 0.001, max: 1 });

/** How many of a set's images are used at a scale. */
export const scaledCount = (count: number, scale: number): number =>
  scale === 1 ? count : Math.min(count, Math.max(FEWEST, Math.round(scale * count)));

/** A schedule has a beginning and an end: an epoch of one batch would have neither. */
const FEWEST_BATCHES = 3;

const scaledSteps = (steps: number, scale: number) => Math.max(1, Math.round(scale * steps));

/** The settings of a recipe at a scale, for so many training images: fewer images, and fewer epochs of them. */
export function scaledSettings(
  settings: RunSettings,
  { scale, count }: { scale: number; count: number },
): RunSettings {
  if (scale === 1) return settings;
  const { epochs, stepsPerEpoch, batchSize } = settings;
  const least = Math.min(count, FEWEST_BATCHES * batchSize);
  return {
    ...settings,
    limit: Math.max(least, scaledCount(count, scale)),
    epochs: scaledSteps(epochs, scale),
    ...(stepsPerEpoch !== undefined && { stepsPerEpoch: scaledSteps(stepsPerEpoch, scale) }),
  };
}
