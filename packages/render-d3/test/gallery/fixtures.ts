import type { StrengthRow } from '../../src/index.js';
import * as make from '../support/records.js';

export type GalleryImages = ReturnType<typeof make.makeImages>;

/** Names that are difficult to lay out. */
export const LONG = [
  'a class whose name goes on and on without an end in sight',
  'Ångström–Größe 日本語',
  '<script>alert("x")</script>',
  ...make.CLASS_NAMES.slice(3),
];

export const HUNDRED = Array.from({ length: 100 }, (_, i) => `${make.CLASS_NAMES[i % 10]} ${i}`);

/** The width of a figure on a phone in pixels. */
export const PHONE = { width: 360 };

export const firstOf = (images: GalleryImages): GalleryImages => ({
  ...images,
  count: 1,
  pixels: images.pixels.slice(0, images.height * images.width * images.channels),
  labels: images.labels?.slice(0, 1),
});

/** A step that darkens an image at five strengths. */
export function strengthRow(original: GalleryImages, step: string): StrengthRow {
  const factors = [0.9, 0.7, 0.5, 0.3, 0.1];
  const pixels = factors.flatMap((factor) => Array.from(original.pixels, (pixel) => pixel * factor));
  const images = { ...original, count: 5, labels: undefined, pixels: Float32Array.from(pixels) };
  return { step, images, strengths: factors.map(String) };
}
