import { BLOCK_SAMPLES, BLOCK_SIDE, type JpegComponent } from './jpeg-frame.js';
import { inverseDct } from './jpeg-idct.js';

/** A component with its samples, and with its coefficients if they come in several scans. */
export interface JpegPlane {
  readonly component: JpegComponent;
  /** storedRows x storedColumns blocks, as an image. */
  readonly samples: Uint8ClampedArray;
  /** The samples of a row in memory. */
  readonly stride: number;
  /** 64 of each block, in the order of the image; of a progressive image only. */
  readonly coefficients?: Int16Array;
  /** The quantization table, in the order of the image, from the first scan on. */
  quantization?: Uint16Array;
}

export function planeOf(component: JpegComponent, { isProgressive }: { isProgressive: boolean }): JpegPlane {
  const { storedColumns, storedRows } = component;
  const count = storedColumns * storedRows * BLOCK_SAMPLES;
  return {
    component,
    samples: new Uint8ClampedArray(count),
    stride: storedColumns * BLOCK_SIDE,
    coefficients: isProgressive ? new Int16Array(count) : undefined,
  };
}

/** Computes the samples of a plane from its coefficients. */
export function transformPlane({ component, samples, stride, coefficients, quantization }: JpegPlane): void {
  const { blockColumns, blockRows, storedColumns } = component;
  if (!coefficients || !quantization) return;
  for (let row = 0; row < blockRows; row++)
    for (let column = 0; column < blockColumns; column++) {
      const start = (row * storedColumns + column) * BLOCK_SAMPLES;
      const block = coefficients.subarray(start, start + BLOCK_SAMPLES);
      const offset = row * BLOCK_SIDE * stride + column * BLOCK_SIDE;
      inverseDct(block, quantization, { samples, offset, stride });
    }
}
