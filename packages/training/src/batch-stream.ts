import { InputError, type BatchSource, type ImageBatch } from '@convlens/core';

/**
 * The position of a stream: the pass over the data, and the number of its batches that were read, both
 * 0-based.
 */
export interface StreamPosition {
  readonly pass: number;
  readonly batch: number;
}

/**
 * The batches of all passes over the data, divided into epochs. A pass is what the source calls an epoch.
 * Pass and epoch are the same unless an epoch has its own number of steps.
 */
export class BatchStream {
  #iterator: Iterator<ImageBatch> | AsyncIterator<ImageBatch> | undefined;
  #pass: number;
  #batch: number;

  constructor(
    private readonly source: BatchSource,
    { pass, batch }: StreamPosition = { pass: 0, batch: 0 },
  ) {
    this.#pass = pass;
    this.#batch = batch;
  }

  get position(): StreamPosition {
    return { pass: this.#pass, batch: this.#batch };
  }

  /** The next `steps` batches, over as many passes as needed; without `steps` the rest of this pass. */
  async *epoch(steps?: number): AsyncGenerator<ImageBatch> {
    for (let step = 0; steps === undefined || step < steps; step++) {
      let batch = await this.#next();
      if (!batch && steps === undefined) return;
      batch ??= await this.#next();
      yield batch!;
    }
  }

  /** Closes the iterator of the current pass, so that its source can release resources. */
  async close(): Promise<void> {
    await this.#iterator?.return?.();
    this.#iterator = undefined;
  }

  /** The next batch of this pass; undefined at its end, where the next pass begins. */
  async #next(): Promise<ImageBatch | undefined> {
    this.#iterator ??= await this.#open();
    const { value, done } = await this.#iterator.next();
    if (!done) {
      this.#batch++;
      return value;
    }
    if (this.#batch === 0)
      throw new InputError(`Expected batches to train on, got none in epoch ${this.#pass}`);
    this.#iterator = undefined;
    this.#pass++;
    this.#batch = 0;
    return undefined;
  }

  /** Opens the current pass and skips the batches that were read. */
  async #open() {
    const pass = this.source(this.#pass);
    const iterator = Symbol.asyncIterator in pass ? pass[Symbol.asyncIterator]() : pass[Symbol.iterator]();
    for (let i = 0; i < this.#batch; i++) await iterator.next();
    return iterator;
  }
}
