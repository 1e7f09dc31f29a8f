import type { ImageSet } from '@convlens/core';
import { folderStore } from '@convlens/storage/node';
import { drawFigures } from '@convlens/pipeline';
import { imageGrid } from '@convlens/render-d3';
import { drawing } from './drawing.js';

const MOST_CLASSES = 200;
/** With more classes than so many, one image of each says enough. */
const MANY_CLASSES = 20;
const COLUMNS = 8;
/** With fewer images in some class, rows of one class each would be too short. */
const FEW = 4;
const COLUMNS_OF_MANY = 10;

/** Draws the first images of each class, a row a class, as SVG and PNG into a folder; returns the paths. */
export async function drawContactSheet(images: ImageSet, folder: string): Promise<string[]> {
  const found: number[][] = images.classNames.slice(0, MOST_CLASSES).map(() => []);
  const wanted = found.length > MANY_CLASSES ? 1 : COLUMNS;
  images.labels!.forEach((label, i) => {
    if (found[label]?.length < wanted) found[label].push(i);
  });
  const some = found.filter((row) => row.length > 0);
  const fewest = Math.min(...some.map((row) => row.length));
  // Rows stay rows where every class has as many; where one has very few, rather more of the others.
  const areRows = fewest >= FEW;
  const indices = some.flatMap((row) => (areRows ? row.slice(0, fewest) : row));
  const columns = wanted === 1 ? COLUMNS_OF_MANY : areRows ? fewest : COLUMNS;
  const store = folderStore(folder);
  const classes = some.length < images.classNames.length ? `${some.length} classes` : 'each class';
  const title = `The first ${wanted === 1 ? 'image' : 'images'} of ${classes} of ${images.name}`;
  const draw = (options: object) => imageGrid(images, { ...options, indices, columns, title });
  await drawFigures([{ name: 'contact_sheet', caption: title, draw }], { ...drawing(), store });
  return ['svg', 'png'].map((type) => `${store.location}/contact_sheet.${type}`);
}
