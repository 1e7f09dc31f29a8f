import { InputError, type BatchSource, type ImageBatch } from '@convlens/core';

/** Where a stream of batches stands: the pass over the data, and how many batches of it are behind, both 0-based. */
export interface StreamPosition {
  readonly pass: number;
  readonly batch: number;
}

/**
 * The passes over the data, one after the other, cut into epochs. What a source calls an epoch is here a pass: the two
 * are the same unless an epoch has a number of steps of its own.
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

  /** The next `steps` batches, of as many passes as it takes; without `steps` what is left of this pass. */
  async *epoch(steps?: number): AsyncGenerator<ImageBatch> {
    for (let step = 0; steps === undefined || step < steps; step++) {
      let batch = await this.#next();
      if (!batch && steps === undefined) return;
      batch ??= await this.#next();
      yield batch!;
    }
  }

  /** Lets a source that is in the middle of a pass put things in order. */
  async close(): Promise<void> {
    await this.#iterator?.return?.();
    this.#iterator = undefined;
  }

  /** The next batch of this pass; undefined where it ends and another begins. */
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

  /** Begins the pass where the position is: after those of its batches that are behind. */
  async #open() {
    const pass = this.source(this.#pass);
    const iterator = Symbol.asyncIterator in pass ? pass[Symbol.asyncIterator]() : pass[Symbol.iterator]();
    for (let i = 0; i < this.#batch; i++) await iterator.next();
    return iterator;
  }
}
