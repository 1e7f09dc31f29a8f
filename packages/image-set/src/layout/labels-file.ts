import { InputError } from '@convlens/core';
import type { BlobReader } from '@convlens/storage';
import { csvParseRows } from 'd3-dsv';
import { splitNameOf, type SplitName } from './split-name.js';

/** The columns of a labels file, by their names in its first line. */
export interface LabelColumns {
  /** The name of an image file, with or without its folder and its extension. */
  readonly id: string;
  /** The class. */
  readonly label: string;
}

/** A CSV file with the classes of images. */
export interface LabelsFile {
  /** Its path in the folder. */
  readonly name: string;
  /** The split whose images it labels, if its name says one. */
  readonly split: SplitName | undefined;
  /** The class of an image, by its path; undefined if the file does not say it. */
  classOf(path: string): string | undefined;
}

const ID_COLUMNS = [
  'id',
  'image',
  'imageid',
  'imagename',
  'filename',
  'file',
  'filepath',
  'path',
  'name',
  'img',
];
const LABEL_COLUMNS = [
  'label',
  'labels',
  'class',
  'classname',
  'category',
  'target',
  'breed',
  'species',
  'diagnosis',
];

const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z]/g, '');

/** The names that an image can have in a labels file: its path, its file name, both without the extension. */
function namesOf(path: string): string[] {
  const file = path.slice(path.lastIndexOf('/') + 1);
  return [path, file, path.replace(/\.\w+$/, ''), file.replace(/\.\w+$/, '')];
}

/** The split that a name such as trainLabels.csv or labels_test.csv says. */
function splitOf(name: string): SplitName | undefined {
  const words = name.slice(name.lastIndexOf('/') + 1).replace(/([a-z])([A-Z])/g, '$1 $2');
  const splits = words.split(/[^\p{L}]+/u).map(splitNameOf);
  return splits.find((split) => split !== undefined);
}

/**
 * Reads a CSV file with the classes of images. Without `columns` they are found by their names, or are the two that the file
 * has.
 *
 * @throws InputError if `columns` are not in its first line, if a line lacks one, or if it gives an image two classes.
 */
export async function readLabelsFile(
  reader: BlobReader,
  name: string,
  columns?: LabelColumns,
): Promise<LabelsFile | undefined> {
  const bytes = await reader.read(name);
  if (!bytes) throw new InputError(`Expected a file with labels, found no ${name} in ${reader.location}`);
  const file = `${reader.location}/${name}`;
  const [header = [], ...rows] = csvParseRows(new TextDecoder().decode(bytes).replace(/^\uFEFF/, ''));
  const places = columns ? namedColumns(header, columns, file) : foundColumns(header);
  if (!places) return undefined;
  const classes = new Map<string, string>();
  for (const [i, row] of rows.entries()) {
    if (row.length === 1 && row[0].trim() === '') continue;
    const [id, label] = places.map((column) => row[column]?.trim() ?? '');
    if (id === '' || label === '')
      throw new InputError(
        `${file}: expected an image and its class in line ${i + 2}, got ${JSON.stringify(row.join(','))}`,
      );
    const known = classes.get(id);
    if (known !== undefined && known !== label)
      throw new InputError(`${file}: expected one class of ${id}, got ${known} and ${label} (line ${i + 2})`);
    classes.set(id, label);
  }
  const classOf = (path: string) =>
    namesOf(path)
      .map((id) => classes.get(id))
      .find((label) => label !== undefined);
  return { name, split: splitOf(name), classOf };
}

function namedColumns(
  header: readonly string[],
  { id, label }: LabelColumns,
  file: string,
): [number, number] {
  const places = [id, label].map((column) => header.findIndex((name) => name.trim() === column));
  const missing = [id, label].find((_, i) => places[i] < 0);
  if (missing !== undefined)
    throw new InputError(
      `${file}: expected a column ${missing}, got ${header.map((name) => name.trim()).join(', ')}`,
    );
  return places as [number, number];
}

function foundColumns(header: readonly string[]): [number, number] | undefined {
  const names = header.map(plain);
  const id = names.findIndex((name) => ID_COLUMNS.includes(name));
  const label = names.findIndex((name) => LABEL_COLUMNS.includes(name));
  if (id >= 0 && label >= 0) return [id, label];
  return undefined;
}
