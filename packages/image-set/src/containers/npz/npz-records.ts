import { formatCount, InputError } from '@convlens/core';
import { openArchive, readNpy, type OpenedArchive, type RandomAccess } from '@convlens/formats';
import { PassedOver } from '../../layout/passed-over.js';
import type { SplitName } from '../../layout/split-name.js';
import type { ImageRecords } from '../image-records.js';
import { imagesOf } from './npz-images.js';
import { labelsOf } from './npz-labels.js';
import { readArrayName, type ArrayName } from './npz-names.js';
import { elementsOf, type NumpyElements } from './numpy-elements.js';
import { arrayRecords, type PixelArray } from '../pixel-arrays.js';
import type { RecordOptions } from '../record-options.js';
import { inSplitOrder, layoutOfRecords } from '../record-layout.js';

const ENDING = '.npy';

/** The most bytes of one array. */
const MAX_ARRAY_BYTES = 2 ** 31 - 1;

/** Whether a zip archive holds arrays of NumPy. */
export const isNpz = (names: readonly string[]): boolean =>
  names.length > 0 && names.every((name) => name.endsWith(ENDING));

/**
 * The images in a .npz file: x_train, y_train, x_test, y_test as Keras caches its data sets, or other plain names.
 *
 * @throws InputError if the names do not say what the arrays hold, or if images and labels do not fit
 */
export async function npzRecords(file: RandomAccess, { classNames }: RecordOptions): Promise<ImageRecords> {
  const archive = await openArchive(file, { maxFileBytes: MAX_ARRAY_BYTES });
  const passedOver = new PassedOver();
  const pairs = pairsOf(await archive.list(), file.name, passedOver);
  const arrays: (PixelArray & { warnings: readonly string[] })[] = [];
  for (const pair of inSplitOrder(pairs)) arrays.push(await readPair(pair, archive));
  expectSameShape(arrays, file.name);
  const layout = layoutOfRecords(arrays, {
    location: file.name,
    labelsFrom: `the array ${pairs[0].labels}`,
    classNames,
    passedOver,
    warnings: arrays.flatMap(({ warnings }) => warnings),
  });
  return arrayRecords(file.name, arrays, layout);
}

/** The names of the two arrays of a split. */
interface Pair {
  readonly split: SplitName;
  readonly images: string;
  readonly labels: string;
}

function pairsOf(files: readonly string[], location: string, passedOver: PassedOver): Pair[] {
  const arrays = files.map((file) => file.slice(0, -ENDING.length));
  const read = arrays.flatMap((name) => readArrayName(name) ?? []);
  for (const name of arrays)
    if (!read.some((one) => one.name === name)) passedOver.add('neither images nor labels', name);
  const pairs = inSplitOrder(read.filter(({ holds }) => holds === 'images')).map(({ split, name }) => {
    const ofSplit = (holds: ArrayName['holds']) =>
      read.filter((one) => one.split === split && one.holds === holds).map((one) => one.name);
    const [labels] = ofSplit('labels');
    if (ofSplit('images').length !== 1 || ofSplit('labels').length !== 1)
      throw new InputError(
        `Expected one array of ${split} images and one of their labels in ${location}, got ${[...ofSplit('images'), ...ofSplit('labels')].join(', ')}`,
      );
    return { split, images: name, labels };
  });
  if (pairs.length > 0) return pairs;
  throw new InputError(
    `Expected the arrays x_train and y_train in ${location}, also x_test and y_test, got ${arrays.slice(0, 10).join(', ')}: save them with ` +
      'numpy.savez(file, x_train=..., y_train=...)',
  );
}

async function readPair(
  { split, images, labels }: Pair,
  archive: OpenedArchive,
): Promise<PixelArray & { warnings: readonly string[] }> {
  const pixels = imagesOf(await readArray(archive, images));
  const classes = labelsOf(await readArray(archive, labels));
  if (pixels.count !== classes.length)
    throw new InputError(
      `Expected as many labels in ${labels} as images in ${images} of ${archive.location}, which are ` +
        `${formatCount(pixels.count)}, got ${formatCount(classes.length)}`,
    );
  return { ...pixels, split, labels: classes, nameOf: (row) => `${images}[${row}]` };
}

async function readArray(archive: OpenedArchive, name: string): Promise<NumpyElements> {
  const title = `${name} in ${archive.location}`;
  const bytes = await archive.read(name + ENDING);
  if (!bytes) throw new InputError(`Expected the array ${title}, found no such file`);
  return elementsOf(readNpy(bytes, { name: title }), title);
}

/** Refuses splits whose images differ in size or channels: which of them is right is not known. */
function expectSameShape(arrays: readonly PixelArray[], location: string): void {
  const shapes = arrays.map(({ height, width, channels }) => [height, width, channels].join(' x '));
  const other = shapes.find((shape) => shape !== shapes[0]);
  if (other !== undefined)
    throw new InputError(
      `Expected images of one shape in ${location}, got ${shapes[0]} for ${arrays[0].split} and ${other} for another split`,
    );
}
