import { showValue } from '../show-value.js';

/** How convolutions at stride 1 and dilation 1 are computed; all others are computed directly. */
export const CONVOLUTION_METHODS = ['winograd', 'winograd-2x2', 'direct'] as const;

/**
 * - `'winograd'`: Winograd's F(4x4, 3x3) for 3x3 filters and F(2x2, 5x5) for 5x5 filters. The fastest method;
 *   errors are about 1e-5 of the largest result.
 * - `'winograd-2x2'`: F(2x2, 3x3) for 3x3 filters, direct convolution for others; errors are about 1e-6.
 * - `'direct'`: direct convolution for all filters.
 */
export type ConvolutionMethod = (typeof CONVOLUTION_METHODS)[number];

/**
 * A Winograd tile: F(outputSize x outputSize, r x r) computes outputSize^2 outputs from inputSize^2 pixels,
 * with inputSize = outputSize + r - 1.
 */
export interface WinogradTile {
  inputSize: number;
  outputSize: number;
}

/** The tiles of each method, by filter size. */
const WINOGRAD_TILES: Record<ConvolutionMethod, Record<number, WinogradTile | undefined>> = {
  winograd: { 3: { inputSize: 6, outputSize: 4 }, 5: { inputSize: 6, outputSize: 2 } },
  'winograd-2x2': { 3: { inputSize: 4, outputSize: 2 } },
  direct: {},
};

let currentMethod: ConvolutionMethod = 'winograd';

/**
 * Selects how backend `simd` computes convolutions and their gradients from now on. The default is
 * `'winograd'`.
 *
 * @throws RangeError if `method` is not one of CONVOLUTION_METHODS
 */
export function setConvolutionMethod(method: ConvolutionMethod): void {
  if (!CONVOLUTION_METHODS.includes(method)) {
    const choices = CONVOLUTION_METHODS.join(', ');
    throw new RangeError(`Expected method to be one of ${choices}, got ${showValue(method)}`);
  }
  currentMethod = method;
}

/** The method that `setConvolutionMethod` has selected. */
export const getConvolutionMethod = (): ConvolutionMethod => currentMethod;

/**
 * The Winograd tile that the current method uses for square filters of this size; undefined: direct
 * convolution.
 */
export const winogradTileFor = (filterSize: number): WinogradTile | undefined =>
  WINOGRAD_TILES[currentMethod][filterSize];
