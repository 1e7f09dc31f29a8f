import { InputError, isInputError } from '@convlens/core';
import type { RandomAccess } from '@convlens/formats';
import type { AsyncBuffer, Compressors, FileMetaData } from 'hyparquet';
import { decodeImage } from '../../codecs/decode-image.js';
import type { RgbColor } from '../../codecs/to-rgb.js';
import type { ImageFile } from '../../layout/image-file.js';
import { PassedOver } from '../../layout/passed-over.js';
import type { SplitName } from '../../layout/split-name.js';
import type { ImageRecords, ReadImage } from '../image-records.js';
import { parquetColumns, type ParquetColumns } from './parquet-columns.js';
import { parquetCompressors } from './parquet-compressors.js';
import { expectPages } from './parquet-pages.js';
import type { RecordOptions, SplitFile } from '../record-options.js';
import { inSplitOrder, layoutOfRecords, type RecordLabel, type RecordPart } from '../record-layout.js';

/** More images than any file holds. */
const MAX_ROWS = 2 ** 24;

/**
 * The images in Parquet files, as Hugging Face distributes data sets: a column with the bytes of PNG or JPEG files, a column with
 * the class. Row groups are read one at a time.
 *
 * @throws InputError if a file is damaged, has no such columns, or is packed by another codec than Snappy, GZIP, ZSTD and Brotli
 */
export async function parquetRecords(
  files: readonly SplitFile[],
  location: string,
  options: RecordOptions,
): Promise<ImageRecords> {
  const tables = await Promise.all(inSplitOrder(files).map((file) => ParquetTable.open(file, options)));
  const [first] = tables;
  const named = tables.find(({ columns }) => columns.classNames !== undefined)?.columns.classNames;
  const { layout, places } = layoutOfRecords(tables, {
    location,
    labelsFrom: `the column ${first.columns.label}`,
    classNames: options.classNames ?? named,
    passedOver: new PassedOver(),
  });
  return {
    location,
    layout,
    all: [...places.keys()],
    async *images(records, background) {
      for (const [index, table] of tables.entries()) {
        const asked = records.flatMap((record, position) => {
          const { part, row } = places.get(record)!;
          return part === index ? [{ record, position, row }] : [];
        });
        yield* table.images(asked, background);
      }
    },
  };
}

interface AskedRow {
  readonly record: ImageFile;
  readonly position: number;
  readonly row: number;
}

/** A group of rows, which is read as a whole. */
interface Group {
  readonly start: number;
  readonly end: number;
}

class ParquetTable implements RecordPart {
  labels: readonly RecordLabel[] = [];

  private constructor(
    private readonly file: RandomAccess,
    readonly split: SplitName,
    private readonly metadata: FileMetaData,
    private readonly compressors: Compressors,
    readonly columns: ParquetColumns,
  ) {}

  static async open({ file, split }: SplitFile, options: RecordOptions): Promise<ParquetTable> {
    const { name } = file;
    const { metadata, tree } = await readDirectory(file);
    const columns = parquetColumns(metadata, tree, { ...options, name });
    const codecs = metadata.row_groups.flatMap((group) =>
      group.columns.flatMap(({ meta_data }) =>
        [columns.image, columns.label].includes(meta_data?.path_in_schema[0] ?? '') ? [meta_data!.codec] : [],
      ),
    );
    const compressors = await parquetCompressors(codecs, name);
    const table = new ParquetTable(file, split, metadata, compressors, columns);
    table.labels = await table.readLabels();
    return table;
  }

  nameOf(row: number): string {
    return `${this.file.name}, row ${row + 1}`;
  }

