/** Scales the distance of every value from `center` by a factor; clips to 0..255. */
export function scaleAround(pixels: Float32Array, factor: number, center: number): void {
  for (let i = 0; i < pixels.length; i++) {
    const value = factor * pixels[i] + (1 - factor) * center;
    pixels[i] = value < 0 ? 0 : value > 255 ? 255 : value;
  }
}

/** The weights of the luminance (ITU-R BT.601) as torchvision rounds them. */
export const RED_LUMINANCE = 0.2989;
export const GREEN_LUMINANCE = 0.587;
export const BLUE_LUMINANCE = 0.114;

/** The fields of the operations of brightness, contrast and saturation. */
export const FACTOR_SCHEMA = { factor: { type: 'number', min: 0 } } as const;
