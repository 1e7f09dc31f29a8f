import { join } from 'node:path';
import type { ImageSet } from '@convlens/core';
import { classCounts } from '@convlens/image-set';
import { renderFigures } from '@convlens/pipeline';
import { imageGrid } from '@convlens/render-d3';
import { withOutputFolder } from '../runs/output-folder.js';
import { renderOptions } from './render-options.js';

const MAX_CLASSES = 200;
/** With more classes, one image per class is shown. */
const MANY_CLASSES = 20;
const COLUMNS = 8;
/** With fewer images in some class, rows do not match classes. */
const MIN_ROW_LENGTH = 4;
const COLUMNS_FOR_MANY_CLASSES = 10;

/** Renders the first images of each class, one row per class, as SVG and PNG into a folder; returns the paths. */
export async function renderContactSheet(images: ImageSet, folder: string): Promise<string[]> {
  const indicesByClass: number[][] = images.classNames.slice(0, MAX_CLASSES).map(() => []);
  const perClass = indicesByClass.length > MANY_CLASSES ? 1 : COLUMNS;
  images.labels!.forEach((label, i) => {
    if (indicesByClass[label]?.length < perClass) indicesByClass[label].push(i);
  });
  const nonEmptyRows = indicesByClass.filter((row) => row.length > 0);
  const fewest = Math.min(...nonEmptyRows.map((row) => row.length));
  // One row per class, of equal lengths, unless some class has very few images.
  const areRows = fewest >= MIN_ROW_LENGTH;
  const indices = nonEmptyRows.flatMap((row) => (areRows ? row.slice(0, fewest) : row));
  const columns = perClass === 1 ? COLUMNS_FOR_MANY_CLASSES : areRows ? fewest : COLUMNS;
  const classes =
    nonEmptyRows.length < images.classNames.length ? `${nonEmptyRows.length} classes` : 'each class';
  const title = `First ${perClass === 1 ? 'image' : 'images'} of ${classes} (number of images): ${images.name}`;
  const counts = classCounts(images);
  const named = {
    ...images,
    classNames: images.classNames.map((name, label) => `${name} (${counts[label]})`),
  };
  const render = (options: object) => imageGrid(named, { ...options, indices, columns, title });
  return withOutputFolder(folder, { command: 'convlens data', lock: false }, async (store) => {
    await renderFigures([{ name: 'contact_sheet', caption: title, render }], { ...renderOptions(), store });
    return ['svg', 'png'].map((type) => join(store.location, `contact_sheet.${type}`));
  });
}
