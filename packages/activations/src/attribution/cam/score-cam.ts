import * as tf from '@tensorflow/tfjs';
import {
  expectInteger,
  expectNumber,
  expectOneOf,
  expectOptions,
  type Heatmap,
  type Images,
  type OptionNames,
} from '@convlens/core';
import { preprocessLevel } from '../../model/model-input.js';
import { resizeMaps } from '../../model/resize-maps.js';
import type { AttributionMethod } from '../attribution-method.js';
import type { ExplainBatch } from '../explain-session.js';
import { scoreCopies } from '../score-copies.js';
import { featureMapsOf } from '../upstream-layer.js';
import {
  CAM_OPTIONS,
  classActivationMaps,
  type CamMethod,
  type CamOptions,
} from './class-activation-maps.js';

const SCORE_WEIGHTS = ['softmax', 'as-is'] as const;

export interface ScoreCamOptions extends CamOptions {
  /**
   * The weights of the feature maps: the 'softmax' (default, as in the paper) of the score increases, or
   * these 'as-is'.
   */
  weights?: (typeof SCORE_WEIGHTS)[number];
  /** The level of masked pixels; default 0 (black), 0 to 255. */
  baseline?: number;
  /**
   * Uses only this number of channels, those with the largest variance (Faster Score-CAM); default all, an
   * integer >= 1.
   */
  maxChannels?: number;
}

const SCORE_CAM_OPTIONS: OptionNames<ScoreCamOptions> = {
  ...CAM_OPTIONS,
  weights: true,
  baseline: true,
  maxChannels: true,
};

/**
 * Feature maps scaled to 0..1 and resized to the image: N x height x width x channels. A constant map becomes
 * zeros.
 */
function masksOf(maps: tf.Tensor4D, height: number, width: number): tf.Tensor4D {
  const resized = resizeMaps(maps, height, width);
  const minimum = tf.min(resized, [1, 2], true);
  return tf.divNoNan(tf.sub(resized, minimum), tf.sub(tf.max(resized, [1, 2], true), minimum));
}

/**
 * The `count` maps of each image with the largest variance; of equal ones the lower channel. N x height x
 * width x count.
 */
function mostVarying(maps: tf.Tensor4D, count: number): tf.Tensor4D {
  const [images, height, width, channels] = maps.shape;
  const { variance } = tf.moments(maps, [1, 2]);
  const { indices } = tf.topk(variance, Math.min(count, channels));
  // The channels differ between images: the product with a one-hot matrix selects them on every backend.
  const selection = tf.transpose(tf.oneHot(tf.cast(indices, 'int32'), channels), [0, 2, 1]);
  const selected = tf.matMul(
    tf.reshape(maps, [images, height * width, channels]),
    tf.cast(selection, 'float32'),
  );
  return tf.reshape(selected, [images, height, width, selection.shape[2]!]);
}

/** Score of the image masked by each feature map, minus the score of the baseline: channels x images. */
async function scoreIncreases(
  batch: ExplainBatch,
  maps: tf.Tensor4D,
  baseline: number,
): Promise<Float32Array> {
  const { modelInput, x } = batch;
  const [images, height, width] = x.shape;
  const level = tf.tensor1d(preprocessLevel(modelInput, baseline));
  const difference = tf.sub(x, level);
  try {
    const baselineScores = await scoreCopies(batch, {
      count: 1,
      copiesOf: () => [tf.add(tf.zerosLike(x), level)],
    });
    const scores = await scoreCopies(batch, {
      count: maps.shape[3],
      copiesOf: (start, end) => {
        // The masks are as large as the image: those of all channels together may not fit into memory.
        const some = tf.slice(maps, [0, 0, 0, start], [-1, -1, -1, end - start]);
        return tf
          .split(masksOf(some, height, width), end - start, 3)
          .map((mask) => tf.add(level, tf.mul(difference, mask)));
      },
    });
    return scores.map((score, i) => score - baselineScores[i % images]);
  } finally {
    tf.dispose([level, difference]);
  }
}

const computeScoreCam =
  ({
    weights,
    baseline,
    maxChannels,
  }: {
    weights: string;
    baseline: number;
    maxChannels?: number;
  }): CamMethod =>
  async (batch, layer) => {
    const maps = tf.tidy(() => {
      const allMaps = featureMapsOf(batch, layer);
      return maxChannels === undefined ? allMaps : mostVarying(allMaps, maxChannels);
    });
    try {
      const [images, , , channels] = maps.shape;
      const increases = await scoreIncreases(batch, maps, baseline);
      return tf.tidy(() => {
        const ofImages = tf.transpose(tf.tensor2d(increases, [channels, images])) as tf.Tensor2D;
        const alpha = weights === 'softmax' ? tf.softmax(ofImages) : ofImages;
        return tf.relu(tf.sum(tf.mul(maps, tf.reshape(alpha, [images, 1, 1, channels])), 3)) as tf.Tensor3D;
      });
    } finally {
      maps.dispose();
    }
  };

/**
 * Score-CAM: the sum of the feature maps of a layer, each weighted by the increase of the score over that of
 * the baseline when the image is masked by the map. Uses no gradient; the model runs once per map. Wang,
 * Wang, Du, Yang, Zhang, Ding, Mardziel, Hu, Score-CAM (2020), algorithm 1; `maxChannels` as in Faster
 * Score-CAM of tf-keras-vis.
 */
export async function scoreCam(
  model: tf.LayersModel,
  images: Images,
  options: ScoreCamOptions = {},
): Promise<Heatmap[]> {
  expectOptions('scoreCam', options, SCORE_CAM_OPTIONS);
  const { weights = 'softmax', baseline = 0, maxChannels, ...camOptions } = options;
  expectOneOf('weights', weights, SCORE_WEIGHTS);
  expectNumber('baseline', baseline, { min: 0, max: 255 });
  if (maxChannels !== undefined) expectInteger('maxChannels', maxChannels, { min: 1 });
  const compute = computeScoreCam({ weights, baseline, maxChannels });
  return classActivationMaps(model, images, { ...camOptions, entry: scoreCamMethod, compute });
}

export const scoreCamMethod: AttributionMethod = {
  id: 'score-cam',
  title: 'Score-CAM',
  family: 'cam',
  usesLayer: true,
  cost: 'high',
  explain: scoreCam,
};
