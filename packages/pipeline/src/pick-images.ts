import type { ImageBatch, ImageSet } from '@convlens/core';
import { subset } from '@convlens/image-set';

/** Some images of a set that remember where they stand in it. */
export function pickImages(images: ImageSet, indices: readonly number[]): ImageBatch {
  const { coarseLabels: _, ...picked } = subset(images, indices);
  return { ...picked, kind: 'image-batch', epoch: 0, step: 0, indices: Uint32Array.from(indices) };
}