  /** The images in some rows, row group by row group. */
  async *images(asked: readonly AskedRow[], background: RgbColor | undefined): AsyncGenerator<ReadImage> {
    const { image, isStruct, imagePaths } = this.columns;
    for (const [index, { start, end }] of this.groups().entries()) {
      const inGroup = asked.filter(({ row }) => row >= start && row < end);
      if (inGroup.length === 0) continue;
      for (const path of imagePaths) await expectPages(this.file, this.metadata.row_groups[index], path);
      const cells = await this.readColumn(image, { start, end });
      for (const { record, position, row } of inGroup) {
        const bytes = bytesOf(cells[row - start], isStruct);
        if (!bytes)
          throw new InputError(
            `Expected the bytes of an image in ${record.name}, got none: embed the images in the file`,
          );
        yield {
          position,
          name: record.name,
          image: decodeImage(bytes, { name: record.name, background }),
          bytes: bytes.length,
        };
      }
    }
  }

  private groups(): Group[] {
    let end = 0;
    return this.metadata.row_groups.map(({ num_rows }) => ({ start: end, end: (end += Number(num_rows)) }));
  }

  private async readLabels(): Promise<RecordLabel[]> {
    const labels: RecordLabel[] = [];
    for (const [index, group] of this.groups().entries()) {
      if (group.end === group.start) continue;
      await expectPages(this.file, this.metadata.row_groups[index], [this.columns.label]);
      for (const cell of await this.readColumn(this.columns.label, group))
        labels.push(labelOf(cell, this.nameOf(labels.length)));
    }
    return labels;
  }

  private async readColumn(column: string, { start, end }: Group): Promise<unknown[]> {
    const { parquetReadObjects } = await import('hyparquet');
    return damagedIfThrows(this.file.name, async () => {
      const rows = await parquetReadObjects({
        file: asyncBuffer(this.file),
        metadata: this.metadata,
        columns: [column],
        rowStart: start,
        rowEnd: end,
        compressors: this.compressors,
        // Else the bytes of images are taken for texts.
        utf8: false,
        geoparquet: false,
      });
      if (rows.length !== end - start) throw new RangeError(`${rows.length} rows instead of ${end - start}`);
      return rows.map((row) => row[column] as unknown);
    });
  }
}

async function readDirectory(file: RandomAccess) {
  const { parquetMetadataAsync, parquetSchema } = await import('hyparquet');
  return damagedIfThrows(file.name, async () => {
    const metadata = await parquetMetadataAsync(asyncBuffer(file), { geoparquet: false });
    const rows = metadata.row_groups.map(({ num_rows }) => Number(num_rows));
    const total = rows.reduce((sum, count) => sum + count, 0);
    if (rows.some((count) => !(count >= 0)) || total !== Number(metadata.num_rows))
      throw new RangeError(`row groups of ${total} rows instead of ${metadata.num_rows}`);
    if (total > MAX_ROWS) throw new RangeError(`${total} rows, more than ${MAX_ROWS}`);
    return { metadata, tree: parquetSchema(metadata) };
  });
}

/** The reader of the format throws errors of many classes at damaged files. */
async function damagedIfThrows<Result>(name: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (isInputError(error)) throw error;
    throw new InputError(
      `${name}: expected a Parquet file, found a damaged one: ${(error as Error).message}`,
    );
  }
}

const asyncBuffer = (file: RandomAccess): AsyncBuffer => ({
  byteLength: file.bytes,
  async slice(start, end = file.bytes) {
    const bytes = await file.read(Math.max(0, start), Math.min(end, file.bytes));
    // A copy of its own, since a view may be of a larger buffer.
    return bytes.slice().buffer;
  },
});

function bytesOf(cell: unknown, isStruct: boolean): Uint8Array | undefined {
  const value = isStruct ? (cell as { bytes?: unknown } | null | undefined)?.bytes : cell;
  return value instanceof Uint8Array && value.length > 0 ? value : undefined;
}

function labelOf(cell: unknown, name: string): RecordLabel {
  if (cell === null || cell === undefined) return undefined;
  if (typeof cell === 'bigint') return Number(cell);
  if (typeof cell === 'number' || typeof cell === 'string') return cell;
  if (cell instanceof Uint8Array) return new TextDecoder().decode(cell);
  throw new InputError(`Expected a class index or a class name in ${name}, got ${typeof cell}`);
}
