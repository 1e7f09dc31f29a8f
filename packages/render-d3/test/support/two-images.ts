import type { FeatureMaps } from '@convlens/core';
import { colorTable } from '../../src/index.js';

/** Feature maps of two images, 1 x 4 pixels, two channels; the second channel is dead. */
export const TWO_IMAGES: FeatureMaps = {
  layer: 'relu1',
  indices: [5, 9],
  count: 2,
  height: 1,
  width: 4,
  channels: 2,
  values: Float32Array.of(0, 0, 1, 0, 2, 0, 4, 0, /* the second image: */ 8, 0, 8, 0, 4, 0, 0, 0),
};

const viridis = colorTable('viridis');

/** The bytes of some entries of the color map viridis. */
export const viridisColors = (...entries: number[]) =>
  entries.flatMap((entry) => [...viridis.slice(entry * 3, entry * 3 + 3)]);
