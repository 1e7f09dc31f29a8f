import { expectImages, expectInteger, randomAt, type ImageBatch, type ImageSet } from '@convlens/core';
import { gatherLabels, gatherPixels } from './gather.js';
import { firstIndices, shuffledIndices } from './order.js';

export interface BatchesOptions {
  /** Images a batch, >= 1; default 32. The last batch of an epoch may hold fewer. */
  readonly batchSize?: number;
  /** Whether each epoch has a random order of its own, or that of the set; default true. */
  readonly shuffle?: boolean;
  /** Of the order; default 0. */
  readonly seed?: number;
}

/**
 * A set as core's BatchSource: call it with an epoch (0-based) for the batches of that epoch, each image once. The order
 * is a function of the seed and the epoch alone, so an epoch can be had again, or be the first one asked for. An epoch
 * can be gone through by `for` and by `for await`.
 *
 * Pixels are copied into each batch as it is asked for, in the kind of array the set has.
 */
export function batches(
  set: ImageSet,
  { batchSize = 32, shuffle = true, seed = 0 }: BatchesOptions = {},
): (epoch: number) => Iterable<ImageBatch> & AsyncIterable<ImageBatch> {
  expectImages('set', set);
  expectInteger('batchSize', batchSize, { min: 1 });
  const { name, count, height, width, channels, classNames, labels } = set;
  const steps = Math.ceil(count / batchSize);
  return (epoch) => {
    expectInteger('epoch', epoch);
    return {
      *[Symbol.iterator]() {
        const order = shuffle ? shuffledIndices(count, randomAt(seed, 'order', epoch)) : firstIndices(count);
        for (let step = 0; step < steps; step++) {
          const indices = order.slice(step * batchSize, (step + 1) * batchSize);
          yield {
            kind: 'image-batch',
            name,
            epoch,
            step,
            steps,
            indices,
            count: indices.length,
            height,
            width,
            channels,
            classNames,
            pixels: gatherPixels(set, indices),
            ...(labels && { labels: gatherLabels(labels, indices) }),
          };
        }
      },
      async *[Symbol.asyncIterator]() {
        for (const batch of this as Iterable<ImageBatch>) yield batch;
      },
    };
  };
}
