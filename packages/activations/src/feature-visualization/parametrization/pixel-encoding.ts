import type { Encoding } from './encoding.js';

/** The parameters are the pixels. */
export const PIXEL_ENCODING: Encoding = {
  encode: (image) => image.clone(),
  decode: (parameters) => parameters.clone(),
  pullBack: (gradient) => gradient.clone(),
  unit: 1 / 255,
  dispose: () => {},
};
