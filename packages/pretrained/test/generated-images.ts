import type { ImageSet } from '@convlens/core';
import { generateShapes } from '@convlens/image-set/shapes';
import type { ModelCard } from '../src/index.js';

/**
 * Generated shapes, cropped in the center to the input size of a model. Gray images have the green channel.
 */
export function generatedImages({ inputShape, classNames }: ModelCard, count: number): ImageSet {
  const [height, width, channels] = inputShape;
  const shapes = generateShapes({ count, split: 'test' });
  const [top, left] = [(shapes.height - height) >> 1, (shapes.width - width) >> 1];
  const pixels = new Uint8Array(count * height * width * channels);
  for (let i = 0; i < pixels.length; i++) {
    const channel = channels === 1 ? 1 : i % channels;
    const position = Math.floor(i / channels);
    const column = left + (position % width);
    const row = top + (Math.floor(position / width) % height);
    const image = Math.floor(position / width / height);
    pixels[i] = shapes.pixels[((image * shapes.height + row) * shapes.width + column) * 3 + channel];
  }
  return { kind: 'image-set', name: 'generated', pixels, count, height, width, channels, classNames };
}
