import {
  expectBoolean,
  expectInteger,
  expectNumbers,
  expectOptions,
  indexRange,
  randomAt,
  shuffledIndices,
  type ImageBatch,
  type LabeledImageSet,
} from '@convlens/core';
import { BATCHES_OPTIONS, type BatchesOptions } from '../set/batches.js';
import { CHECKSUM_BLOCK, ImageChecksum } from '../set/image-checksum.js';
import { PixelHistogram } from '../set/pixel-histogram.js';
import { splitIndices, type SplitOptions } from '../set/split.js';
import { readAhead } from './read-ahead.js';

/** Images that are read when they are needed. Their labels are in memory, of their pixels a window. */
export interface ImageStream {
  readonly kind: 'image-stream';
  readonly name: string;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly classNames: readonly string[];
  readonly labels: Int32Array;
  /** As `batches`: the same batches of the same seed as from a set in memory. For `for await`. */
  batches(options?: BatchesOptions): (epoch: number) => AsyncIterable<ImageBatch>;
  /** As `split`: the same images as of a set in memory. No image is read. */
  split(options: SplitOptions): StreamSplit;
  /** The images at some indices, in that order. No image is read. */
  subset(indices: ArrayLike<number>): ImageStream;
  /** As `pixelStatistics`, the same numbers to the last bit. Reads all images. */
  statistics(): Promise<{ mean: number[]; std: number[] }>;
  /** As `imageChecksum`. Reads all images. */
  checksum(): Promise<string>;
  /** Reads all images into memory. */
  load(): Promise<LabeledImageSet>;
}

/** The two parts of a stream, as `Split`. */
export interface StreamSplit {
  readonly remaining: ImageStream;
  readonly heldOut: ImageStream;
}

type StreamFields = Pick<ImageStream, 'name' | 'height' | 'width' | 'channels' | 'classNames' | 'labels'>;

/** How the images of a stream are read. */
export interface StreamReader {
  /** The most images that are read ahead. */
  readonly window: number;
  /** The pixels of the image at a position. */
  readonly read: (position: number, isOver: () => boolean) => Promise<Uint8Array>;
}

const sizeOf = ({ height, width, channels }: StreamFields) => height * width * channels;

/** A stream of the images that `reader` reads. */
export function imageStream(fields: StreamFields, reader: StreamReader): ImageStream {
  const { labels } = fields;
  const count = labels.length;
  const inOrder = (batchSize: number) =>
    readBatches(fields, reader, { ...{ batchSize, shuffle: false, seed: 0 }, epoch: 0 });
  const subset = (indices: ArrayLike<number>) => {
    expectNumbers('indices', indices);
    for (let i = 0; i < indices.length; i++) expectInteger(`indices[${i}]`, indices[i], { max: count - 1 });
    const positions = Uint32Array.from(indices);
    return imageStream(
      { ...fields, labels: Int32Array.from(positions, (position) => labels[position]) },
      { ...reader, read: (i, isOver) => reader.read(positions[i], isOver) },
    );
  };
  return {
    kind: 'image-stream',
    ...fields,
    count,
    subset,
    batches(options = {}) {
      expectOptions('batches', options, BATCHES_OPTIONS);
      const { batchSize = 32, shuffle = true, seed = 0 } = options;
      expectInteger('batchSize', batchSize, { min: 1 });
      expectBoolean('shuffle', shuffle);
      return (epoch) => {
        expectInteger('epoch', epoch);
        return readBatches(fields, reader, { batchSize, shuffle, seed, epoch });
      };
    },
    split(options) {
      const { remaining, heldOut } = splitIndices({ ...fields, count }, options);
      return { remaining: subset(remaining), heldOut: subset(heldOut) };
    },
    async statistics() {
      const histogram = new PixelHistogram(fields.channels);
      for await (const { pixels } of inOrder(CHECKSUM_BLOCK)) histogram.add(pixels as Uint8Array);
      return histogram.statistics();
    },
    async checksum() {
      const checksum = new ImageChecksum();
      for await (const batch of inOrder(CHECKSUM_BLOCK)) await checksum.add(batch);
      return checksum.finish(fields);
    },
    async load() {
      const pixels = new Uint8Array(count * sizeOf(fields));
      let done = 0;
      for await (const image of readAhead(count, reader)) pixels.set(image, done++ * sizeOf(fields));
      return { kind: 'image-set', ...fields, count, pixels };
    },
  };
}

/** The batches of an epoch. All indices are shuffled; only pixels are read by a window. */
async function* readBatches(
  fields: StreamFields,
  { window, read }: StreamReader,
  { batchSize, shuffle, seed, epoch }: Required<BatchesOptions> & { epoch: number },
): AsyncGenerator<ImageBatch> {
  const { labels, ...common } = fields;
  const count = labels.length;
  const order = shuffle ? shuffledIndices(count, randomAt(seed, 'order', epoch)) : indexRange(count);
  const images = readAhead(count, { window, read: (i, isOver) => read(order[i], isOver) });
  const steps = Math.ceil(count / batchSize);
  try {
    for (let step = 0; step < steps; step++) {
      const indices = order.slice(step * batchSize, (step + 1) * batchSize);
      const pixels = new Uint8Array(indices.length * sizeOf(fields));
      for (let i = 0; i < indices.length; i++) pixels.set((await images.next()).value!, i * sizeOf(fields));
      yield {
        kind: 'image-batch',
        ...common,
        ...{ epoch, step, steps, indices, count: indices.length, pixels },
        labels: Int32Array.from(indices, (index) => labels[index]),
      };
    }
  } finally {
    await images.return(undefined);
  }
}
