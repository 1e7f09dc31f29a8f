import { reflectIndex } from '../../geometry/border.js';
import type { MutableImage } from '../../geometry/image.js';
import type { ImageDefinition } from '../definition.js';
import { scratchCopy } from './scratch.js';

export const CROP_FILL_MODES = ['constant', 'nearest', 'reflect'] as const;
export type CropFillMode = (typeof CROP_FILL_MODES)[number];

/**
 * Pads every side by `padding` pixels (>= 0), then cuts out a window of the original size at a random
 * position: a shift by whole pixels (He et al. 2016, section 4.2; torchvision: RandomCrop(size, padding),
 * whose modes are constant, edge and symmetric).
 */
export interface Crop {
  readonly kind: 'crop';
  readonly padding: number;
  /** The values of the padding; default 'constant'. */
  readonly fill?: CropFillMode;
  /** The value of a constant padding, 0 to 255; default 0. */
  readonly value?: number;
}

/** Output pixel (row, column) is input pixel (row + rows, column + columns). */
export interface CropOperation {
  readonly kind: 'crop';
  readonly rows: number;
  readonly columns: number;
  readonly fill: CropFillMode;
  readonly value: number;
}

export const crop: ImageDefinition<Crop, CropOperation> = {
  id: 'crop',
  family: 'image',
  keyword: 'crop',
  mainOption: 'padding',
  schema: {
    padding: { type: 'integer', min: 0, max: 10_000 },
    fill: { type: 'choice', choices: CROP_FILL_MODES, optional: true },
    value: { type: 'number', min: 0, max: 255, optional: true },
  },
  sample: ({ padding, fill = 'constant', value = 0 }, random) => ({
    kind: 'crop',
    rows: Math.floor(random() * (2 * padding + 1)) - padding,
    columns: Math.floor(random() * (2 * padding + 1)) - padding,
    fill,
    value,
  }),
  operationSchema: {
    rows: { type: 'integer' },
    columns: { type: 'integer' },
    fill: { type: 'choice', choices: CROP_FILL_MODES },
    value: { type: 'number' },
  },
  apply: cropImage,
  movePoint: ({ row, column }, { rows, columns }) => ({ row: row - rows, column: column - columns }),
  moveMask: (mask, operation, fillValue) => cropImage(mask, { ...operation, value: fillValue }),
};

function cropImage(image: MutableImage, { rows, columns, fill, value }: CropOperation): void {
  if (rows === 0 && columns === 0) return;
  const { pixels, height, width, channels } = image;
  const source = scratchCopy(pixels);
  for (let row = 0, o = 0; row < height; row++) {
    const inputRow = inputIndex(row + rows, height, fill);
    for (let column = 0; column < width; column++) {
      const inputColumn = inputIndex(column + columns, width, fill);
      const isPadding = inputRow < 0 || inputColumn < 0;
      const start = (inputRow * width + inputColumn) * channels;
      for (let c = 0; c < channels; c++) pixels[o++] = isPadding ? value : source[start + c];
    }
  }
}

/** The row or column that `index` reads; -1 in a constant padding. */
function inputIndex(index: number, size: number, fill: CropFillMode): number {
  if (index >= 0 && index < size) return index;
  if (fill === 'constant') return -1;
  if (fill === 'reflect') return reflectIndex(index, size);
  return index < 0 ? 0 : size - 1;
}
