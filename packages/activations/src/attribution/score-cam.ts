import * as tf from '@tensorflow/tfjs';
import { expectInteger, expectNumber, expectOneOf, type Heatmap, type Images } from '@convlens/core';
import { classMaps, mapsOf, type ClassMapOptions, type MapMethod } from './class-map.js';
import { resizeMaps } from '../model/resize-maps.js';
import { readLevel } from '../model/subject.js';

export interface ScoreCamOptions extends ClassMapOptions {
  /** Whether the rises of the score weigh the maps by their 'softmax' (default, as in the paper) or 'as-is'. */
  weights?: 'softmax' | 'as-is';
  /** The level of the pixels that a map hides; default 0 (black), 0 to 255. */
  baseline?: number;
  /** How many maps are used, those that vary most (Faster Score-CAM), and so many runs; default all, an integer >= 1. */
  maps?: number;
}

/** Maps that run from 0 to 1, as large as the image: N x height x width x channels. A map of one value is all zeros. */
function masksOf(maps: tf.Tensor4D, height: number, width: number): tf.Tensor4D {
  const large = resizeMaps(maps, height, width);
  const low = tf.min(large, [1, 2], true);
  return tf.divNoNan(tf.sub(large, low), tf.sub(tf.max(large, [1, 2], true), low));
}

/** The `count` maps of each image that vary most, the first of equal ones first: N x height x width x count. */
function mostVarying(maps: tf.Tensor4D, count: number): tf.Tensor4D {
  const [images, height, width, channels] = maps.shape;
  const { variance } = tf.moments(maps, [1, 2]);
  const { indices } = tf.topk(variance, Math.min(count, channels));
  // Each image has its own choice: a product with ones and zeros takes it on every backend.
  const choice = tf.transpose(tf.oneHot(tf.cast(indices, 'int32'), channels), [0, 2, 1]);
  const chosen = tf.matMul(tf.reshape(maps, [images, height * width, channels]), tf.cast(choice, 'float32'));
  return tf.reshape(chosen, [images, height, width, choice.shape[2]!]);
}

const compute =
  ({ weights = 'softmax', baseline = 0, maps: most }: ScoreCamOptions): MapMethod =>
  async (batch, layer) => {
    const { subject, x, rows, scoreOf, pause } = batch;
    const [images, height, width] = x.shape;
    const start = tf.tensor1d(readLevel(subject, baseline));
    const kept: tf.Tensor[] = [start];
    const keep = <T extends tf.Tensor>(tensor: T): T => (kept.push(tensor), tensor);
    try {
      const all = keep(mapsOf(batch, layer));
      const maps = most === undefined ? all : keep(tf.tidy(() => mostVarying(all, most)));
      const channels = maps.shape[3];
      const way = keep(tf.sub(x, start));
      const empty = keep(tf.tidy(() => scoreOf(tf.add(tf.zerosLike(x), start))));
      const rises: tf.Tensor1D[] = [];
      const together = Math.max(1, Math.floor(rows / images));
      for (let c = 0; c < channels; c += together) {
        await pause();
        const scores = tf.tidy(() => {
          // As large as the image, masks of all maps at once might not fit into memory.
          const some = tf.slice(maps, [0, 0, 0, c], [-1, -1, -1, Math.min(together, channels - c)]);
          const shown = tf
            .split(masksOf(some, height, width), some.shape[3], 3)
            .map((mask) => tf.add<tf.Tensor4D>(start, tf.mul(way, mask)));
          return scoreOf(shown.length === 1 ? shown[0] : tf.concat(shown, 0));
        });
        rises.push(keep(scores));
      }
      return tf.tidy(() => {
        const scores = tf.reshape(tf.concat(rises), [channels, images]);
        const rise = tf.transpose(tf.sub(scores, empty)) as tf.Tensor2D;
        const alpha = weights === 'softmax' ? tf.softmax(rise) : rise;
        return tf.relu(tf.sum(tf.mul(maps, tf.reshape(alpha, [images, 1, 1, channels])), 3)) as tf.Tensor3D;
      });
    } finally {
      tf.dispose(kept);
    }
  };

/**
 * The maps of a layer, each weighed by how far the score rises above that of an empty image when only what the map lights
 * up is shown: no gradient, but a run of the model for each map. Wang, Wang, Du, Yang, Zhang, Ding, Mardziel, Hu,
 * Score-CAM (2020), algorithm 1; `maps` as in Faster Score-CAM of tf-keras-vis.
 */
export async function scoreCam(
  model: tf.LayersModel,
  images: Images,
  { weights = 'softmax', baseline = 0, maps, ...options }: ScoreCamOptions = {},
): Promise<Heatmap[]> {
  expectOneOf('weights', weights, ['softmax', 'as-is']);
  expectNumber('baseline', baseline, { min: 0, max: 255 });
  if (maps !== undefined) expectInteger('maps', maps, { min: 1 });
  return classMaps(model, images, {
    ...options,
    method: 'score-cam',
    compute: compute({ weights, baseline, maps }),
  });
}
