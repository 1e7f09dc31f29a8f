import type { FigureOptions } from '../src/index.js';
import * as answers from './gallery/answers.js';
import * as explanations from './gallery/explanations.js';
import * as filters from './gallery/filters.js';
import * as layers from './gallery/layers.js';
import type { Item, MadeImages } from './gallery/materials.js';
import * as training from './gallery/training.js';
import { makeImages } from './records.js';

/** Every figure, with the cases that are hard to lay out: what the snapshots hold, and the page of the gallery shows. */
export const GALLERY: Readonly<Record<string, Item>> = {
  ...training,
  ...answers,
  ...layers,
  ...filters,
  ...explanations,
};

/** Draws all of it, on made images unless others are given. */
export function drawGallery(
  options: FigureOptions = {},
  images: MadeImages = makeImages(),
): Record<string, SVGSVGElement> {
  return Object.fromEntries(Object.entries(GALLERY).map(([name, item]) => [name, item(options, images)]));
}
