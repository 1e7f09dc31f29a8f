import { InputError, type CallbackState, type EpochRecord } from '@convlens/core';
import type { BlobStore } from '@convlens/storage';
import type { StreamPosition } from './batch-stream.js';
import type { OptimizerState, StateTensor } from './optimizer-state.js';
import { pack, unpack } from './packing.js';

/** All that the rest of a run depends on, after a number of whole epochs. */
export interface Checkpoint {
  /** How many epochs are finished. */
  epochs: number;
  /** Whether a callback ended the run there. */
  stopped: boolean;
  /** Where the stream of batches stands; without it, at the first batch of the pass that has the number of the epoch. */
  position?: StreamPosition;
  history: EpochRecord[];
  weights: ({ name: string } & StateTensor)[];
  optimizer: OptimizerState;
  callbacks: Record<string, CallbackState>;
}

export interface Checkpoints {
  /** Adds a checkpoint and removes those that are no longer kept. */
  save(checkpoint: Checkpoint): Promise<void>;
  /**
   * The newest checkpoint that is whole; undefined if there are none. A damaged one is reported to `onRefused` and the one
   * before it is used. Throws an InputError if there are some and none is whole.
   */
  latest(onRefused?: (message: string) => void): Promise<Checkpoint | undefined>;
  /** Throws an InputError if there are some: a run that begins must not be taken for the end of another. */
  expectNone(): Promise<void>;
}

export interface CheckpointsOptions {
  /** How many are kept, >= 1. Default 2, so that there is another if the newest is damaged. */
  keep?: number;
}

const nameOf = (epochs: number) => `${String(epochs).padStart(4, '0')}.checkpoint`;

/** Checkpoints in a store: one file each, named by the epochs finished, with its own checksum. */
export function openCheckpoints(store: BlobStore, { keep = 2 }: CheckpointsOptions = {}): Checkpoints {
  const names = async () =>
    (await store.list())
      .filter((name) => /^\d{4,}\.checkpoint$/.test(name))
      .sort((a, b) => parseInt(b) - parseInt(a));
  return {
    async save(checkpoint) {
      await store.write(nameOf(checkpoint.epochs), await pack(checkpoint));
      for (const name of (await names()).slice(keep)) await store.remove(name);
    },
    async latest(onRefused = () => {}) {
      const refused: string[] = [];
      for (const name of await names()) {
        try {
          return (await unpack((await store.read(name))!)) as Checkpoint;
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          refused.push(`Checkpoint ${store.location}/${name} is refused: ${error.message}`);
          onRefused(refused.at(-1)!);
        }
      }
      if (refused.length) throw new InputError(refused.join('. '));
      return undefined;
    },
    async expectNone() {
      const [newest] = await names();
      if (newest)
        throw new InputError(
          `Expected no checkpoints where a run begins, found ${store.location}/${newest}: resume that run, remove it or choose another place`,
        );
    },
  };
}
