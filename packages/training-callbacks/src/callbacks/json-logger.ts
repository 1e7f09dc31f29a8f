import { expectObject, expectOptions, InputError, type OptionNames } from '@convlens/core';
import { LOG_FILE_OPTIONS, LogFile, type LogFileOptions } from '../base/log-file.js';
import { readMetrics, type Logs } from '../base/logs.js';

export interface JsonLoggerOptions extends LogFileOptions {
  /** Default 'history.json'. */
  readonly path?: string;
}

const JSON_LOGGER_OPTIONS: OptionNames<JsonLoggerOptions> = LOG_FILE_OPTIONS;

class JsonLogger extends LogFile {
  protected override expectAppendable(text: string, location: string): void {
    if (!isJsonLog(text))
      throw new InputError(`Expected ${location} to be a log to append to, got other content`);
  }

  protected async addEpoch(epoch: number, logs: Logs): Promise<void> {
    const rows: unknown[] = this.text.trim() ? JSON.parse(this.text) : [];
    rows.push({ epoch, ...(await readMetrics(logs)) });
    this.text = `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`;
  }
}

/** Whether a text is empty or a JSON array. */
function isJsonLog(text: string): boolean {
  if (text.trim() === '') return true;
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

export type { JsonLogger };

/**
 * A callback that writes the metrics as a JSON array with one record per epoch: `epoch` (0-based) and all
 * logged metrics. It is valid JSON after every epoch; NaN and infinities, which JSON does not have, are null.
 *
 * @throws InputError if an option is not valid; at train begin if the file to append to is not such an array.
 */
export function jsonLogger(options: JsonLoggerOptions): JsonLogger {
  expectOptions('jsonLogger', options, JSON_LOGGER_OPTIONS);
  expectObject('the options of jsonLogger', options);
  return new JsonLogger('jsonLogger', { ...options, path: options.path ?? 'history.json' });
}
