import type { ImageBatch, ImageSet } from '@convlens/core';
import { subset } from '@convlens/image-set';

/** Some images of a set that remember where they stand in it. */
export function pickImages(images: ImageSet, indices: readonly number[]): ImageBatch {
  return {
    ...subset(images, indices),
    kind: 'image-batch',
    epoch: 0,
    step: 0,
    indices: Uint32Array.from(indices),
  };
}
