import type { MutableImage, Size } from '../geometry/image.js';
import type { OptionSchema } from './option-schema.js';

/** A rectangle of pixels. */
export interface Box {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** The part of a box that is inside the image. */
export function clipBox({ top, left, height, width }: Box, size: Size): Box {
  const firstRow = Math.max(0, top);
  const firstColumn = Math.max(0, left);
  return {
    top: firstRow,
    left: firstColumn,
    height: Math.max(0, Math.min(size.height, top + height) - firstRow),
    width: Math.max(0, Math.min(size.width, left + width) - firstColumn),
  };
}

export const BOX_SCHEMA = {
  top: { type: 'integer' },
  left: { type: 'integer' },
  height: { type: 'integer', min: 0 },
  width: { type: 'integer', min: 0 },
} as const satisfies OptionSchema;

/** Sets every value of the part of a box that is inside the image; `value` is called row by row. */
export function fillBox({ pixels, channels, ...size }: MutableImage, box: Box, value: () => number): void {
  const { top, left, height, width } = clipBox(box, size);
  for (let row = top; row < top + height; row++) {
    const start = (row * size.width + left) * channels;
    for (let i = start; i < start + width * channels; i++) pixels[i] = value();
  }
}
