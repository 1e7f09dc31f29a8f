import type { ImageSet } from '@convlens/core';
import { folderStore } from '@convlens/core/node';
import { drawFigures } from '@convlens/pipeline';
import { imageGrid } from '@convlens/render-d3';
import { drawing } from './drawing.js';

const MOST_CLASSES = 20;
const COLUMNS = 8;

/** Draws the first images of each class, a row a class, as SVG and PNG into a folder; returns the paths. */
export async function drawContactSheet(images: ImageSet, folder: string): Promise<string[]> {
  const classes = images.classNames.slice(0, MOST_CLASSES).map((_, label) => label);
  const rows = classes.map((label) => {
    const found: number[] = [];
    for (let i = 0; i < images.count && found.length < COLUMNS; i++)
      if (images.labels![i] === label) found.push(i);
    return found;
  });
  // Rows stay rows only where every class has as many.
  const indices = rows.flat();
  const store = folderStore(folder);
  const title = `The first images of each class of ${images.name}`;
  const draw = (options: object) => imageGrid(images, { ...options, indices, columns: COLUMNS, title });
  await drawFigures([{ name: 'contact_sheet', caption: title, draw }], { ...drawing(), store });
  return ['svg', 'png'].map((type) => `${store.location}/contact_sheet.${type}`);
}
