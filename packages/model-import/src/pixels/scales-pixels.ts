import { expectModel } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { pixelReadings, type ScaledPixels } from './pixel-readings.js';

/**
 * The largest range that scaled pixels may have. A scale that maps 0..255 to at most this range would map an
 * input of 0..1 to nearly nothing, so it is meant for pixels.
 */
const MAX_SCALED_RANGE = 32;

/** The largest shift of inputs of 0..1 or -1..1. */
const MAX_SHIFT = 2;

/**
 * Whether a model scales pixels of 0..255 itself: each layer that reads its images reads them scaled. Layers that change nothing in
 * inference may stand before, between and beside the layers that scale.
 */
export function scalesPixels(model: tf.LayersModel): boolean {
  expectModel('model', model);
  const readings = pixelReadings(model);
  return readings.length > 0 && readings.every(isPixelScaling);
}

/** Whether a scale or a shift, alone or with those before it, is so large that the input cannot be 0..1 or -1..1. */
function isPixelScaling({ scale, offset, before }: ScaledPixels): boolean {
  if (before && isPixelScaling(before)) return true;
  return offset.some((value, i) => {
    const factor = Math.abs(scale[i % scale.length]);
    return 255 * factor <= MAX_SCALED_RANGE || Math.abs(value) > MAX_SHIFT * factor;
  });
}
