import { ACTIVATION_CODES, type FusedActivation } from '../activation-codes.js';
import type { SimdBackend } from '../backend.js';
import {
  inputShape,
  outputShape,
  type ConvInfo,
  type ConvolutionAddresses,
  type ConvolutionPlan,
  type FilterGradientAddresses,
} from './convolution-plan.js';
import { directConvolution, directFilterGradient } from './direct.js';
import { winogradConvolution, winogradFilterGradient, winogradTile } from './winograd.js';

/** y = activation(x * w + bias) */
export function convolve(
  backend: SimdBackend,
  addresses: ConvolutionAddresses,
  { convInfo, activation = 'linear' }: { convInfo: ConvInfo; activation?: FusedActivation },
): void {
  const { top, left } = convInfo.padInfo;
  const plan: ConvolutionPlan = {
    input: inputShape(convInfo),
    output: outputShape(convInfo),
    top,
    left,
    flipFilter: false,
    activation: ACTIVATION_CODES[activation],
  };
  const tile = winogradTile(convInfo, convInfo.inChannels, convInfo.outChannels);
  if (tile) winogradConvolution(backend, addresses, { ...plan, tile });
  else directConvolution(backend, addresses, { ...plan, convInfo, inputDilation: 1 });
}

/**
 * dx: the convolution of dy, dilated by the stride, with the flipped filter (rotated by 180 degrees, input
 * and output channels exchanged).
 */
export function convolutionInputGradient(
  backend: SimdBackend,
  { dy, w, dx }: { dy: number; w: number; dx: number },
  convInfo: ConvInfo,
): void {
  const { filterHeight, filterWidth, dilationHeight, dilationWidth, strideHeight, padInfo } = convInfo;
  const plan: ConvolutionPlan = {
    input: outputShape(convInfo),
    output: inputShape(convInfo),
    top: (filterHeight - 1) * dilationHeight - padInfo.top,
    left: (filterWidth - 1) * dilationWidth - padInfo.left,
    flipFilter: true,
    activation: ACTIVATION_CODES.linear,
  };
  const addresses = { x: dy, w, bias: 0, y: dx };
  const tile = winogradTile(convInfo, convInfo.outChannels, convInfo.inChannels);
  if (tile) winogradConvolution(backend, addresses, { ...plan, tile });
  else directConvolution(backend, addresses, { ...plan, convInfo, inputDilation: strideHeight });
}

/** dw[filterHeight][filterWidth][in][out] */
export function convolutionFilterGradient(
  backend: SimdBackend,
  addresses: FilterGradientAddresses,
  convInfo: ConvInfo,
): void {
  const tile = winogradTile(convInfo, convInfo.inChannels, convInfo.outChannels);
  if (tile) winogradFilterGradient(backend, addresses, { convInfo, tile });
  else directFilterGradient(backend, addresses, convInfo);
}
