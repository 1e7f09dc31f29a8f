import { BOX_SCHEMA, clipBox, fillBox, type Box } from '../box.js';
import type { ImageDefinition } from '../definition.js';

/**
 * Fills a square of `size` x `size` pixels (>= 1) whose center is a random pixel; a part of it may be outside
 * the image (DeVries and Taylor 2017, arXiv:1708.04552). The paper fills with 0 after normalization, that is
 * with the mean color: put `normalize` before this step, or use the mean as `value`.
 */
export interface Cutout {
  readonly kind: 'cutout';
  readonly size: number;
  /** The value of the square, 0 to 255; default 0. */
  readonly value?: number;
}

/** The filled rectangle. */
export interface CutoutOperation extends Box {
  readonly kind: 'cutout';
  readonly value: number;
}

export const cutout: ImageDefinition<Cutout, CutoutOperation> = {
  id: 'cutout',
  family: 'image',
  keyword: 'cutout',
  mainOption: 'size',
  schema: {
    size: { type: 'integer', min: 1, max: 10_000 },
    value: { type: 'number', min: 0, max: 255, optional: true },
  },
  sample: ({ size, value = 0 }, random, image) => {
    const top = Math.floor(random() * image.height) - Math.floor(size / 2);
    const left = Math.floor(random() * image.width) - Math.floor(size / 2);
    return { kind: 'cutout', ...clipBox({ top, left, height: size, width: size }, image), value };
  },
  operationSchema: { ...BOX_SCHEMA, value: { type: 'number' } },
  apply: (image, { value, ...box }) => fillBox(image, box, () => value),
};
