import * as tf from '@tensorflow/tfjs';
import { expectInteger, expectNumber, type Heatmap, type Images } from '@convlens/core';
import { explainBatches, type Explained, type ExplainOptions } from './attribution.js';
import { runScores } from './scores.js';
import { indexOf, readLevel } from './subject.js';

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

async function targetScores({ subject, targets, score }: Explained, x: tf.Tensor4D): Promise<number[]> {
  const [scores] = runScores(subject.plan, x, { score });
  try {
    const values = await scores.data();
    return targets.map((target, i) => values[i * scores.shape[1] + target]);
  } finally {
    scores.dispose();
  }
}

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
  await explainBatches(model, images, {
    ...options,
    body: async (batch) => {
      const { x, targets, subject, start } = batch;
      const whole = await targetScores(batch, x);
      const maps = targets.map(() => new Float32Array(rows.length * columns.length));
      const level = readLevel(subject, fill);
      for (const [r, top] of rows.entries())
        for (const [c, left] of columns.entries()) {
          await batch.pause();
          const covered = cover(x, { top, left, size, fill: level });
          try {
            const scores = await targetScores(batch, covered);
            maps.forEach((map, i) => (map[r * columns.length + c] = whole[i] - scores[i]));
          } finally {
            covered.dispose();
          }
        }
      maps.forEach((map, i) =>
        heatmaps.push({
          method: 'occlusion',
          classIndex: targets[i],
          index: indexOf(images, start + i),
          height: resize ? height : rows.length,
          width: resize ? width : columns.length,
          values: resize ? spread(map, rows, columns, size, images) : map,
          signed: true,
        }),
      );
    },
  });
  return heatmaps;
}
