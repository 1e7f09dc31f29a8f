import * as tf from '@tensorflow/tfjs';
import {
  expectImageArray,
  expectBoolean,
  expectInteger,
  expectNumber,
  expectOptions,
  type Heatmap,
  type Images,
  type OptionNames,
} from '@convlens/core';
import { preprocessLevel } from '../../model/model-input.js';
import { methodFields, type AttributionMethod } from '../attribution-method.js';
import { ATTRIBUTION_OPTIONS, openExplainSession, type AttributionOptions } from '../explain-session.js';
import { scoreCopies } from '../score-copies.js';

export interface OcclusionOptions extends AttributionOptions {
  /**
   * The side of the square that occludes a region of the image, in pixels; default 8, at most the image's
   * shorter side.
   */
  size?: number;
  /** The distance between adjacent positions of the square, in pixels; default half its side. */
  stride?: number;
  /** The level of occluded pixels; default 128 (gray), 0 to 255. */
  baseline?: number;
  /**
   * Whether each pixel gets the mean of the squares that cover it (default), or each position of the square
   * one value.
   */
  resize?: boolean;
}

const OCCLUSION_OPTIONS: OptionNames<OcclusionOptions> = {
  ...ATTRIBUTION_OPTIONS,
  size: true,
  stride: true,
  baseline: true,
  resize: true,
};

/** The positions of a square of pixels: the top-left corners are all pairs of `rows` and `columns`. */
interface SquareGrid {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly size: number;
}

/** The first pixels of the squares along an axis. The last square may exceed the image. */
const squareStarts = (length: number, size: number, stride: number) =>
  Array.from({ length: Math.max(1, Math.ceil((length - size) / stride) + 1) }, (_, i) => i * stride);

/** `x` with the pixels of a square set to `level`, one value per channel: a new tensor. */
function occlude(
  x: tf.Tensor4D,
  { top, left, size, level }: { top: number; left: number; size: number; level: number[] },
): tf.Tensor4D {
  const [, height, width] = x.shape;
  const mask = new Float32Array(height * width);
  for (let row = top; row < Math.min(height, top + size); row++)
    mask.fill(1, row * width + left, row * width + Math.min(width, left + size));
  return tf.tidy(() => {
    const occluded = tf.tensor4d(mask, [1, height, width, 1]);
    return tf.add(tf.mul(x, tf.sub(1, occluded)), tf.mul(occluded, tf.tensor1d(level))) as tf.Tensor4D;
  });
}

/** For each pixel the mean value of the squares that cover it, 0 where none does. */
function meanPerPixel(
  values: Float32Array,
  { rows, columns, size }: SquareGrid,
  { height, width }: Images,
): Float32Array {
  const sums = new Float32Array(height * width);
  const counts = new Float32Array(height * width);
  rows.forEach((top, r) =>
    columns.forEach((left, c) => {
      for (let y = top; y < Math.min(height, top + size); y++)
        for (let x = left; x < Math.min(width, left + size); x++) {
          sums[y * width + x] += values[r * columns.length + c];
          counts[y * width + x]++;
        }
    }),
  );
  return sums.map((sum, i) => (counts[i] ? sum / counts[i] : 0));
}

/**
 * Occlusion: the decrease of the score when a square occludes a region of the image. Uses no gradient; the
 * model runs once per position of the square. Zeiler, Fergus, Visualizing and Understanding Convolutional
 * Networks (2014).
 */
export async function occlusion(
  model: tf.LayersModel,
  images: Images,
  options: OcclusionOptions = {},
): Promise<Heatmap[]> {
  expectOptions('occlusion', options, OCCLUSION_OPTIONS);
  expectImageArray('images', images);
  const { height, width } = images;
  const {
    size = Math.min(8, height, width),
    stride = Math.max(1, Math.floor(size / 2)),
    baseline = 128,
    resize = true,
    ...attributionOptions
  } = options;
  expectInteger('size', size, { min: 1, max: Math.min(height, width) });
  expectInteger('stride', stride, { min: 1, max: size });
  expectNumber('baseline', baseline, { min: 0, max: 255 });
  expectBoolean('resize', resize);
  const rows = squareStarts(height, size, stride);
  const columns = squareStarts(width, size, stride);
  const squares = rows.flatMap((top) => columns.map((left) => ({ top, left })));
  const heatmaps: Heatmap[] = [];
  const session = openExplainSession(model, images, attributionOptions);
  const level = preprocessLevel(session.modelInput, baseline);
  await session.forEachBatch(async (batch) => {
    const { x, classes } = batch;
    const scores = await scoreCopies(batch, { count: 1, copiesOf: () => [x] });
    await batch.expectFinite(scores);
    const occludedScores = await scoreCopies(batch, {
      count: squares.length,
      copiesOf: (start, end) =>
        squares.slice(start, end).map((square) => occlude(x, { ...square, size, level })),
    });
    classes.forEach((_, i) => {
      const decreases = Float32Array.from(
        squares,
        (__, square) => scores[i] - occludedScores[square * classes.length + i],
      );
      heatmaps.push({
        ...methodFields(occlusionMethod),
        ...batch.targetFieldsOf(i),
        height: resize ? height : rows.length,
        width: resize ? width : columns.length,
        values: resize ? meanPerPixel(decreases, { rows, columns, size }, images) : decreases,
        signed: true,
      });
    });
  });
  return heatmaps;
}

export const occlusionMethod: AttributionMethod = {
  id: 'occlusion',
  title: 'Occlusion',
  family: 'perturbation',
  usesLayer: false,
  cost: 'high',
  explain: occlusion,
};
