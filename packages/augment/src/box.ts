import type { Box, Canvas, Size } from './definition.js';
import type { Options } from './option.js';

/** What lies within the image of a rectangle of that size about (row, column). */
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

export const BOX_FIELDS = {
  top: { type: 'integer' },
  left: { type: 'integer' },
  height: { type: 'integer', min: 0 },
  width: { type: 'integer', min: 0 },
} as const satisfies Options;

/** Sets every value of a rectangle, as far as it lies in the image; `value` is asked row by row. */
export function fillBox({ pixels, channels, ...size }: Canvas, box: Box, value: () => number): void {
  const { top, left, height, width } = clipBox(box, size);
  for (let row = top; row < top + height; row++) {
    const start = (row * size.width + left) * channels;
    for (let i = start; i < start + width * channels; i++) pixels[i] = value();
  }
}
