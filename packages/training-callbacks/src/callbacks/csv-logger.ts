import { expectObject, expectOptions, InputError, type OptionNames } from '@convlens/core';
import { LOG_FILE_OPTIONS, LogFile, type LogFileOptions } from '../base/log-file.js';
import { readMetrics, type Logs } from '../base/logs.js';
import { reprFloat } from '../base/python-format.js';

export interface CsvLoggerOptions extends LogFileOptions {
  /** Default 'history.csv'. */
  readonly path?: string;
  /** The character between columns; default ','. */
  readonly separator?: string;
  /** Metrics that are integers, written without a decimal point; default none. */
  readonly integerMetrics?: readonly string[];
}

const CSV_LOGGER_OPTIONS: OptionNames<CsvLoggerOptions> = {
  ...LOG_FILE_OPTIONS,
  separator: true,
  integerMetrics: true,
};

export type CsvLoggerSettings = LogFileOptions &
  Required<Pick<CsvLoggerOptions, 'path' | 'separator' | 'integerMetrics'>>;

class CsvLogger extends LogFile {
  readonly #separator: string;
  readonly #integerMetrics: readonly string[];
  #columns: readonly string[] | undefined;

  constructor({ separator, integerMetrics, ...options }: CsvLoggerSettings) {
    super('csvLogger', options);
    this.#separator = separator;
    this.#integerMetrics = integerMetrics;
  }

  protected override reset(): void {
    super.reset();
    this.#columns = undefined;
  }

  protected override expectAppendable(text: string, location: string): void {
    const [header] = text.split(/\r?\n/);
    if (header && header.split(this.#separator)[0] !== 'epoch')
      throw new InputError(`Expected ${location} to be a log to append to, got other content`);
  }

  protected async addEpoch(epoch: number, logs: Logs): Promise<void> {
    const values: Readonly<Record<string, unknown>> = await readMetrics(logs);
    if (!this.#columns) {
      this.#columns = this.#readHeader() ?? csvColumns(Object.keys(values));
      if (!this.text) this.#addRow(['epoch', ...this.#columns]);
    }
    this.#addRow([String(epoch), ...this.#columns.map((name) => this.#format(name, values[name]))]);
  }

  /** The columns of an existing text; undefined if there is none. */
  #readHeader(): string[] | undefined {
    const [header] = this.text.split(/\r?\n/);
    if (!header) return undefined;
    return header.split(this.#separator).slice(1);
  }

  #format(name: string, value: unknown): string {
    if (value === undefined) return 'NA';
    if (typeof value === 'string') return value;
    if (Array.isArray(value)) return `"[${value.join(', ')}]"`;
    return this.#integerMetrics.includes(name) ? String(value) : reprFloat(value as number);
  }

  #addRow(cells: readonly string[]): void {
    this.text += `${cells.map((cell) => this.#quote(cell)).join(this.#separator)}\r\n`;
  }

  #quote(cell: string): string {
    const isPlain = !/["\r\n]/.test(cell) && !cell.includes(this.#separator);
    return isPlain ? cell : `"${cell.replaceAll('"', '""')}"`;
  }
}

/**
 * The sorted metrics; after a first epoch without validation, with columns for the validation of later
 * epochs.
 */
function csvColumns(names: readonly string[]): string[] {
  const sorted = [...names].sort();
  return sorted.some((name) => name.startsWith('val_'))
    ? sorted
    : [...sorted, ...sorted.map((name) => `val_${name}`)];
}

export type { CsvLogger };

/**
 * A callback that writes the metrics as a CSV table, one row per epoch, byte for byte as Keras's CSVLogger.
 * Columns are `epoch` (0-based) and the sorted metrics of the first epoch, with `val_` columns even if it was
 * not validated. Later a missing metric is NA and a new metric is omitted. Numbers are formatted as Python's
 * floats, lines end in CRLF. `append` uses the columns of the existing header.
 *
 * @throws InputError if an option is not valid; at train begin if the file to append to is not such a table.
 */
export function csvLogger(options: CsvLoggerOptions): CsvLogger {
  expectOptions('csvLogger', options, CSV_LOGGER_OPTIONS);
  expectObject('the options of csvLogger', options);
  const { path = 'history.csv', separator = ',', integerMetrics = [], ...logFileOptions } = options;
  if (typeof separator !== 'string' || separator.length !== 1 || /["\r\n]/.test(separator))
    throw new InputError(`Expected separator to be one character, got ${JSON.stringify(separator)}`);
  return new CsvLogger({ path, separator, integerMetrics, ...logFileOptions });
}
