import type { FigureOptions, StrengthRow } from '../../src/index.js';
import * as make from '../records.js';

export type MadeImages = ReturnType<typeof make.makeImages>;

/** A figure on fixed records: snapshot, item of the gallery and example at once. */
export type Item = (options: FigureOptions, images: MadeImages) => SVGSVGElement;

/** Names that are hard to lay out. */
export const LONG = [
  'a class whose name goes on and on without an end in sight',
  'Ångström–Größe 日本語',
  '<script>alert("x")</script>',
  ...make.CLASS_NAMES.slice(3),
];

export const HUNDRED = Array.from({ length: 100 }, (_, i) => `${make.CLASS_NAMES[i % 10]} ${i}`);

export const STRENGTHS = [
  'brightness',
  'contrast',
  'noise',
  'cutout',
  'mixup',
  'cutmix',
  'shear',
  'zoom',
  'erase',
];

export const firstOf = (images: MadeImages): MadeImages => ({
  ...images,
  count: 1,
  pixels: images.pixels.slice(0, images.height * images.width * images.channels),
  labels: images.labels?.slice(0, 1),
});

/** A step that darkens, named as one will. */
export function strengthRow(original: MadeImages, step: string): StrengthRow {
  const factors = [0.9, 0.7, 0.5, 0.3, 0.1];
  const pixels = factors.flatMap((factor) => Array.from(original.pixels, (level) => level * factor));
  const images = { ...original, count: 5, labels: undefined, pixels: Float32Array.from(pixels) };
  return { step, images, strengths: factors.map(String) };
}
