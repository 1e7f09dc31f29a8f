import { expectImages, InputError, type Images } from '@convlens/core';
import { PixelHistogram } from './pixel-histogram.js';

/**
 * The mean and the standard deviation (of the population) of each channel, of pixels scaled to [0, 1]. They fit
 * Preprocessing: `{ scale: 1 / 255, ...pixelStatistics(train) }`.
 *
 * @throws InputError if there is no image.
 */
export function pixelStatistics(images: Images): { mean: number[]; std: number[] } {
  expectImages('images', images);
  const { pixels, channels } = images;
  if (images.count === 0) throw new InputError('Expected at least one image, got none');
  if (pixels instanceof Uint8Array) {
    const histogram = new PixelHistogram(channels);
    histogram.add(pixels);
    return histogram.statistics();
  }
  const size = pixels.length / channels;
  const mean: number[] = [];
  const std: number[] = [];
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let i = c; i < pixels.length; i += channels) sum += pixels[i];
    const center = sum / size;
    let squares = 0;
    for (let i = c; i < pixels.length; i += channels) squares += (pixels[i] - center) ** 2;
    mean.push(center / 255);
    std.push(Math.sqrt(squares / size) / 255);
  }
  return { mean, std };
}

/**
 * The number of images of each class, in the order of classNames.
 *
 * @throws InputError if the images have no labels.
 */
export function classCounts(images: Images): number[] {
  expectImages('images', images);
  if (!images.labels) throw new InputError(`Expected ${images.name} to have labels, got none`);
  const counts = images.classNames.map(() => 0);
  for (const label of images.labels) counts[label]++;
  return counts;
}
