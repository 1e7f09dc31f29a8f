import { BOX_FIELDS, clipBox, fillBox } from './box.js';
import type { Box, ImageDefinition } from './definition.js';

/**
 * Hides a square of `size` x `size` pixels (>= 1) about a pixel that may be any of the image: part of the square may
 * lie outside (DeVries and Taylor 2017, arXiv:1708.04552). The paper hides with 0 after images were normalized, that
 * is with the mean colour: put `normalize` before, or take the mean as `value`.
 */
export interface Cutout {
  readonly kind: 'cutout';
  readonly size: number;
  /** What the square is filled with, 0 to 255; default 0. */
  readonly value?: number;
}

/** The rectangle that is filled. */
export interface CutoutBox extends Box {
  readonly kind: 'cutout';
  readonly value: number;
}

export const cutout: ImageDefinition<Cutout, CutoutBox> = {
  word: 'cutout',
  main: 'size',
  options: {
    size: { type: 'integer', min: 1, max: 10_000 },
    value: { type: 'number', min: 0, max: 255, optional: true },
  },
  draw: ({ size, value = 0 }, random, image) => {
    const top = Math.floor(random() * image.height) - Math.floor(size / 2);
    const left = Math.floor(random() * image.width) - Math.floor(size / 2);
    return { kind: 'cutout', ...clipBox({ top, left, height: size, width: size }, image), value };
  },
  drawn: { ...BOX_FIELDS, value: { type: 'number' } },
  apply: (canvas, { value, ...box }) => fillBox(canvas, box, () => value),
};
