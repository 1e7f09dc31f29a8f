import type { ImageSet } from '@convlens/core';

/** Images of 1 x 2 x 3 with the labels that are passed; the first value of image i is 10 i. */
export function setOf(labels: number[], { float = false, coarse = false } = {}): ImageSet {
  const values = labels.flatMap((_, i) => [0, 1, 2, 3, 4, 5].map((p) => (10 * i + p) % 256));
  return {
    kind: 'image-set',
    name: 'tiny',
    pixels: float ? Float32Array.from(values) : Uint8Array.from(values),
    labels: Int32Array.from(labels),
    ...(coarse && { coarseLabels: Int32Array.from(labels, (label) => label + 100) }),
    count: labels.length,
    height: 1,
    width: 2,
    channels: 3,
    classNames: ['a', 'b', 'c'],
  };
}

/** The indices that images had in `setOf`. */
export const originalIndices = ({ pixels }: { pixels: ArrayLike<number> }) =>
  Array.from({ length: pixels.length / 6 }, (_, i) => pixels[6 * i] / 10);
