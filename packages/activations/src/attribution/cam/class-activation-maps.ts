import * as tf from '@tensorflow/tfjs';
import { expectBoolean, type Heatmap, type Images, type OptionNames } from '@convlens/core';
import { resizeMaps } from '../../model/resize-maps.js';
import { methodFields, type AttributionMethod } from '../attribution-method.js';
import {
  ATTRIBUTION_OPTIONS,
  openExplainSession,
  type AttributionOptions,
  type ExplainBatch,
} from '../explain-session.js';
import { featureMapsOf, findUpstreamLayer, type UpstreamLayer } from '../upstream-layer.js';

export interface CamOptions extends AttributionOptions {
  /** The layer whose feature maps are weighted: a name, 'last-conv' (default) or 'first-conv'. */
  layer?: string;
  /**
   * Whether to divide each heatmap by its maximum, so that it is in 0..1; default true. A heatmap of zeros
   * stays.
   */
  normalize?: boolean;
  /**
   * Whether to resize the heatmap to the size of the image, bilinearly with half-pixel centers; default true.
   */
  resize?: boolean;
}

export const CAM_OPTIONS: OptionNames<CamOptions> = {
  ...ATTRIBUTION_OPTIONS,
  layer: true,
  normalize: true,
  resize: true,
};

/**
 * Combines feature maps and the gradient of the score with respect to them, both NHWC, to one map per image,
 * NHW.
 */
export type CamWeighting = (maps: tf.Tensor4D, gradient: tf.Tensor4D) => tf.Tensor3D;

/** Computes one map per image, NHW, from a layer output: a new tensor. */
export interface CamMethod<
  Result extends Promise<tf.Tensor3D> | tf.Tensor3D = Promise<tf.Tensor3D> | tf.Tensor3D,
> {
  (batch: ExplainBatch, layer: UpstreamLayer): Result;
  /** Whether it computes the gradient of the target with respect to the layer output. */
  readonly usesGradient?: boolean;
}

/** A CAM whose feature maps are weighted by the gradient of the score. */
export function weightedBy(weighting: CamWeighting): CamMethod<tf.Tensor3D> {
  const compute = (batch: ExplainBatch, layer: UpstreamLayer) =>
    tf.tidy(() => {
      const maps = featureMapsOf(batch, layer);
      return weighting(maps, batch.gradientAt(layer.value, maps));
    });
  return Object.assign(compute, { usesGradient: true });
}

/** A map normalized to 0..1 and resized to the image: a new tensor. */
export function finishMap(
  map: tf.Tensor3D,
  {
    normalize = true,
    resize = true,
    height,
    width,
  }: { height: number; width: number } & Pick<CamOptions, 'normalize' | 'resize'>,
): tf.Tensor3D {
  return tf.tidy(() => {
    const scaled = normalize ? tf.divNoNan<tf.Tensor3D>(map, tf.max(map, [1, 2], true)) : map.clone();
    return resize
      ? tf.squeeze(resizeMaps(tf.expandDims(scaled, 3) as tf.Tensor4D, height, width), [3])
      : scaled;
  });
}

/** The class activation map of each image; `compute` combines the feature maps. */
export async function classActivationMaps(
  model: tf.LayersModel,
  images: Images,
  {
    layer = 'last-conv',
    normalize = true,
    resize = true,
    entry,
    compute,
    ...options
  }: CamOptions & { entry: AttributionMethod; compute: CamMethod },
): Promise<Heatmap[]> {
  expectBoolean('normalize', normalize);
  expectBoolean('resize', resize);
  const session = openExplainSession(model, images, options);
  const upstream = findUpstreamLayer(session, layer);
  if (compute.usesGradient) session.expectGradientAt(upstream.value);
  const heatmaps: Heatmap[] = [];
  await session.forEachBatch(async (batch) => {
    const map = await compute(batch, upstream);
    const result = finishMap(map, { normalize, resize, height: images.height, width: images.width });
    map.dispose();
    try {
      const [, height, width] = result.shape;
      const size = height * width;
      const values = (await result.data()) as Float32Array;
      await batch.expectFinite(values);
      batch.classes.forEach((_, i) =>
        heatmaps.push({
          ...methodFields(entry),
          layer: upstream.name,
          ...batch.targetFieldsOf(i),
          height,
          width,
          values: values.slice(i * size, (i + 1) * size),
          signed: false,
        }),
      );
    } finally {
      result.dispose();
    }
  });
  return heatmaps;
}
