import type { SimdBackend } from './backend.js';
import type { Geometry } from './convolution-plan.js';
import { direct, directKernels } from './direct.js';
import { winograd, winogradKernels, winogradTile } from './winograd.js';

export type Activation = 'linear' | 'relu' | 'relu6';
const ACTIVATIONS: Record<Activation, number> = { linear: 0, relu: 1, relu6: 2 };

/** y = x * w + bias, through an activation. Addresses; `bias` 0 for none. */
export function convolve(
  backend: SimdBackend,
  { x, w, bias, y }: { x: number; w: number; bias: number; y: number },
  { geometry, activation = 'linear' }: { geometry: Geometry; activation?: Activation },
): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = geometry;
  const input = { images: batchSize, height: inHeight, width: inWidth, channels: inChannels };
  const output = { images: batchSize, height: outHeight, width: outWidth, channels: outChannels };
  const { top, left } = padInfo;
  const tile = winogradTile(geometry, inChannels, outChannels);
  if (tile)
    return winograd(
      backend,
      { x, w, bias, y },
      { tile, input, output, top, left, turn: 0, activation: ACTIVATIONS[activation] },
    );
  direct(
    backend,
    { x, w, bias, y },
    { geometry, input, output, top, left, spread: 1, turn: 0, activation: ACTIVATIONS[activation] },
  );
}

/** dx: the convolution of dy, spread by the stride, with the kernels turned by half a turn and their depths swapped. */
export function convolveBack(
  backend: SimdBackend,
  { dy, w, dx }: { dy: number; w: number; dx: number },
  geometry: Geometry,
): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = geometry;
  const { filterHeight, filterWidth, dilationHeight, dilationWidth, strideHeight } = geometry;
  const input = { images: batchSize, height: outHeight, width: outWidth, channels: outChannels };
  const output = { images: batchSize, height: inHeight, width: inWidth, channels: inChannels };
  const top = (filterHeight - 1) * dilationHeight - padInfo.top;
  const left = (filterWidth - 1) * dilationWidth - padInfo.left;
  const addresses = { x: dy, w, bias: 0, y: dx };
  const tile = winogradTile(geometry, outChannels, inChannels);
  if (tile) return winograd(backend, addresses, { tile, input, output, top, left, turn: 1, activation: 0 });
  direct(backend, addresses, {
    geometry,
    input,
    output,
    top,
    left,
    spread: strideHeight,
    turn: 1,
    activation: 0,
  });
}

/** dw[filterHeight][filterWidth][in][out] */
export function convolveKernels(
  backend: SimdBackend,
  { x, dy, dw }: { x: number; dy: number; dw: number },
  geometry: Geometry,
): void {
  const { inChannels, outChannels } = geometry;
  const tile = winogradTile(geometry, inChannels, outChannels);
  if (tile) winogradKernels(backend, { x, dy, dw }, { geometry, tile });
  else directKernels(backend, { x, dy, dw }, geometry);
}
