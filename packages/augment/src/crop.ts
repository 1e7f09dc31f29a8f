import type { ImageDefinition } from './definition.js';
import { scratchCopy } from './scratch.js';
import { mirrored } from './warp-into.js';

export const CROP_FILLS = ['constant', 'nearest', 'reflect'] as const;

/**
 * Pads every side by `padding` pixels (>= 0), then cuts out a window of the first size, anywhere: a shift by whole
 * pixels (He et al. 2016, section 4.2; torchvision: RandomCrop(size, padding), whose modes are constant, edge and
 * symmetric).
 */
export interface Crop {
  readonly kind: 'crop';
  readonly padding: number;
  /** Of the padding; default 'constant'. */
  readonly fill?: (typeof CROP_FILLS)[number];
  /** Of a constant padding, 0 to 255; default 0. */
  readonly value?: number;
}

/** Output pixel (row, column) is input pixel (row + rows, column + columns). */
export interface Cropping {
  readonly kind: 'crop';
  readonly rows: number;
  readonly columns: number;
  readonly fill: (typeof CROP_FILLS)[number];
  readonly value: number;
}

export const crop: ImageDefinition<Crop, Cropping> = {
  word: 'crop',
  main: 'padding',
  options: {
    padding: { type: 'integer', min: 0, max: 10_000 },
    fill: { type: 'choice', choices: CROP_FILLS, optional: true },
    value: { type: 'number', min: 0, max: 255, optional: true },
  },
  draw: ({ padding, fill = 'constant', value = 0 }, random) => ({
    kind: 'crop',
    rows: Math.floor(random() * (2 * padding + 1)) - padding,
    columns: Math.floor(random() * (2 * padding + 1)) - padding,
    fill,
    value,
  }),
  drawn: {
    rows: { type: 'integer' },
    columns: { type: 'integer' },
    fill: { type: 'choice', choices: CROP_FILLS },
    value: { type: 'number' },
  },
  apply: ({ pixels, height, width, channels }, { rows, columns, fill, value }) => {
    if (rows === 0 && columns === 0) return;
    const before = scratchCopy(pixels);
    const within = (i: number, size: number) =>
      i >= 0 && i < size
        ? i
        : fill === 'constant'
          ? -1
          : fill === 'nearest'
            ? i < 0
              ? 0
              : size - 1
            : mirrored(i, size);
    for (let row = 0, o = 0; row < height; row++) {
      const fromRow = within(row + rows, height);
      for (let column = 0; column < width; column++) {
        const fromColumn = within(column + columns, width);
        const outside = fromRow < 0 || fromColumn < 0;
        const from = (fromRow * width + fromColumn) * channels;
        for (let c = 0; c < channels; c++) pixels[o++] = outside ? value : before[from + c];
      }
    }
  },
};
