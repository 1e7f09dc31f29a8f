import { expectNumber, expectOneOf, expectOptions, type OptionNames } from '@convlens/core';
import type { Encoding } from './encoding.js';
import { FOURIER_COLORS, fourierEncoding, type FourierColors } from './fourier-encoding.js';
import { PIXEL_ENCODING } from './pixel-encoding.js';
import { sigmoidEncoding } from './sigmoid-encoding.js';

export interface PixelParametrization {
  readonly kind: 'pixels';
}

export interface FourierParametrization {
  readonly kind: 'fourier';
  /** Coefficients are scaled by 1 / frequency^decay, so that low frequencies change first; default 1. */
  readonly decay?: number;
  /** 'decorrelated' mixes three channels along the principal colors of photographs; default 'plain'. */
  readonly colors?: FourierColors;
}

/**
 * The parameters of an image: its pixels, or its Fourier coefficients (Olah, Mordvintsev, Schubert, 2017).
 */
export type Parametrization = PixelParametrization | FourierParametrization;

const KINDS = ['pixels', 'fourier'] as const satisfies readonly Parametrization['kind'][];

export const PIXEL_RANGES = ['free', 'clip', 'sigmoid'] as const;

/** The range of pixels: unlimited, clipped to 0..255, or mapped to 0..255 by a sigmoid. */
export type PixelRange = (typeof PIXEL_RANGES)[number];

const PIXEL_NAMES: OptionNames<PixelParametrization> = { kind: true };
const FOURIER_NAMES: OptionNames<FourierParametrization> = { kind: true, decay: true, colors: true };

function expectFourier(parametrization: FourierParametrization): void {
  expectOptions('the fourier parametrization', parametrization, FOURIER_NAMES);
  const { decay = 1, colors = 'plain' } = parametrization;
  expectNumber('fourier.decay', decay, { min: 0 });
  expectOneOf('fourier.colors', colors, FOURIER_COLORS);
}

/** Throws an InputError if a parametrization has an unknown kind or option, or a number out of range. */
export function expectParametrization(parametrization: Parametrization): void {
  expectOneOf('the kind of parametrization', parametrization.kind, KINDS);
  if (parametrization.kind === 'fourier') expectFourier(parametrization);
  else expectOptions('the pixels parametrization', parametrization, PIXEL_NAMES);
}

/** The encoding of images of a shape. The caller disposes it. */
export function createEncoding(
  shape: readonly [height: number, width: number, channels: number],
  { parametrization, range }: { parametrization: Parametrization; range: PixelRange },
): Encoding {
  const encoding =
    parametrization.kind === 'pixels' ? PIXEL_ENCODING : fourierEncoding(shape, parametrization);
  return range === 'sigmoid' ? sigmoidEncoding(encoding) : encoding;
}
