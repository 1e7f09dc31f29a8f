import { expectStore } from '@convlens/storage';
import { InputError, type CallbackState, type OptionNames, type ResumableCallback } from '@convlens/core';
import type { BlobStore } from '@convlens/storage';
import type { Logs } from './logs.js';
import { ModelCallback } from './model-callback.js';

export interface LogFileOptions {
  /** Where the log is written, completely after every epoch: a reader never reads half a row. */
  readonly store?: BlobStore;
  /** Called with the complete text after every epoch, in place of `store`. */
  readonly save?: (text: string) => void | Promise<void>;
  /** Its name in the store. */
  readonly path?: string;
  /** Whether the existing log in the store is continued; default false. */
  readonly append?: boolean;
}

export const LOG_FILE_OPTIONS: OptionNames<LogFileOptions> = {
  store: true,
  save: true,
  path: true,
  append: true,
};

/**
 * A callback that writes a text and extends it every epoch. The text is its state, so a resumed run repeats
 * no epoch.
 */
export abstract class LogFile extends ModelCallback implements ResumableCallback {
  readonly stateName: string;
  readonly #options: LogFileOptions & { readonly path: string };
  protected text = '';

  constructor(kind: string, options: LogFileOptions & { readonly path: string }) {
    super();
    const { store, save, path, append } = options;
    if (store !== undefined) expectStore('store', store);
    if (!store === !save) throw new InputError('Expected store or save, and not both');
    if (append && !store) throw new InputError('Expected store with append, which reads the existing log');
    if (typeof path !== 'string' || path === '')
      throw new InputError(`Expected path to be a name in the store, got ${JSON.stringify(path)}`);
    this.stateName = `${kind}-${path}`;
    this.#options = options;
  }

  /** Adds the logs of an epoch to the text. */
  protected abstract addEpoch(epoch: number, logs: Logs): Promise<void>;

  /** Throws an InputError if an existing text cannot be continued. */
  protected abstract expectAppendable(text: string, location: string): void;

  protected reset(): void {
    this.text = '';
  }

  override async onTrainBegin(): Promise<void> {
    await super.onTrainBegin();
    const { append, store, path } = this.#options;
    const bytes = append && (await store!.read(path));
    if (!bytes) return;
    const text = new TextDecoder().decode(bytes);
    this.expectAppendable(text, `${store!.location}/${path}`);
    this.text = text;
  }

  override async onEpochEnd(epoch: number, logs: Logs = {}): Promise<void> {
    await this.addEpoch(epoch, logs);
    const { save, store, path } = this.#options;
    if (save) await save(this.text);
    else await store!.write(path, new TextEncoder().encode(this.text));
  }

  getState(): CallbackState {
    return { text: this.text };
  }

  setState({ text }: CallbackState): void {
    if (typeof text !== 'string')
      throw new InputError(`Expected state.text to be a string, got ${typeof text}`);
    this.text = text;
  }
}
