import type { Random } from '@convlens/core';

/**
 * Stretches or shrinks width and height, each by a factor of its own from 1 - fraction to 1 + fraction (0 to 0.99;
 * Keras: zoom_range). The factor multiplies coordinates: below 1 the image grows.
 */
export interface Zoom {
  readonly kind: 'zoom';
  readonly fraction: number;
}

export const zoom = {
  word: 'zoom',
  amount: { field: 'fraction', min: 0, max: 0.99 },
  draw: ({ fraction }: Zoom, random: Random) => ({
    zoomColumns: 1 + fraction * (2 * random() - 1),
    zoomRows: 1 + fraction * (2 * random() - 1),
  }),
} as const;
