import * as tf from '@tensorflow/tfjs';
import { expectInteger, expectNumber, type Heatmap, type Images } from '@convlens/core';
import { openExplanation, type ExplainOptions } from './explanation.js';
import { readLevel } from '../model/subject.js';

export interface OcclusionOptions extends ExplainOptions {
  /** Side of the square that hides a part of the image, in pixels; default 8, or the image's smaller side if less. */
  size?: number;
  /** How far it moves, in pixels; default half its side. */
  stride?: number;
  /** The level it is filled with; default 128 (grey), 0 to 255. */
  fill?: number;
  /** Whether to spread the map over the pixels of the image (default) or give one value a place of the square. */
  resize?: boolean;
}

/** Where the square begins along an axis: the last place may reach beyond the edge. */
const startsAlong = (length: number, size: number, stride: number) =>
  Array.from({ length: Math.max(1, Math.ceil((length - size) / stride) + 1) }, (_, i) => i * stride);

/** `x` with a rectangle of its pixels set to `fill`, one value a channel: a new tensor. */
function cover(
  x: tf.Tensor4D,
  { top, left, size, fill }: { top: number; left: number; size: number; fill: number[] },
) {
  const [, height, width] = x.shape;
  const mask = new Float32Array(height * width);
  for (let row = top; row < Math.min(height, top + size); row++)
    mask.fill(1, row * width + left, row * width + Math.min(width, left + size));
  return tf.tidy(() => {
    const hidden = tf.tensor4d(mask, [1, height, width, 1]);
    return tf.add(tf.mul(x, tf.sub(1, hidden)), tf.mul(hidden, tf.tensor1d(fill))) as tf.Tensor4D;
  });
}

/** Gives each pixel the mean of the places whose square covers it. */
function spread(
  map: Float32Array,
  rows: number[],
  columns: number[],
  size: number,
  { height, width }: Images,
) {
  const sums = new Float32Array(height * width);
  const counts = new Float32Array(height * width);
  rows.forEach((top, r) =>
    columns.forEach((left, c) => {
      for (let y = top; y < Math.min(height, top + size); y++)
        for (let x = left; x < Math.min(width, left + size); x++) {
          sums[y * width + x] += map[r * columns.length + c];
          counts[y * width + x]++;
        }
    }),
  );
  return sums.map((sum, i) => (counts[i] ? sum / counts[i] : 0));
}

/**
 * How far the class score falls when a square hides a part of the image. Needs no gradient, but a run of the model for
 * each place of the square. Zeiler, Fergus, Visualizing and Understanding Convolutional Networks (2014).
 */
export async function occlusion(
  model: tf.LayersModel,
  images: Images,
  {
    size = Math.min(8, images.height, images.width),
    stride = Math.max(1, Math.floor(size / 2)),
    fill = 128,
    resize = true,
    ...options
  }: OcclusionOptions = {},
): Promise<Heatmap[]> {
  const { height, width } = images;
  expectInteger('size', size, { min: 1, max: Math.min(height, width) });
  expectInteger('stride', stride, { min: 1, max: size });
  expectNumber('fill', fill, { min: 0, max: 255 });
  const rows = startsAlong(height, size, stride);
  const columns = startsAlong(width, size, stride);
  const heatmaps: Heatmap[] = [];
  const explanation = openExplanation(model, images, options);
  const level = readLevel(explanation.subject, fill);
  const places = rows.flatMap((top) => columns.map((left) => ({ top, left, size, fill: level })));
  await explanation.forEach(async (batch) => {
    const { x, classes } = batch;
    const scored = async (inputs: () => tf.Tensor4D[]) => {
      const scores = tf.tidy(() => {
        const list = inputs();
        return batch.scoreOf(list.length === 1 ? list[0] : tf.concat(list, 0));
      });
      try {
        return await scores.data();
      } finally {
        scores.dispose();
      }
    };
    const whole = await scored(() => [x]);
    const maps = classes.map(() => new Float32Array(places.length));
    const together = Math.max(1, Math.floor(batch.rows / classes.length));
    for (let place = 0; place < places.length; place += together) {
      await batch.pause();
      const some = places.slice(place, place + together);
      const scores = await scored(() => some.map((at) => cover(x, at)));
      some.forEach((_, k) =>
        maps.forEach((map, i) => (map[place + k] = whole[i] - scores[k * classes.length + i])),
      );
    }
    maps.forEach((map, i) =>
      heatmaps.push({
        method: 'occlusion',
        ...batch.headOf(i),
        height: resize ? height : rows.length,
        width: resize ? width : columns.length,
        values: resize ? spread(map, rows, columns, size, images) : map,
        signed: true,
      }),
    );
  });
  return heatmaps;
}
