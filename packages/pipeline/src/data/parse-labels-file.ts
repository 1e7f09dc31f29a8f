import { expectString, InputError } from '@convlens/core';
import type { ReadFolderLayoutOptions } from '@convlens/image-set/folder';

/**
 * The CSV file with the classes of a folder, and its columns: "labels.csv" or "labels.csv:id,label".
 *
 * @throws InputError that shows the form.
 */
export function parseLabelsFile(text: string | undefined): ReadFolderLayoutOptions {
  if (text === undefined) return {};
  const [, file, id, label] = /^([^:]+?)(?::([^:,]+),([^:,]+))?$/.exec(expectString('labels', text)) ?? [];
  if (file === undefined)
    throw new InputError(
      `Expected labels to be FILE or FILE:ID,LABEL, such as labels.csv or labels.csv:id,label, got ${JSON.stringify(text)}`,
    );
  return { labels: file, ...(id !== undefined && { labelColumns: { id: id.trim(), label: label.trim() } }) };
}
