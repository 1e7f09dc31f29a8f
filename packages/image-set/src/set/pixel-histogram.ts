import { InputError } from '@convlens/core';

/** How often each value 0..255 occurs in each channel: of any number of images, in any order, the same statistics to the last bit. */
export class PixelHistogram {
  readonly #counts: Float64Array[];

  constructor(channels: number) {
    this.#counts = Array.from({ length: channels }, () => new Float64Array(256));
  }

  add(pixels: Uint8Array): void {
    const channels = this.#counts.length;
    this.#counts.forEach((counts, c) => {
      for (let i = c; i < pixels.length; i += channels) counts[pixels[i]]++;
    });
  }

  /**
   * The mean and the standard deviation (of the population) of each channel, of pixels scaled to [0, 1].
   *
   * @throws InputError if there is no image.
   */
  statistics(): { mean: number[]; std: number[] } {
    if (this.#counts[0].every((count) => count === 0))
      throw new InputError('Expected at least one image, got none');
    const all = this.#counts.map((counts) => {
      const size = sum(counts);
      const center = sum(counts, (value) => value) / size;
      return { center, std: Math.sqrt(sum(counts, (value) => (value - center) ** 2) / size) };
    });
    return { mean: all.map(({ center }) => center / 255), std: all.map(({ std }) => std / 255) };
  }
}

const sum = (counts: Float64Array, of = (_value: number) => 1): number =>
  counts.reduce((partialSum, count, value) => partialSum + count * of(value), 0);
