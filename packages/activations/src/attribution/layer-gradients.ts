import type * as tf from '@tensorflow/tfjs';
import { InputError, type Images, type LayerGradients } from '@convlens/core';
import { findMapLayer } from './class-map.js';
import { openExplanation, type ExplainOptions } from './explanation.js';
import { valueShapes } from '../model/subject.js';

export interface LayerGradientsOptions extends ExplainOptions {
  /** The layer: a name, 'last-conv' (default) or 'first-conv'. */
  layer?: string;
}

/**
 * The gradient of a score with respect to what a layer puts out, such as after pool2: which of its maps a class draws on,
 * and where. In scores per unit of the layer's output; a dense layer has maps of 1 x 1.
 */
export async function layerGradients(
  model: tf.LayersModel,
  images: Images,
  { layer = 'last-conv', ...options }: LayerGradientsOptions = {},
): Promise<LayerGradients> {
  const explanation = openExplanation(model, images, options);
  const { subject, aim } = explanation;
  const { value, name } = findMapLayer(explanation, layer);
  const [, ...size] = valueShapes(subject)[value];
  if (size.length !== 3 && size.length !== 1)
    throw new InputError(`Expected layer to put out maps or units, got ${name}, which puts out [${size}]`);
  const [height, width] = size.length === 3 ? size : [1, 1];
  const channels = size.at(-1)!;
  const length = height * width * channels;
  const values = new Float32Array(images.count * length);
  const heads: { classIndex: number; index: number }[] = [];
  await explanation.forEach(async ({ outputOf, gradientAt, classes, headOf, start }) => {
    const output = outputOf(value);
    let gradient: tf.Tensor | undefined;
    try {
      gradient = gradientAt(value, output);
      values.set((await gradient.data()) as Float32Array, start * length);
    } finally {
      output.dispose();
      gradient?.dispose();
    }
    classes.forEach((_, i) => heads.push(headOf(i)));
  });
  return {
    layer: name,
    ...(aim.name !== undefined && { target: aim.name }),
    classIndices: heads.map(({ classIndex }) => classIndex),
    indices: heads.map(({ index }) => index),
    count: images.count,
    height,
    width,
    channels,
    values,
  };
}
