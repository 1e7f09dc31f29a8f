import * as tf from '@tensorflow/tfjs';
import { InputError, type Heatmap, type Images } from '@convlens/core';
import { openExplanation, type Explained, type ExplainOptions, type Explanation } from './explanation.js';
import { findValue, nameOfValue } from '../model/find-layer.js';
import { leadsTo } from '../model/graph.js';
import { resizeMaps } from '../model/resize-maps.js';

export interface ClassMapOptions extends ExplainOptions {
  /** The layer whose maps are weighed: a name, 'last-conv' (default) or 'first-conv'. */
  layer?: string;
  /** Whether to divide each map by its largest value (default), so that it runs from 0 to 1. A map of zeros stays. */
  normalize?: boolean;
  /** Whether to enlarge the map to the image (default), bilinearly with half-pixel centres. */
  resize?: boolean;
}

/** A layer that comes before what is explained. */
export interface MapLayer {
  readonly value: number;
  readonly name: string;
}

/** From a layer's maps and the score's gradient with respect to them, both NHWC, to one map an image, NHW. */
export type Weighing = (maps: tf.Tensor4D, gradient: tf.Tensor4D) => tf.Tensor3D;

/** Makes one map an image, NHW, of what a layer puts out: a new tensor. */
export type MapMethod = (batch: Explained, layer: MapLayer) => tf.Tensor3D | Promise<tf.Tensor3D>;

/** Finds a layer; an InputError unless what is explained depends on it. */
export function findMapLayer({ subject: { plan }, aim, explained }: Explanation, layer: string): MapLayer {
  const value = findValue(plan, layer);
  const name = nameOfValue(plan, layer, value);
  if (!leadsTo(plan, value, aim.value))
    throw new InputError(
      `Expected layer to come before what is explained, got ${name}, which does not lead to ${explained}`,
    );
  return { value, name };
}

/** What a layer of maps puts out for a batch: a new tensor. */
export function mapsOf({ outputOf }: Explained, { value, name }: MapLayer): tf.Tensor4D {
  const maps = outputOf(value);
  if (maps.rank === 4) return maps as tf.Tensor4D;
  const size = maps.shape.slice(1);
  maps.dispose();
  throw new InputError(
    `Expected layer to put out maps (height x width x channels), got ${name}, which puts out [${size}]`,
  );
}

/** Maps that are weighed by the score's gradient. */
export const weighedBy =
  (weigh: Weighing): MapMethod =>
  (batch, layer) =>
    tf.tidy(() => {
      const maps = mapsOf(batch, layer);
      return weigh(maps, batch.gradientAt(layer.value, maps));
    });

/** A map as it is drawn: from 0 to 1, as large as the image. A new tensor. */
export function finishMap(
  map: tf.Tensor3D,
  {
    normalize = true,
    resize = true,
    height,
    width,
  }: { height: number; width: number } & Pick<ClassMapOptions, 'normalize' | 'resize'>,
): tf.Tensor3D {
  return tf.tidy(() => {
    const scaled = normalize ? tf.divNoNan<tf.Tensor3D>(map, tf.max(map, [1, 2], true)) : map.clone();
    return resize
      ? tf.squeeze(resizeMaps(tf.expandDims(scaled, 3) as tf.Tensor4D, height, width), [3])
      : scaled;
  });
}

/** A class activation map of each image: the maps of a layer, put together as `compute` says. */
export async function classMaps(
  model: tf.LayersModel,
  images: Images,
  {
    layer = 'last-conv',
    normalize,
    resize,
    method,
    compute,
    ...options
  }: ClassMapOptions & { method: string; compute: MapMethod },
): Promise<Heatmap[]> {
  const explanation = openExplanation(model, images, options);
  const found = findMapLayer(explanation, layer);
  const heatmaps: Heatmap[] = [];
  await explanation.forEach(async (batch) => {
    const map = await compute(batch, found);
    const { height, width } = images;
    const result = finishMap(map, { normalize, resize, height, width });
    map.dispose();
    try {
      const [, rows, columns] = result.shape;
      const values = (await result.data()) as Float32Array;
      batch.classes.forEach((_, i) =>
        heatmaps.push({
          method,
          layer: found.name,
          ...batch.headOf(i),
          height: rows,
          width: columns,
          values: values.slice(i * rows * columns, (i + 1) * rows * columns),
          signed: false,
        }),
      );
    } finally {
      result.dispose();
    }
  });
  return heatmaps;
}
