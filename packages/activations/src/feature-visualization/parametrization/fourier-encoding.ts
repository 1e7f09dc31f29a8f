import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { identity, multiplySides, separableProduct, transpose, type Matrix } from '../separable-product.js';
import { CIFAR_COLOR_BASIS, invertOrthogonal } from './color-basis.js';
import type { Encoding } from './encoding.js';
import { fourierBasis, frequencyScale } from './fourier-basis.js';

export const FOURIER_COLORS = ['plain', 'decorrelated'] as const;
export type FourierColors = (typeof FOURIER_COLORS)[number];

/** The scale of images with coefficients of 1, as in Lucid. */
const CONTRAST = 1 / 4;

/**
 * The parameters are Fourier coefficients, scaled by 1 / frequency^decay.
 *
 * @throws InputError for decorrelated colors of images without three channels.
 */
export function fourierEncoding(
  [height, width, channels]: readonly [height: number, width: number, channels: number],
  { decay = 1, colors = 'plain' }: { decay?: number; colors?: FourierColors },
): Encoding {
  if (colors === 'decorrelated' && channels !== 3)
    throw new InputError(`Expected images of 3 channels for decorrelated colors, got ${channels}`);
  const colorBasis: Matrix = colors === 'plain' ? identity(channels) : CIFAR_COLOR_BASIS;
  const [rows, columns] = [fourierBasis(height), fourierBasis(width)];
  const scale = tf.tensor4d(
    frequencyScale(rows.cycles, columns.cycles, { decay }).map((value) => value * CONTRAST),
    [1, height, width, 1],
  );
  const [left, right] = [rows.columns, transpose(columns.columns)];
  const synthesis = separableProduct({ left, right, colors: colorBasis });
  const adjoint = separableProduct({
    left: transpose(left),
    right: transpose(right),
    colors: transpose(colorBasis),
  });
  const analysis = separableProduct({
    left: transpose(left),
    right: transpose(right),
    colors: invertOrthogonal(colorBasis),
  });
  return {
    encode: (image) => tf.tidy(() => tf.div<tf.Tensor4D>(multiplySides(tf.sub(image, 0.5), analysis), scale)),
    decode: (parameters) =>
      tf.tidy(() => tf.add<tf.Tensor4D>(multiplySides(tf.mul(parameters, scale), synthesis), 0.5)),
    pullBack: (gradient) => tf.tidy(() => tf.mul<tf.Tensor4D>(multiplySides(gradient, adjoint), scale)),
    unit: 1,
    dispose: () => tf.dispose([scale, { ...synthesis }, { ...adjoint }, { ...analysis }]),
  };
}
