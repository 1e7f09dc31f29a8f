import * as tf from '@tensorflow/tfjs';
import type { ObservedBatch, ObservedLayer } from './observe.js';

/** A map of one image of a batch, whose first largest value is to be found. */
export interface Sought {
  /** The place of the image in the batch. */
  readonly image: number;
  readonly filter: number;
  found(row: number, column: number): void;
}

/** The maps of one image of a batch, read back from the backend. */
async function readImage(maps: tf.Tensor4D, image: number): Promise<Float32Array> {
  const own = tf.slice(maps, [image, 0, 0, 0], [1, -1, -1, -1]);
  try {
    return (await own.data()) as Float32Array;
  } finally {
    own.dispose();
  }
}

/** Tells where maps have their first largest value, row by row. Reads back only the images whose maps are sought. */
export async function locatePeaks(
  batch: ObservedBatch,
  { layer, of, sought }: { layer: string; of: ObservedLayer; sought: readonly Sought[] },
): Promise<void> {
  const { height, width, channels } = of;
  const size = height * width * channels;
  const images = new Set(sought.map(({ image }) => image));
  // To read one image alone costs about as much as four when all are read.
  const all = images.size * 4 > batch.count ? await batch.values(layer) : undefined;
  for (const image of images) {
    const values =
      all?.subarray(image * size, (image + 1) * size) ?? (await readImage(batch.output(layer), image));
    for (const { filter, found } of sought.filter((one) => one.image === image)) {
      let best = 0;
      for (let place = 1; place < height * width; place++)
        if (values[place * channels + filter] > values[best * channels + filter]) best = place;
      found(Math.floor(best / width), best % width);
    }
  }
}
