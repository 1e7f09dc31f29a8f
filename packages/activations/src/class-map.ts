import * as tf from '@tensorflow/tfjs';
import { InputError, type Heatmap, type Images } from '@convlens/core';
import { explainBatches, type ExplainOptions } from './attribution.js';
import { findValue, nameOfValue } from './find-layer.js';
import { gradientOf } from './gradient.js';
import { runPlan } from './graph.js';
import { planModel } from './plan.js';
import { targetScore } from './scores.js';
import { indexOf } from './subject.js';

export interface ClassMapOptions extends ExplainOptions {
  /** The layer whose maps are weighed: a name, 'last-conv' (default) or 'first-conv'. */
  layer?: string;
  /** Whether to divide each map by its largest value (default), so that it runs from 0 to 1. A map of zeros stays. */
  normalize?: boolean;
  /** Whether to enlarge the map to the image (default), bilinearly with half-pixel centres. */
  resize?: boolean;
}

/** From a layer's maps and the score's gradient with respect to them, both NHWC, to one map an image, NHW. */
export type Weighing = (maps: tf.Tensor4D, gradient: tf.Tensor4D) => tf.Tensor3D;

/** A class activation map of each image: the maps of a layer, added up as `weigh` says. */
export async function classMaps(
  model: tf.LayersModel,
  images: Images,
  {
    layer = 'last-conv',
    normalize = true,
    resize = true,
    method,
    weigh,
    ...options
  }: ClassMapOptions & { method: string; weigh: Weighing },
): Promise<Heatmap[]> {
  const plan = planModel(model);
  const value = findValue(plan, layer);
  const name = nameOfValue(plan, layer, value);
  const heatmaps: Heatmap[] = [];
  await explainBatches(model, images, {
    ...options,
    body: async ({ x, start, targets, score }) => {
      const result = tf.tidy(() => {
        const [maps] = runPlan(plan, [x], [value]) as [tf.Tensor4D];
        if (maps.rank !== 4)
          throw new InputError(
            `Expected layer to put out maps (height x width x channels), got ${name}, which puts out [${maps.shape.slice(1)}]`,
          );
        const scoreOf = (given: tf.Tensor4D) =>
          targetScore(plan, x, { targets, score, replace: new Map([[value, given]]) });
        let map = weigh(maps, gradientOf(scoreOf, maps));
        if (normalize) map = tf.divNoNan(map, tf.max(map, [1, 2], true));
        if (!resize) return map;
        const size: [number, number] = [images.height, images.width];
        return tf.squeeze<tf.Tensor3D>(
          tf.image.resizeBilinear(tf.expandDims(map, 3) as tf.Tensor4D, size, false, true),
          [3],
        );
      });
      try {
        const [, height, width] = result.shape;
        const values = (await result.data()) as Float32Array;
        targets.forEach((classIndex, i) =>
          heatmaps.push({
            method,
            layer: name,
            classIndex,
            index: indexOf(images, start + i),
            height,
            width,
            values: values.slice(i * height * width, (i + 1) * height * width),
            signed: false,
          }),
        );
      } finally {
        result.dispose();
      }
    },
  });
  return heatmaps;
}
