import * as tf from '@tensorflow/tfjs';
import {
  expectInteger,
  expectNumber,
  expectOneOf,
  InputError,
  type Heatmap,
  type Images,
  type PerturbationCurve,
} from '@convlens/core';
import { openExplanation, type Explained, type ExplainOptions } from '../attribution/explanation.js';
import { gaussianBlur } from './gaussian-blur.js';
import { readLevel } from '../model/subject.js';

/** What stands for a pixel that is not there: each image's own 'mean' colour, its 'blur', or a level from 0 to 255. */
export type Baseline = 'mean' | 'blur' | number;

export interface PerturbationOptions extends ExplainOptions {
  /** One an image, in their order and of their size: what any method of this package returns. */
  heatmaps: readonly Heatmap[];
  /** What stands for a pixel that is not there; default 'mean' for deletion, 'blur' for insertion. */
  baseline?: Baseline;
  /** In how many steps all pixels are changed; default 32, an integer >= 1. */
  steps?: number;
}

/** Where each pixel stands in the order of the map, highest first; of equal ones the lower index first. */
function placesOf({ values }: Heatmap): Float32Array {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[b] - values[a]);
  const places = new Float32Array(order.length);
  order.forEach((pixel, place) => (places[pixel] = place));
  return places;
}

/** The image without its pixels: a new tensor that can stand in for `x`. */
async function emptied({ x, subject }: Explained, baseline: Baseline): Promise<tf.Tensor4D> {
  if (baseline === 'mean')
    return tf.tidy(() => tf.add<tf.Tensor4D>(tf.zerosLike(x), tf.mean(x, [1, 2], true)));
  const [, height, width, channels] = x.shape;
  if (baseline === 'blur')
    return tf.tensor4d(gaussianBlur((await x.data()) as Float32Array, { height, width, channels }), x.shape);
  return tf.tidy(() => tf.add<tf.Tensor4D>(tf.zerosLike(x), tf.tensor1d(readLevel(subject, baseline))));
}

function expectHeatmaps(heatmaps: readonly Heatmap[], { count, height, width }: Images): void {
  if (heatmaps.length !== count)
    throw new InputError(`Expected heatmaps to hold ${count} maps, one an image, got ${heatmaps.length}`);
  const wrong = heatmaps.find((map) => map.height !== height || map.width !== width);
  if (wrong)
    throw new InputError(
      `Expected heatmaps of ${height} x ${width}, as the images are, got ${wrong.height} x ${wrong.width}`,
    );
}

async function curves(
  model: tf.LayersModel,
  images: Images,
  {
    kind,
    heatmaps,
    baseline,
    steps = 32,
    score = 'probability',
    target = heatmaps.map(({ classIndex }) => classIndex),
    ...options
  }: PerturbationOptions & { kind: PerturbationCurve['kind']; baseline: Baseline },
): Promise<PerturbationCurve[]> {
  expectHeatmaps(heatmaps, images);
  expectInteger('steps', steps, { min: 1 });
  if (typeof baseline === 'number') expectNumber('baseline', baseline, { min: 0, max: 255 });
  else expectOneOf('baseline', baseline, ['mean', 'blur']);
  const pixels = images.height * images.width;
  const changed = Array.from({ length: steps + 1 }, (_, k) => Math.round((k * pixels) / steps));
  const shares = Float32Array.from(changed, (count) => count / pixels);
  const found: PerturbationCurve[] = [];
  await openExplanation(model, images, { ...options, target, score }).forEach(async (batch) => {
    const { x, start, classes, headOf } = batch;
    const [count, height, width] = x.shape;
    const empty = await emptied(batch, baseline);
    const places = tf.tidy(() =>
      tf.stack(classes.map((_, i) => tf.tensor3d(placesOf(heatmaps[start + i]), [height, width, 1]))),
    ) as tf.Tensor4D;
    const [from, to] = kind === 'deletion' ? [x, empty] : [empty, x];
    const scores = classes.map(() => new Float32Array(changed.length));
    try {
      const together = Math.max(1, Math.floor(batch.rows / count));
      for (let k = 0; k < changed.length; k += together) {
        await batch.pause();
        const some = changed.slice(k, k + together);
        const result = tf.tidy(() => {
          const between = some.map((many) =>
            tf.where<tf.Tensor4D>(withChannels(tf.less(places, many), x), to, from),
          );
          return batch.scoreOf(between.length === 1 ? between[0] : tf.concat(between, 0));
        });
        try {
          const values = await result.data();
          some.forEach((_, j) => classes.forEach((__, i) => (scores[i][k + j] = values[j * count + i])));
        } finally {
          result.dispose();
        }
      }
    } finally {
      tf.dispose([empty, places]);
    }
    classes.forEach((_, i) => {
      const { method, layer } = heatmaps[start + i];
      found.push({
        kind,
        method,
        ...(layer !== undefined && { layer }),
        ...headOf(i),
        shares,
        scores: scores[i],
        auc: areaUnder(shares, scores[i]),
      });
    });
  });
  return found;
}

/** A mask a pixel as a mask a channel of it. */
const withChannels = (mask: tf.Tensor, { shape }: tf.Tensor4D) => tf.tile(mask, [1, 1, 1, shape[3]]);

function areaUnder(shares: Float32Array, scores: Float32Array): number {
  let area = 0;
  for (let k = 1; k < shares.length; k++)
    area += ((shares[k] - shares[k - 1]) * (scores[k] + scores[k - 1])) / 2;
  return area;
}

/**
 * How the probability of the explained class falls while pixels are taken out of each image, those of the highest values of
 * its heatmap first: the sooner, the better the map. Petsiuk, Das, Saenko, RISE (2018).
 */
export async function deletionCurves(
  model: tf.LayersModel,
  images: Images,
  { baseline = 'mean', ...options }: PerturbationOptions,
): Promise<PerturbationCurve[]> {
  return curves(model, images, { ...options, baseline, kind: 'deletion' });
}

/**
 * How the probability of the explained class rises while the pixels of each image are put into an empty one, those of the
 * highest values of its heatmap first: the sooner, the better the map. Petsiuk, Das, Saenko, RISE (2018).
 */
export async function insertionCurves(
  model: tf.LayersModel,
  images: Images,
  { baseline = 'blur', ...options }: PerturbationOptions,
): Promise<PerturbationCurve[]> {
  return curves(model, images, { ...options, baseline, kind: 'insertion' });
}
