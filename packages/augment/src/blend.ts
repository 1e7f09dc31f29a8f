/** Moves every value away from `centre` by a factor, and cuts at 0 and 255. */
export function stretch(pixels: Float32Array, factor: number, centre: number): void {
  for (let i = 0; i < pixels.length; i++) {
    const value = factor * pixels[i] + (1 - factor) * centre;
    pixels[i] = value < 0 ? 0 : value > 255 ? 255 : value;
  }
}

/** The brightness of a pixel of red, green and blue (ITU-R BT.601, as torchvision rounds it). */
export const RED = 0.2989;
export const GREEN = 0.587;
export const BLUE = 0.114;

/** What brightness, contrast and saturation draw. */
export const FACTOR = { factor: { type: 'number', min: 0 } } as const;
