import { InputError } from '@convlens/core';
import type { FileMetaData, SchemaElement, SchemaTree } from 'hyparquet';
import { readFeatures } from './hugging-face-features.js';

/** Where a Parquet file holds images and labels. */
export interface ParquetColumns {
  readonly image: string;
  /** The columns with the bytes of the image, and with those of its path where there is one. */
  readonly imagePaths: readonly (readonly string[])[];
  /** Whether the bytes are in a field of the column, beside a path. */
  readonly isStruct: boolean;
  readonly label: string;
  /** From the metadata of Hugging Face. */
  readonly classNames?: readonly string[];
}

export interface ParquetColumnOptions {
  readonly name: string;
  readonly imageColumn?: string;
  readonly labelColumn?: string;
}

const IMAGES = ['image', 'img', 'images', 'picture', 'photo', 'pixel_values', 'bytes'];
const LABELS = ['label', 'labels', 'class', 'target', 'category', 'label_name', 'class_name'];

/**
 * Finds the columns by the metadata of Hugging Face, by their types and by their names.
 *
 * @throws InputError if there is none, or if it is not certain which
 */
export function parquetColumns(
  { key_value_metadata }: FileMetaData,
  { children }: SchemaTree,
  { name, imageColumn, labelColumn }: ParquetColumnOptions,
): ParquetColumns {
  const { images, labels, namesOf } = readFeatures(key_value_metadata);
  const columns = new Map(children.map((child) => [child.element.name, child]));
  const choose = (what: 'image' | 'label', { chosen, named, usual, candidates }: Choice): SchemaTree => {
    const option = `${what}Column`;
    if (chosen !== undefined && columns.has(chosen)) return columns.get(chosen)!;
    const among = named.filter((one) => columns.has(one));
    const found =
      chosen !== undefined
        ? undefined
        : among.length === 1
          ? among[0]
          : (usual.find((one) => candidates.includes(one)) ??
            (candidates.length === 1 && what === 'image' ? candidates[0] : undefined));
    if (found !== undefined) return columns.get(found)!;
    const listed = children
      .map(({ element }) => element.name)
      .slice(0, 20)
      .join(', ');
    throw new InputError(
      `Expected ${chosen === undefined ? `a column with the ${what}s` : `the column ${chosen}`} in ${name}, got the columns ${listed}: ` +
        `say which (${option})`,
    );
  };
  const image = choose('image', {
    chosen: imageColumn,
    named: images,
    usual: IMAGES,
    candidates: children.filter(holdsImages).map(({ element }) => element.name),
  });
  const label = choose('label', {
    chosen: labelColumn,
    named: labels,
    usual: LABELS,
    candidates: children.filter(holdsLabels).map(({ element }) => element.name),
  });
  return {
    ...imageColumns(image, name),
    label: expectLabels(label, name),
    classNames: namesOf(label.element.name),
  };
}

interface Choice {
  readonly chosen: string | undefined;
  /** By the metadata. */
  readonly named: readonly string[];
  readonly usual: readonly string[];
  /** By their types. */
  readonly candidates: readonly string[];
}

const bytesOf = ({ children }: SchemaTree) =>
  children.find(({ element }) => element.name === 'bytes' && element.type === 'BYTE_ARRAY');

const isText = ({ converted_type, logical_type }: SchemaElement) =>
  converted_type === 'UTF8' || logical_type?.type === 'STRING';

const isSingle = ({ element }: SchemaTree) => element.repetition_type !== 'REPEATED';

const holdsImages = (column: SchemaTree): boolean =>
  isSingle(column) &&
  (bytesOf(column) !== undefined || (column.element.type === 'BYTE_ARRAY' && !isText(column.element)));

const holdsLabels = ({ element, children }: SchemaTree): boolean =>
  children.length === 0 &&
  element.repetition_type !== 'REPEATED' &&
  (['INT32', 'INT64'].includes(element.type ?? '') || (element.type === 'BYTE_ARRAY' && isText(element)));

function imageColumns(
  column: SchemaTree,
  name: string,
): Pick<ParquetColumns, 'image' | 'imagePaths' | 'isStruct'> {
  const image = column.element.name;
  if (!holdsImages(column))
    throw new InputError(
      `Expected the column ${image} in ${name} to have the bytes of PNG or JPEG files, got another type`,
    );
  const leaves = column.children.filter(({ children }) => children.length === 0);
  const isStruct = leaves.length > 0;
  if (isStruct && leaves.length < column.children.length)
    throw new InputError(
      `Expected the column ${image} in ${name} to have the fields bytes and path, got lists`,
    );
  return {
    image,
    isStruct,
    imagePaths: isStruct ? leaves.map(({ element }) => [image, element.name]) : [[image]],
  };
}

function expectLabels(column: SchemaTree, name: string): string {
  const label = column.element.name;
  if (holdsLabels(column)) return label;
  throw new InputError(
    `Expected the column ${label} in ${name} to have class indices or class names, got another type`,
  );
}
