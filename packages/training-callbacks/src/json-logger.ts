import { InputError } from '@convlens/core';
import { LogFile, type LogFileOptions } from './log-file.js';
import { readLogs, type Logs } from './logs.js';

export interface JsonLoggerOptions extends LogFileOptions {
  /** Default 'history.json'. */
  readonly path?: string;
}

class JsonLogger extends LogFile {
  protected override expectText(text: string, location: string): void {
    if (!isLog(text))
      throw new InputError(`Expected ${location} to be a log to append to, got other content`);
  }

  protected async add(epoch: number, logs: Logs): Promise<void> {
    const rows: unknown[] = this.text.trim() ? JSON.parse(this.text) : [];
    rows.push({ epoch, ...(await readLogs(logs)) });
    this.text = `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`;
  }
}

/** Whether it is empty or a JSON array. */
function isLog(text: string): boolean {
  if (text.trim() === '') return true;
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

export type { JsonLogger };

/**
 * A callback that writes the metrics as JSON: an array with a record an epoch, `epoch` (0-based) and whatever is logged,
 * a line each. It is valid JSON after every epoch; NaN and infinities are null, for which JSON has no number.
 *
 * Throws an InputError for an option out of range, and at train begin if what it shall append to is no such array.
 */
export function jsonLogger({ path = 'history.json', ...options }: JsonLoggerOptions): JsonLogger {
  return new JsonLogger('jsonLogger', { path, ...options });
}
