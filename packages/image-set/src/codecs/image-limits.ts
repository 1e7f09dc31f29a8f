import type { RgbColor } from './to-rgb.js';

export interface ImageLimits {
  /** The name of the file in messages. */
  readonly name: string;
  readonly maxPixels: number;
}

export interface DecoderOptions extends ImageLimits {
  /** The color behind transparent pixels. */
  readonly background: RgbColor;
}
