import { InputError } from '@convlens/core';
import { LogFile, type LogFileOptions } from './log-file.js';
import { readLogs, type Logs } from './logs.js';
import { reprFloat } from './python-format.js';

export interface CsvLoggerOptions extends LogFileOptions {
  /** Default 'history.csv'. */
  readonly path?: string;
  /** One character between two columns; default ','. */
  readonly separator?: string;
  /** Metrics that are whole numbers, written without a point; default none. */
  readonly integers?: readonly string[];
}

class CsvLogger extends LogFile {
  readonly #separator: string;
  readonly #integers: readonly string[];
  #columns: readonly string[] | undefined;

  constructor({
    separator,
    integers,
    ...options
  }: Required<Pick<CsvLoggerOptions, 'path' | 'separator' | 'integers'>>) {
    super('csvLogger', options);
    this.#separator = separator;
    this.#integers = integers;
  }

  protected override reset(): void {
    super.reset();
    this.#columns = undefined;
  }

  protected override expectText(text: string, location: string): void {
    const [header] = text.split(/\r?\n/);
    if (header && header.split(this.#separator)[0] !== 'epoch')
      throw new InputError(`Expected ${location} to be a log to append to, got other content`);
  }

  protected async add(epoch: number, logs: Logs): Promise<void> {
    const values: Readonly<Record<string, unknown>> = await readLogs(logs);
    if (!this.#columns) {
      this.#columns = this.#readHeader() ?? columnsOf(Object.keys(values));
      if (!this.text) this.#addRow(['epoch', ...this.#columns]);
    }
    this.#addRow([String(epoch), ...this.#columns.map((name) => this.#print(name, values[name]))]);
  }

  /** The columns of a text that is gone on with. */
  #readHeader(): string[] | undefined {
    const [header] = this.text.split(/\r?\n/);
    if (!header) return undefined;
    return header.split(this.#separator).slice(1);
  }

  #print(name: string, value: unknown): string {
    if (value === undefined) return 'NA';
    if (typeof value === 'string') return value;
    if (Array.isArray(value)) return `"[${value.join(', ')}]"`;
    return this.#integers.includes(name) ? String(value) : reprFloat(value as number);
  }

  #addRow(cells: readonly string[]): void {
    this.text += `${cells.map((cell) => this.#quote(cell)).join(this.#separator)}\r\n`;
  }

  #quote(cell: string): string {
    const isPlain = !/["\r\n]/.test(cell) && !cell.includes(this.#separator);
    return isPlain ? cell : `"${cell.replaceAll('"', '""')}"`;
  }
}

/** Sorted; where the first epoch was not validated, columns stand ready for later ones. */
function columnsOf(names: readonly string[]): string[] {
  const sorted = [...names].sort();
  return sorted.some((name) => name.startsWith('val_'))
    ? sorted
    : [...sorted, ...sorted.map((name) => `val_${name}`)];
}

export type { CsvLogger };

/**
 * A callback that writes a table of the metrics, a row an epoch: Keras's CSVLogger, byte by byte. Columns are `epoch`
 * (0-based) and what the first epoch logs, sorted, with `val_` columns even if it was not validated; what is missing later
 * is NA, what is new is left out; numbers print as Python's floats, lines end in CRLF. An `append` goes on in the columns
 * of the header that is there.
 *
 * Throws an InputError for an option out of range, and at train begin if what it shall append to is no such table.
 */
export function csvLogger({
  path = 'history.csv',
  separator = ',',
  integers = [],
  ...options
}: CsvLoggerOptions): CsvLogger {
  if (typeof separator !== 'string' || separator.length !== 1 || /["\r\n]/.test(separator))
    throw new InputError(`Expected separator to be one character, got ${JSON.stringify(separator)}`);
  return new CsvLogger({ path, separator, integers, ...options });
}
