/** Red, green and blue, 0..255. */
export type RgbColor = readonly [red: number, green: number, blue: number];

export const BLACK: RgbColor = [0, 0, 0];

/**
 * Samples as three bytes per pixel: gray (1 channel), gray and alpha (2), color (3), or color and alpha (4), of 1 to 8 bits.
 * Transparent pixels are blended with `background`.
 */
export function toRgb(
  samples: ArrayLike<number>,
  { channels, depth, background = BLACK }: { channels: number; depth: number; background?: RgbColor },
): Uint8Array {
  if (channels === 3 && depth === 8 && samples instanceof Uint8Array) return samples;
  const count = samples.length / channels;
  const rgb = new Uint8Array(count * 3);
  const hasAlpha = channels === 2 || channels === 4;
  const max = 2 ** depth - 1;
  const scale = 255 / max;
  const [green, blue] = channels < 3 ? [0, 0] : [1, 2];
  for (let i = 0, from = 0, to = 0; i < count; i++, from += channels, to += 3) {
    const alpha = hasAlpha ? samples[from + channels - 1] : max;
    const weight = (scale * alpha) / max;
    const rest = 1 - alpha / max;
    rgb[to] = Math.round(weight * samples[from] + rest * background[0]);
    rgb[to + 1] = Math.round(weight * samples[from + green] + rest * background[1]);
    rgb[to + 2] = Math.round(weight * samples[from + blue] + rest * background[2]);
  }
  return rgb;
}
