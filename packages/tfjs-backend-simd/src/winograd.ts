import type { SimdBackend } from './backend.js';
import { tileSize } from './convolution-method.js';
import { partsOf, type Addresses, type Geometry, type Plan, type Shape } from './convolution-plan.js';

/** Whether Winograd's way is open and pays: depths that fill vectors, and not so few that transforms outweigh products. */
export function isWinograd(geometry: Geometry, inChannels: number, outChannels: number): boolean {
  const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth } = geometry;
  return (
    tileSize() > 0 &&
    filterHeight === 3 &&
    filterWidth === 3 &&
    strideHeight * strideWidth * dilationHeight * dilationWidth === 1 &&
    inChannels % 8 === 0 &&
    outChannels % 8 === 0 &&
    inChannels >= 16 &&
    outChannels >= 16
  );
}

/** How many blocks of tiles the results make. */
function winogradBlocks(
  { threads }: SimdBackend,
  { images, height, width }: Omit<Shape, 'channels'>,
): number {
  const [down, across] = [height, width].map((length) => Math.ceil(length / (tileSize() - 2)));
  return Math.ceil((images * down * across) / threads.ask('winogradTiles'));
}

export function winograd(backend: SimdBackend, { x, w, bias, y }: Addresses, plan: Plan): void {
  const { input, output, top, left, turn, activation } = plan;
  const { threads } = backend;
  const depths = [input.channels, output.channels] as const;
  const kernelBytes = threads.ask('winogradKernelBytes', tileSize(), ...depths);
  const scratchBytes = threads.ask('winogradScratchBytes', ...depths);
  backend.scratch(kernelBytes, (u) =>
    backend.scratch(scratchBytes * threads.count, (scratch) => {
      threads.run('winogradKernels', [w, u, ...depths, turn, scratch, scratchBytes, tileSize()]);
      const sizes = [input.images, input.height, input.width, input.channels];
      const results = [output.height, output.width, output.channels, top, left, tileSize(), activation];
      const pieces = winogradBlocks(backend, output);
      threads.run('winogradForward', [x, u, bias, y, scratch, scratchBytes, ...sizes, ...results], {
        pieces,
      });
    }),
  );
}

/** dw by Winograd's way. */
export function winogradKernels(
  backend: SimdBackend,
  { x, dy, dw }: { x: number; dy: number; dw: number },
  geometry: Geometry,
): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = geometry;
  const { threads } = backend;
  const kernelBytes = threads.ask('winogradKernelBytes', tileSize(), inChannels, outChannels);
  const scratchBytes = threads.ask('winogradScratchBytes', inChannels, outChannels);
  const output = { images: batchSize, height: outHeight, width: outWidth };
  const parts = partsOf(winogradBlocks(backend, output), kernelBytes * 4);
  backend.scratch(kernelBytes * parts, (du) =>
    backend.scratch(scratchBytes * threads.count, (scratch) => {
      const sizes = [batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels];
      const args = [x, dy, du, parts, scratch, scratchBytes, ...sizes, padInfo.top, padInfo.left, tileSize()];
      threads.run('winogradKernelProducts', args, { pieces: parts });
      threads.run('winogradKernelGradient', [
        ...[du, parts, dw, inChannels, outChannels, scratch, scratchBytes, tileSize()],
      ]);
    }),
  );
}
