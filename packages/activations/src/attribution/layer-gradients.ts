import type * as tf from '@tensorflow/tfjs';
import {
  expectOptions,
  InputError,
  type Heatmap,
  type Images,
  type LayerGradients,
  type OptionNames,
} from '@convlens/core';
import { valueShapes } from '../model/model-input.js';
import { ATTRIBUTION_OPTIONS, openExplainSession, type AttributionOptions } from './explain-session.js';
import { findUpstreamLayer } from './upstream-layer.js';

export interface LayerGradientsOptions extends AttributionOptions {
  /** The layer: a name, 'last-conv' (default) or 'first-conv'. */
  layer?: string;
}

const LAYER_GRADIENTS_OPTIONS: OptionNames<LayerGradientsOptions> = { ...ATTRIBUTION_OPTIONS, layer: true };

/**
 * The gradient of a score with respect to a layer output: which of its feature maps the score depends on, and
 * at which positions. In scores per unit of the layer output; the maps of a dense layer are 1 x 1.
 *
 * @throws InputError if the layer outputs neither maps nor units, or the target does not depend on it.
 */
export async function layerGradients(
  model: tf.LayersModel,
  images: Images,
  options: LayerGradientsOptions = {},
): Promise<LayerGradients> {
  expectOptions('layerGradients', options, LAYER_GRADIENTS_OPTIONS);
  const { layer = 'last-conv', ...attributionOptions } = options;
  const session = openExplainSession(model, images, attributionOptions);
  const { modelInput, resolvedTarget } = session;
  const { value, name } = findUpstreamLayer(session, layer);
  session.expectGradientAt(value);
  const [, ...size] = valueShapes(modelInput)[value];
  if (size.length !== 3 && size.length !== 1)
    throw new InputError(`Expected layer to output maps or units, got ${name}, which outputs [${size}]`);
  const [height, width] = size.length === 3 ? size : [1, 1];
  const channels = size.at(-1)!;
  const length = height * width * channels;
  const { count } = modelInput.images;
  const values = new Float32Array(count * length);
  const targetFields: Pick<Heatmap, 'classIndex' | 'index'>[] = [];
  await session.forEachBatch(async ({ outputOf, gradientAt, classes, targetFieldsOf, start }) => {
    const output = outputOf(value);
    let gradient: tf.Tensor | undefined;
    try {
      gradient = gradientAt(value, output);
      values.set((await gradient.data()) as Float32Array, start * length);
    } finally {
      output.dispose();
      gradient?.dispose();
    }
    classes.forEach((_, i) => targetFields.push(targetFieldsOf(i)));
  });
  return {
    layer: name,
    ...(resolvedTarget.name !== undefined && { target: resolvedTarget.name }),
    classIndices: targetFields.map(({ classIndex }) => classIndex),
    indices: targetFields.map(({ index }) => index),
    count,
    height,
    width,
    channels,
    values,
  };
}
