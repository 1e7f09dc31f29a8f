import {
  expectInteger,
  expectOptions,
  InputError,
  isInputError,
  type CallbackState,
  type OptionNames,
} from '@convlens/core';
import {
  expectStore,
  callbackState,
  dictionary,
  expectSchema,
  integer,
  openObject,
  type BlobStore,
} from '@convlens/storage';
import * as v from 'valibot';
import { epochRecordSchema } from '../epoch-record.js';
import { CONTENT, packCheckpoint, unpackCheckpoint } from './checkpoint-format.js';
import { optimizerState, stateTensor } from './state-schemas.js';

/** The state of each callback by its name. An interface: declarations keep its name, and TypeScript before 5.7 knows it. */
interface CallbackStates {
  readonly [stateName: string]: CallbackState;
}

const callbackStates = (): v.GenericSchema<unknown, CallbackStates> => dictionary(callbackState());

const checkpointSchema = () =>
  openObject({
    /** Absent in checkpoints of version 1, whose weights have no path and are in the order of getWeights. */
    version: v.optional(integer({ min: 1 })),
    /** The number of complete epochs. */
    epochs: integer({ min: 1 }),
    /** Whether a callback stopped the run at this epoch. */
    stopped: v.boolean(),
    /** The position in the stream of batches. Default: the first batch of pass `epochs`. */
    position: v.optional(openObject({ pass: integer(), batch: integer() })),
    history: v.array(epochRecordSchema()),
    /** By their names in the model (`namedWeights` of core). */
    weights: v.array(stateTensor({ name: v.string() })),
    optimizer: optimizerState(),
    callbacks: callbackStates(),
  });

/** Everything that the rest of a run depends on, at the end of an epoch. */
export type Checkpoint = v.InferOutput<ReturnType<typeof checkpointSchema>>;

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

/** What `openCheckpoints` returns. */
export interface StoredCheckpoints extends Checkpoints {
  /** Removes the oldest ones beyond `keep`, of which `save` leaves one if the process is killed. */
  removeOldest(): Promise<void>;
}

export interface CheckpointsOptions {
  /**
   * The number of checkpoints that are kept, >= 1. Default 2, so that there is another one if the newest is
   * corrupt.
   */
  keep?: number;
}

/** The version of the content of a checkpoint, which may have any type. */
const versionOf = (content: unknown) => Number((content as { version?: unknown } | null)?.version ?? 1);

const CHECKPOINTS_OPTIONS: OptionNames<CheckpointsOptions> = { keep: true };

const checkpointName = (epochs: number) => `${String(epochs).padStart(4, '0')}.checkpoint`;

/**
 * Checkpoints in a store: one file each, named by the number of epochs, with a checksum.
 *
 * @throws InputError if an option is not valid.
 */
export function openCheckpoints(store: BlobStore, options: CheckpointsOptions = {}): StoredCheckpoints {
  expectOptions('openCheckpoints', options, CHECKPOINTS_OPTIONS);
  expectStore('store', store);
  const keep = expectInteger('keep', options.keep ?? 2, { min: 1 });
  const newestFirst = async () =>
    (await store.list())
      .filter((name) => /^\d{4,}\.checkpoint$/.test(name))
      .sort((a, b) => parseInt(b) - parseInt(a));
  const removeOldest = async () => {
    for (const name of (await newestFirst()).slice(keep)) await store.remove(name);
  };
  return {
    async save(checkpoint) {
      await store.write(checkpointName(checkpoint.epochs), await packCheckpoint(checkpoint));
      await removeOldest();
    },
    removeOldest,
    async latest(onCorruptCheckpoint = () => {}) {
      const messages: string[] = [];
      for (const name of await newestFirst()) {
        const location = `${store.location}/${name}`;
        let version = 1;
        try {
          const content = await unpackCheckpoint((await store.read(name))!);
          version = versionOf(content);
          if (!(version > CHECKPOINT_VERSION)) return expectSchema(content, checkpointSchema(), CONTENT);
        } catch (error) {
          if (!isInputError(error)) throw error;
          messages.push(`Checkpoint ${location} is corrupt: ${error.message}`);
          onCorruptCheckpoint(messages.at(-1)!);
          continue;
        }
        throw new InputError(
          `Expected ${location} to be a checkpoint of version ${CHECKPOINT_VERSION} or earlier, got ${version}`,
        );
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
