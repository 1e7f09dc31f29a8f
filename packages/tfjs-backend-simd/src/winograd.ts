import type { SimdBackend } from './backend.js';
import { tileOf, type Tile } from './convolution-method.js';
import { partsOf, type Addresses, type Geometry, type Plan, type Shape } from './convolution-plan.js';

/**
 * The tile of Winograd's way where it is open and pays: depths that fill vectors, and not so few that transforms outweigh
 * products.
 */
export function winogradTile(geometry: Geometry, inChannels: number, outChannels: number): Tile | undefined {
  const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth } = geometry;
  const isOpen =
    filterHeight === filterWidth &&
    strideHeight * strideWidth * dilationHeight * dilationWidth === 1 &&
    inChannels % 8 === 0 &&
    outChannels % 8 === 0 &&
    inChannels >= 16 &&
    outChannels >= 16;
  return isOpen ? tileOf(filterHeight) : undefined;
}

/** How many blocks of tiles the results make. */
function winogradBlocks(
  { threads }: SimdBackend,
  { images, height, width }: Omit<Shape, 'channels'>,
  { results }: Tile,
): number {
  return Math.ceil(
    (images * Math.ceil(height / results) * Math.ceil(width / results)) / threads.ask('winogradTiles'),
  );
}

export function winograd(
  backend: SimdBackend,
  { x, w, bias, y }: Addresses,
  plan: Plan & { tile: Tile },
): void {
  const { input, output, top, left, turn, activation, tile } = plan;
  const { size, results } = tile;
  const { threads } = backend;
  const depths = [input.channels, output.channels] as const;
  const kernelBytes = threads.ask('winogradKernelBytes', size, ...depths);
  const scratchBytes = threads.ask('winogradScratchBytes', ...depths);
  backend.scratch(kernelBytes, (u) =>
    backend.scratch(scratchBytes * threads.count, (scratch) => {
      threads.run('winogradKernels', [w, u, ...depths, turn, scratch, scratchBytes, size, results]);
      const sizes = [input.images, input.height, input.width, input.channels];
      const to = [output.height, output.width, output.channels, top, left, size, results, activation];
      const pieces = winogradBlocks(backend, output, tile);
      threads.run('winogradForward', [x, u, bias, y, scratch, scratchBytes, ...sizes, ...to], { pieces });
    }),
  );
}

/** dw by Winograd's way. */
export function winogradKernels(
  backend: SimdBackend,
  { x, dy, dw }: { x: number; dy: number; dw: number },
  { geometry, tile }: { geometry: Geometry; tile: Tile },
): void {
  const { size, results } = tile;
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = geometry;
  const { threads } = backend;
  const kernelBytes = threads.ask('winogradKernelBytes', size, inChannels, outChannels);
  const scratchBytes = threads.ask('winogradScratchBytes', inChannels, outChannels);
  const output = { images: batchSize, height: outHeight, width: outWidth };
  const parts = partsOf(winogradBlocks(backend, output, tile), kernelBytes * 4);
  backend.scratch(kernelBytes * parts, (du) =>
    backend.scratch(scratchBytes * threads.count, (scratch) => {
      const sizes = [batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels];
      const args = [x, dy, du, parts, scratch, scratchBytes, ...sizes, padInfo.top, padInfo.left];
      const tiling = [size, results];
      threads.run('winogradKernelProducts', [...args, ...tiling], { pieces: parts });
      threads.run('winogradKernelGradient', [
        ...[du, parts, dw, inChannels, outChannels, scratch, scratchBytes, ...tiling],
      ]);
    }),
  );
}
