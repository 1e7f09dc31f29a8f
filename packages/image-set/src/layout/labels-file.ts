import { InputError, isInputError } from '@convlens/core';
import type { BlobReader } from '@convlens/storage';
import { csvParseRows } from 'd3-dsv';
import { readSplitName, type SplitName } from './split-name.js';

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
  /** The class of an image by its path, or by its file name too; undefined if the file does not say it. */
  classOf(path: string, options: { readonly byFileName: boolean }): string | undefined;
}

const ID_COLUMNS = [
  'id',
  'image',
  'imageid',
  'imagename',
  'imageindex',
  'filename',
  'file',
  'filepath',
  'path',
  'name',
  'img',
];
const LABEL_COLUMNS = [
  ...['label', 'labels', 'class', 'classname', 'category', 'target', 'breed', 'species', 'diagnosis', 'dx'],
  'findinglabels',
];

const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z]/g, '');
const withoutExtension = (name: string) => name.replace(/\.\w+$/, '');

/** Files of competitions in which all classes are placeholders. */
const isSubmission = (name: string) => /submission/i.test(name);

/**
 * Reads a CSV file with the classes of images. Without `columns` they are found by their names: undefined if they are not there.
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
  const indices = columns ? namedColumns(header, columns, file) : foundColumns(header);
  if (!indices) return undefined;
  const classes = readClasses(rows, indices, file);
  const fileName = name.slice(name.lastIndexOf('/') + 1);
  return {
    name,
    split: readSplitName(withoutExtension(fileName)).split,
    classOf(path, { byFileName }) {
      const paths = byFileName ? [path, path.slice(path.lastIndexOf('/') + 1)] : [path];
      const ids = paths.flatMap((one) => [one, withoutExtension(one)]);
      return ids.map((id) => classes.get(id)).find((label) => label !== undefined);
    },
  };
}

/** The CSV files of a folder that say classes, and why others that have the columns cannot be read. */
export interface FoundLabels {
  readonly files: readonly LabelsFile[];
  readonly faults: readonly string[];
}

export async function findLabelsFiles(reader: BlobReader, names: readonly string[]): Promise<FoundLabels> {
  const files: LabelsFile[] = [];
  const faults: string[] = [];
  for (const name of names) {
    if (!/\.csv$/i.test(name) || isSubmission(name)) continue;
    try {
      const file = await readLabelsFile(reader, name);
      if (file) files.push(file);
    } catch (error) {
      if (!isInputError(error)) throw error;
      faults.push(error.message);
    }
  }
  return { files, faults };
}

function readClasses(
  rows: readonly (readonly string[])[],
  indices: readonly number[],
  file: string,
): ReadonlyMap<string, string> {
  const classes = new Map<string, string>();
  for (const [i, row] of rows.entries()) {
    if (row.length === 1 && row[0].trim() === '') continue;
    const [id, label] = indices.map((column) => row[column]?.trim() ?? '');
    if (id === '' || label === '')
      throw new InputError(
        `${file}: expected an image and its class in line ${i + 2}, got ${JSON.stringify(row.join(','))}`,
      );
    const known = classes.get(id);
    if (known !== undefined && known !== label)
      throw new InputError(`${file}: expected one class of ${id}, got ${known} and ${label} (line ${i + 2})`);
    classes.set(id, label);
  }
  return classes;
}

function namedColumns(header: readonly string[], { id, label }: LabelColumns, file: string): number[] {
  const indices = [id, label].map((column) => header.findIndex((name) => name.trim() === column));
  const missing = [id, label].find((_, i) => indices[i] < 0);
  if (missing !== undefined)
    throw new InputError(
      `${file}: expected a column ${missing}, got ${header.map((name) => name.trim()).join(', ')}`,
    );
  return indices;
}

function foundColumns(header: readonly string[]): number[] | undefined {
  const names = header.map(plain);
  const id = names.findIndex((name) => ID_COLUMNS.includes(name));
  const label = names.findIndex((name) => LABEL_COLUMNS.includes(name));
  return id >= 0 && label >= 0 ? [id, label] : undefined;
}
