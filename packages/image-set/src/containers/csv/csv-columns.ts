import { InputError } from '@convlens/core';

/** Where a CSV file of pixels holds the label, the pixels and the split of an image. */
export interface CsvColumns {
  readonly label: number;
  readonly labelName: string;
  /** One column that lists all pixels, or a column for each. */
  readonly pixels: number | readonly number[];
  readonly split?: number;
}

const LABELS = ['label', 'labels', 'emotion', 'class', 'target', 'y'];
const LISTS = ['pixels', 'pixel', 'image', 'images'];
const SPLITS = ['usage', 'split', 'set'];

/** pixel0, px_1, p1, 3, 1x28. */
const PIXEL = /^(?:(?:pixel|px|p)?[ _-]?\d+|\d+x\d+)$/;

/** Those of 8 x 8: fewer columns are rather features than pixels. */
const MIN_PIXELS = 64;

/**
 * Finds the columns by their names in the first line.
 *
 * @returns undefined if there are no pixels: the file holds something else
 * @throws InputError if there are pixels and no label
 */
export function csvColumns(
  header: readonly string[],
  { name, labelColumn }: { name: string; labelColumn?: string },
): CsvColumns | undefined {
  const names = header.map((column) => column.trim().toLowerCase());
  const each = names.flatMap((column, index) => (PIXEL.test(column) ? [index] : []));
  const list = names.findIndex((column) => LISTS.includes(column));
  const pixels = each.length >= MIN_PIXELS ? each : list >= 0 ? list : undefined;
  if (pixels === undefined) return undefined;
  const label =
    labelColumn === undefined
      ? names.findIndex((column) => LABELS.includes(column))
      : header.findIndex((column) => column.trim() === labelColumn);
  const others = header.filter((_, index) => !each.includes(index)).map((column) => column.trim());
  if (label < 0)
    throw new InputError(
      `Expected a column ${labelColumn ?? 'label'} beside the pixels in ${name}, got ${others.slice(0, 10).join(', ') || 'pixels alone'}`,
    );
  const split = names.findIndex((column) => SPLITS.includes(column));
  return { label, labelName: header[label].trim(), pixels, ...(split >= 0 && { split }) };
}
