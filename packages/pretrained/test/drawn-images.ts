import type { ImageSet } from '@convlens/core';
import { makeShapes } from '@convlens/image-set/shapes';
import type { ModelCard } from '../src/index.js';

/** Drawn shapes in the size that a network reads, cut from their middle; grey is the green of them. */
export function drawnImages({ inputShape, classNames }: ModelCard, count: number): ImageSet {
  const [height, width, channels] = inputShape;
  const shapes = makeShapes({ count, split: 'test' });
  const [top, left] = [(shapes.height - height) >> 1, (shapes.width - width) >> 1];
  const pixels = new Uint8Array(count * height * width * channels);
  for (let at = 0; at < pixels.length; at++) {
    const channel = channels === 1 ? 1 : at % channels;
    const place = Math.floor(at / channels);
    const x = left + (place % width);
    const y = top + (Math.floor(place / width) % height);
    const image = Math.floor(place / width / height);
    pixels[at] = shapes.pixels[((image * shapes.height + y) * shapes.width + x) * 3 + channel];
  }
  return { kind: 'image-set', name: 'drawn', pixels, count, height, width, channels, classNames };
}
