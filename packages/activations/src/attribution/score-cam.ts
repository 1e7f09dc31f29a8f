import * as tf from '@tensorflow/tfjs';
import { expectInteger, expectNumber, expectOneOf, type Heatmap, type Images } from '@convlens/core';
import { classMaps, mapsOf, resizeMaps, type ClassMapOptions, type MapMethod } from './class-map.js';
import { readLevel } from '../model/subject.js';

export interface ScoreCamOptions extends ClassMapOptions {
  /** Whether the rises of the score weigh the maps by their 'softmax' (default, as in the paper) or 'as-is'. */
  weights?: 'softmax' | 'as-is';
  /** The level of the pixels that a map hides; default 0 (black), 0 to 255. */
  baseline?: number;
  /** How many maps are used, those that vary most (Faster Score-CAM); default all, an integer >= 1. */
  maps?: number;
}

/** Maps that run from 0 to 1, as large as the image: N x height x width x channels. A map of one value is all zeros. */
function masksOf(maps: tf.Tensor4D, height: number, width: number): tf.Tensor4D {
  const large = resizeMaps(maps, height, width);
  const low = tf.min(large, [1, 2], true);
  return tf.divNoNan(tf.sub(large, low), tf.sub(tf.max(large, [1, 2], true), low));
}

/** N x channels: 1 for the `count` maps of each image that vary most. */
function mostVarying(maps: tf.Tensor4D, count: number): tf.Tensor2D {
  const { variance } = tf.moments(maps, [1, 2]);
  const channels = maps.shape[3];
  const { indices } = tf.topk(variance, Math.min(count, channels));
  return tf.sum(tf.oneHot(tf.cast(indices, 'int32'), channels), 1);
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
      const maps = keep(mapsOf(batch, layer));
      const channels = maps.shape[3];
      const masks = keep(tf.tidy(() => masksOf(maps, height, width)));
      const way = keep(tf.sub(x, start));
      const empty = keep(tf.tidy(() => scoreOf(tf.add(tf.zerosLike(x), start))));
      const rises: tf.Tensor1D[] = [];
      const together = Math.max(1, Math.floor(rows / images));
      for (let c = 0; c < channels; c += together) {
        await pause();
        const scores = tf.tidy(() => {
          const shown = Array.from({ length: Math.min(together, channels - c) }, (_, i) =>
            tf.add<tf.Tensor4D>(start, tf.mul(way, tf.slice(masks, [0, 0, 0, c + i], [-1, -1, -1, 1]))),
          );
          return scoreOf(shown.length === 1 ? shown[0] : tf.concat(shown, 0));
        });
        rises.push(keep(scores));
      }
      return tf.tidy(() => {
        const scores = tf.reshape(tf.concat(rises), [channels, images]);
        const rise = tf.transpose(tf.sub(scores, empty)) as tf.Tensor2D;
        const used = most === undefined ? tf.onesLike(rise) : mostVarying(maps, most);
        const far = tf.mul(tf.sub(used, 1), 1e9);
        const alpha = weights === 'softmax' ? tf.softmax(tf.add(rise, far)) : tf.mul(rise, used);
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
