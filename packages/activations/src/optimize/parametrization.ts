import { expectNumber, expectOneOf, InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { CIFAR_COLOURS, invertOrthogonal } from './colours.js';
import { fourierBasis, frequencyScale } from './fourier-basis.js';
import { identity, multiplySides, separableProduct, transpose, type Matrix } from './separable.js';

/** What is changed to change an image: its pixels, or the strengths of the waves that it is made of. */
export type Parametrization =
  | { readonly kind: 'pixels' }
  /**
   * Waves, the weaker the higher their frequency: strength / frequency^decay (default 1), so that smooth things are as
   * easy to make as fine ones. `colours: 'decorrelated'` mixes three channels as photographs do (default 'plain').
   * Olah, Mordvintsev, Schubert, Feature Visualization (2017).
   */
  | { readonly kind: 'fourier'; readonly decay?: number; readonly colours?: 'plain' | 'decorrelated' };

/** Where pixels may go: anywhere, to 0..255 and no further, or towards 0 and 255 along a sigmoid. */
export type PixelRange = 'free' | 'clip' | 'sigmoid';

export const PIXEL_RANGES = ['free', 'clip', 'sigmoid'] as const;

/** Between images, count x height x width x channels on the scale 0..1, and their parameters. All tensors are new. */
export interface Encoding {
  encode(image: tf.Tensor4D): tf.Tensor4D;
  decode(parameters: tf.Tensor4D): tf.Tensor4D;
  /** The gradient with respect to the parameters, from that with respect to the image. */
  pullBack(gradient: tf.Tensor4D, image: tf.Tensor4D): tf.Tensor4D;
  /** What a step of 1 means for the parameters: one of 256 levels where they are pixels. */
  readonly unit: number;
  dispose(): void;
}

const PIXELS: Encoding = {
  encode: (image) => image.clone(),
  decode: (parameters) => parameters.clone(),
  pullBack: (gradient) => gradient.clone(),
  unit: 1 / 255,
  dispose: () => {},
};

/** Contrast of an image whose strengths are 1, as Lucid has it. */
const CONTRAST = 1 / 4;

function fourier(
  [height, width, channels]: readonly [number, number, number],
  { decay = 1, colours = 'plain' }: { decay?: number; colours?: 'plain' | 'decorrelated' },
): Encoding {
  expectNumber('fourier.decay', decay, { min: 0 });
  expectOneOf('fourier.colours', colours, ['plain', 'decorrelated']);
  if (colours === 'decorrelated' && channels !== 3)
    throw new InputError(`Expected images of 3 channels to decorrelate the colours of, got ${channels}`);
  const mix: Matrix = colours === 'plain' ? identity(channels) : CIFAR_COLOURS;
  const [rows, columns] = [fourierBasis(height), fourierBasis(width)];
  const scale = tf.tensor4d(
    frequencyScale(rows.cycles, columns.cycles, { decay }).map((value) => value * CONTRAST),
    [1, height, width, 1],
  );
  const [down, along] = [rows.columns, columns.columns];
  const synthesis = separableProduct({ left: down, right: transpose(along), colours: mix });
  const adjoint = separableProduct({ left: transpose(down), right: along, colours: transpose(mix) });
  const analysis = separableProduct({ left: transpose(down), right: along, colours: invertOrthogonal(mix) });
  return {
    encode: (image) => tf.tidy(() => tf.div<tf.Tensor4D>(multiplySides(tf.sub(image, 0.5), analysis), scale)),
    decode: (parameters) =>
      tf.tidy(() => tf.add<tf.Tensor4D>(multiplySides(tf.mul(parameters, scale), synthesis), 0.5)),
    pullBack: (gradient) => tf.tidy(() => tf.mul<tf.Tensor4D>(multiplySides(gradient, adjoint), scale)),
    unit: 1,
    dispose: () => tf.dispose([scale, { ...synthesis }, { ...adjoint }, { ...analysis }]),
  };
}

/** How near to 0 and 1 an image may be that is to be written as a sigmoid; at the ends there is no gradient. */
const MARGIN = 0.02;

/** Parameters of what, through a sigmoid, becomes the image. */
function squashed(inner: Encoding): Encoding {
  return {
    encode: (image) =>
      tf.tidy(() => {
        const inside = tf.clipByValue(image, MARGIN, 1 - MARGIN);
        return inner.encode(tf.add(tf.log(tf.div(inside, tf.sub(1, inside))), 0.5));
      }),
    decode: (parameters) => tf.tidy(() => tf.sigmoid(tf.sub<tf.Tensor4D>(inner.decode(parameters), 0.5))),
    pullBack: (gradient, image) =>
      tf.tidy(() => inner.pullBack(tf.mul<tf.Tensor4D>(gradient, tf.mul(image, tf.sub(1, image))), image)),
    // The sigmoid rises by a quarter at grey.
    unit: inner === PIXELS ? 4 * inner.unit : inner.unit,
    dispose: inner.dispose,
  };
}

/** The encoding of images of that shape. The caller disposes it. */
export function createEncoding(
  shape: readonly [height: number, width: number, channels: number],
  { parametrization, range }: { parametrization: Parametrization; range: PixelRange },
): Encoding {
  expectOneOf('the kind of parametrization', parametrization.kind, ['pixels', 'fourier']);
  const inner = parametrization.kind === 'pixels' ? PIXELS : fourier(shape, parametrization);
  return range === 'sigmoid' ? squashed(inner) : inner;
}
