import {
  expectInteger,
  expectOptions,
  InputError,
  type CallbackState,
  type EpochRecord,
  type OptionNames,
} from '@convlens/core';
import type { BlobStore } from '@convlens/storage';
import type { StreamPosition } from '../batch-stream.js';
import { packCheckpoint, unpackCheckpoint } from './checkpoint-format.js';
import type { OptimizerState, StateTensor } from './saved-slots.js';

/** Everything that the rest of a run depends on, at the end of an epoch. */
export interface Checkpoint {
  /** Absent in checkpoints of version 1, whose weights have no path and are in the order of getWeights. */
  version?: number;
  /** The number of complete epochs. */
  epochs: number;
  /** Whether a callback stopped the run at this epoch. */
  stopped: boolean;
  /** The position in the stream of batches. Default: the first batch of pass `epochs`. */
  position?: StreamPosition;
  history: EpochRecord[];
  /** By their names in the model (`namedWeights` of core). */
  weights: ({ name: string } & StateTensor)[];
  optimizer: OptimizerState;
  /** The state of each callback by its name. */
  callbacks: Record<string, CallbackState>;
}

export const CHECKPOINT_VERSION = 2;

export interface Checkpoints {
  /** Adds a checkpoint and removes the oldest ones beyond `keep`. */
  save(checkpoint: Checkpoint): Promise<void>;
  /**
   * The newest intact checkpoint; undefined if there are none. A corrupt one is reported to
   * `onCorruptCheckpoint`, and the one before it is used. Rejects with an InputError if all are corrupt, or if the
   * newest is of a later version.
   */
  latest(onCorruptCheckpoint?: (message: string) => void): Promise<Checkpoint | undefined>;
  /**
   * Rejects with an InputError if there are any: a new run must not be mistaken for the continuation of
   * another.
   */
  expectEmpty(): Promise<void>;
}

export interface CheckpointsOptions {
  /**
   * The number of checkpoints that are kept, >= 1. Default 2, so that there is another one if the newest is
   * corrupt.
   */
  keep?: number;
}

function expectKnownVersion(checkpoint: Checkpoint, location: string): Checkpoint {
  const { version = 1 } = checkpoint;
  if (version > CHECKPOINT_VERSION)
    throw new InputError(
      `Expected ${location} to be a checkpoint of version ${CHECKPOINT_VERSION} or earlier, got ${version}`,
    );
  return checkpoint;
}

const CHECKPOINTS_OPTIONS: OptionNames<CheckpointsOptions> = { keep: true };

const checkpointName = (epochs: number) => `${String(epochs).padStart(4, '0')}.checkpoint`;

/**
 * Checkpoints in a store: one file each, named by the number of epochs, with a checksum.
 *
 * @throws InputError if an option is not valid.
 */
export function openCheckpoints(store: BlobStore, options: CheckpointsOptions = {}): Checkpoints {
  expectOptions('openCheckpoints', options, CHECKPOINTS_OPTIONS);
  const keep = expectInteger('keep', options.keep ?? 2, { min: 1 });
  const newestFirst = async () =>
    (await store.list())
      .filter((name) => /^\d{4,}\.checkpoint$/.test(name))
      .sort((a, b) => parseInt(b) - parseInt(a));
  return {
    async save(checkpoint) {
      await store.write(checkpointName(checkpoint.epochs), await packCheckpoint(checkpoint));
      for (const name of (await newestFirst()).slice(keep)) await store.remove(name);
    },
    async latest(onCorruptCheckpoint = () => {}) {
      const messages: string[] = [];
      for (const name of await newestFirst()) {
        const location = `${store.location}/${name}`;
        let checkpoint: Checkpoint;
        try {
          checkpoint = (await unpackCheckpoint((await store.read(name))!)) as Checkpoint;
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          messages.push(`Checkpoint ${location} is corrupt: ${error.message}`);
          onCorruptCheckpoint(messages.at(-1)!);
          continue;
        }
        return expectKnownVersion(checkpoint, location);
      }
      if (messages.length) throw new InputError(messages.join('. '));
      return undefined;
    },
    async expectEmpty() {
      const [newest] = await newestFirst();
      if (newest)
        throw new InputError(
          `Expected no checkpoints in a new run, found ${store.location}/${newest}:` +
            ' resume that run, remove it or choose another folder',
        );
    },
  };
}
