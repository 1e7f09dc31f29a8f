import { escapeControls, formatCount, InputError } from '@convlens/core';
import { PassedOver } from '../../layout/passed-over.js';
import { FOLDER_SPLITS, type SplitName } from '../../layout/split-name.js';
import { csvColumns, type CsvColumns } from './csv-columns.js';
import { csvFields, csvLines } from './csv-lines.js';
import { chunksOf } from './chunks-of.js';
import { GrowingBytes } from './growing-bytes.js';
import type { ImageRecords } from '../image-records.js';
import type { RecordOptions, SplitFile } from '../record-options.js';
import { arrayRecords, type PixelArray } from '../pixel-arrays.js';
import { inSplitOrder, layoutOfRecords, type RecordLabel } from '../record-layout.js';
import { splitOfRecord } from './split-of-record.js';

/**
 * The images in CSV files of pixels, a line each: the columns label, pixel0, pixel1, ...; or emotion, pixels, Usage, as FER2013.
 * Undefined if there is no such file: CSV files may hold anything else.
 *
 * @throws InputError that names the line of a value that is no pixel
 */
export async function csvRecords(
  files: readonly SplitFile[],
  location: string,
  { classNames, labelColumn }: RecordOptions,
): Promise<ImageRecords | undefined> {
  const passedOver = new PassedOver();
  const tables: CsvTable[] = [];
  for (const file of files) {
    const table = await readTable(file, labelColumn);
    if (table) tables.push(table);
    else passedOver.add('no pixels', file.file.name);
  }
  if (tables.length === 0) return undefined;
  const [first] = tables;
  const other = tables.find(({ side }) => side !== first.side);
  if (other)
    throw new InputError(
      `Expected images of one size in ${location}, got ${first.side} x ${first.side} in ${first.name} and ${other.side} x ${other.side} ` +
        `in ${other.name}`,
    );
  const parts = inSplitOrder(tables.flatMap(partsOf));
  const layout = layoutOfRecords(parts, {
    location,
    labelsFrom: `the column ${first.columns.labelName}`,
    classNames,
    passedOver,
  });
  return arrayRecords(location, parts, layout);
}

/** The images of a file, in the order of its lines. */
interface CsvTable {
  readonly name: string;
  readonly columns: CsvColumns;
  readonly side: number;
  readonly pixels: GrowingBytes;
  readonly labels: readonly RecordLabel[];
  readonly splits: readonly SplitName[];
}

async function readTable(
  { file, split }: SplitFile,
  labelColumn: string | undefined,
): Promise<CsvTable | undefined> {
  const { name } = file;
  let columns: CsvColumns | undefined;
  let side = 0;
  const pixels = new GrowingBytes();
  const labels: string[] = [];
  const splits: SplitName[] = [];
  for await (const { line, text } of csvLines(chunksOf(file), name)) {
    const fields = csvFields(text);
    if (!columns) {
      columns = csvColumns(fields, { name, labelColumn });
      if (!columns) return undefined;
      continue;
    }
    const at = `line ${line} of ${name}`;
    const values = valuesOf(fields, columns, at);
    side ||= sideOf(values.length, at);
    if (values.length !== side * side)
      throw new InputError(`Expected ${side * side} pixels in ${at}, as before, got ${values.length}`);
    for (const value of values) pixels.push(pixelOf(value, at));
    labels.push((fields[columns.label] ?? '').trim());
    splits.push(columns.split === undefined ? split : splitOfRecord(fields[columns.split] ?? '', at));
  }
  return columns && { name, columns, side, pixels, labels: readLabels(labels), splits };
}

function valuesOf(fields: readonly string[], { pixels }: CsvColumns, at: string): readonly string[] {
  if (typeof pixels === 'number') return (fields[pixels] ?? '').trim().split(/\s+/);
  const last = pixels[pixels.length - 1];
  if (fields.length <= last)
    throw new InputError(
      `Expected ${formatCount(last + 1)} columns in ${at}, got ${formatCount(fields.length)}`,
    );
  return pixels.map((index) => fields[index]);
}

function sideOf(count: number, at: string): number {
  const side = Math.sqrt(count);
  if (Number.isInteger(side)) return side;
  throw new InputError(
    `Expected the pixels of a gray square in ${at}, such as 28 x 28, got ${formatCount(count)} of them`,
  );
}

function pixelOf(text: string, at: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 255 && text.trim() !== '') return value;
  throw new InputError(
    `Expected a pixel from 0 to 255 in ${at}, got ${JSON.stringify(escapeControls(text.slice(0, 40)))}`,
  );
}

/** Numbers where all of them are numbers, else names. */
function readLabels(labels: readonly string[]): RecordLabel[] {
  const isNumbered = labels.every((label) => label === '' || /^-?\d+(\.0*)?$/.test(label));
  return labels.map((label) => (label === '' ? undefined : isNumbered ? Number(label) : label));
}

/** The images of each split of a table. */
function partsOf({ name, side, pixels, labels, splits }: CsvTable): PixelArray[] {
  return FOLDER_SPLITS.flatMap((split) => {
    const lines = splits.flatMap((one, line) => (one === split ? [line] : []));
    if (lines.length === 0) return [];
    return [
      {
        split,
        height: side,
        width: side,
        channels: 1,
        labels: lines.map((line) => labels[line]),
        nameOf: (row) => `${name}, image ${lines[row] + 1}`,
        pixelsOf: (row) => pixels.subarray(lines[row] * side * side, (lines[row] + 1) * side * side),
      },
    ];
  });
}
