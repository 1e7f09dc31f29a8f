import {
  expectBoolean,
  expectImages,
  expectInteger,
  expectOptions,
  indexRange,
  randomAt,
  selectImages,
  shuffledIndices,
  type ImageBatch,
  type ImageSet,
  type OptionNames,
} from '@convlens/core';

export interface BatchesOptions {
  /** Images per batch, >= 1; default 32. The last batch of an epoch may hold fewer. */
  readonly batchSize?: number;
  /** Whether each epoch has its own random order; default true. If false, all epochs have the order of the set. */
  readonly shuffle?: boolean;
  /** Seed of the random order; default 0. */
  readonly seed?: number;
}

export const BATCHES_OPTIONS: OptionNames<BatchesOptions> = { batchSize: true, shuffle: true, seed: true };

/**
 * A set as a BatchSource: call the result with an epoch (0-based) for the batches of that epoch, which hold each image once.
 * The order depends on the seed and the epoch only, so that an epoch can be repeated, or be the first one. The batches can be
 * iterated with `for` and with `for await`.
 *
 * The pixels of a batch are copied when it is requested, into an array of the same type.
 *
 * @throws InputError if the set is inconsistent or an option is out of range.
 */
export function batches(
  set: ImageSet,
  options: BatchesOptions = {},
): (epoch: number) => Iterable<ImageBatch> & AsyncIterable<ImageBatch> {
  expectOptions('batches', options, BATCHES_OPTIONS);
  expectImages('set', set);
  const { batchSize = 32, shuffle = true, seed = 0 } = options;
  expectInteger('batchSize', batchSize, { min: 1 });
  expectBoolean('shuffle', shuffle);
  const { count } = set;
  const steps = Math.ceil(count / batchSize);
  return (epoch) => {
    expectInteger('epoch', epoch);
    return {
      *[Symbol.iterator]() {
        const order = shuffle ? shuffledIndices(count, randomAt(seed, 'order', epoch)) : indexRange(count);
        for (let step = 0; step < steps; step++) {
          const indices = order.slice(step * batchSize, (step + 1) * batchSize);
          yield batchOf(set, { epoch, step, steps, indices });
        }
      },
      async *[Symbol.asyncIterator]() {
        for (const batch of this as Iterable<ImageBatch>) yield batch;
      },
    };
  };
}

function batchOf(
  set: ImageSet,
  position: Pick<ImageBatch, 'epoch' | 'step' | 'steps' | 'indices'>,
): ImageBatch {
  const { name, height, width, channels, classNames } = set;
  const { count, pixels, labels } = selectImages(set, position.indices);
  return {
    kind: 'image-batch',
    name,
    ...position,
    count,
    height,
    width,
    channels,
    classNames,
    pixels,
    ...(labels && { labels }),
  };
}
