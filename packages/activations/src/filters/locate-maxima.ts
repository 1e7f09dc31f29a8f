import * as tf from '@tensorflow/tfjs';
import type { ObservedBatch, ObservedLayer } from '../observe/observer.js';

/** A feature map whose maximum is searched. */
export interface MaximumQuery {
  /** The position of the image in the batch. */
  readonly image: number;
  readonly filter: number;
  /** Called with the position of the maximum. */
  onFound(row: number, column: number): void;
}

/** The values of one image of a layer output. */
async function readImage(output: tf.Tensor4D, image: number): Promise<Float32Array> {
  const imageOutput = tf.slice(output, [image, 0, 0, 0], [1, -1, -1, -1]);
  try {
    return (await imageOutput.data()) as Float32Array;
  } finally {
    imageOutput.dispose();
  }
}

/** The first position, row by row, of the largest value of a channel; values are positions x channels. */
function maximumPosition(values: Float32Array, channel: number, channels: number): number {
  let best = 0;
  for (let position = 1; position < values.length / channels; position++)
    if (values[position * channels + channel] > values[best * channels + channel]) best = position;
  return best;
}

/** To read a single image costs about as much as four when all are read at once. */
const COST_OF_SINGLE_IMAGE = 4;

/** Finds the first maximum, row by row, of some feature maps. Reads only the images that are queried. */
export async function locateMaxima(
  batch: ObservedBatch,
  {
    layer,
    observedLayer: { height, width, channels },
    queries,
  }: { layer: string; observedLayer: ObservedLayer; queries: readonly MaximumQuery[] },
): Promise<void> {
  const size = height * width * channels;
  const images = new Set(queries.map(({ image }) => image));
  const allValues = images.size * COST_OF_SINGLE_IMAGE > batch.count ? await batch.values(layer) : undefined;
  for (const image of images) {
    const values =
      allValues?.subarray(image * size, (image + 1) * size) ?? (await readImage(batch.output(layer), image));
    for (const { filter, onFound } of queries.filter((query) => query.image === image)) {
      const position = maximumPosition(values, filter, channels);
      onFound(Math.floor(position / width), position % width);
    }
  }
}
