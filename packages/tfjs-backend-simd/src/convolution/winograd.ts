import type { SimdBackend } from '../backend.js';
import { winogradTileFor, type WinogradTile } from './convolution-method.js';
import {
  outputShape,
  type ConvInfo,
  type ConvolutionAddresses,
  type ConvolutionPlan,
  type FilterGradientAddresses,
  type ImageShape,
} from './convolution-plan.js';
import { partialSumCount } from './partial-sums.js';

/** With fewer channels the transforms cost more than they save. */
const MIN_CHANNELS = 16;

/**
 * The Winograd tile where the algorithm applies (square filter, no stride or dilation, channels a multiple of
 * 8) and is faster; undefined where it is not.
 */
export function winogradTile(
  convInfo: ConvInfo,
  inChannels: number,
  outChannels: number,
): WinogradTile | undefined {
  const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth } = convInfo;
  const isSupported =
    filterHeight === filterWidth &&
    strideHeight * strideWidth * dilationHeight * dilationWidth === 1 &&
    inChannels % 8 === 0 &&
    outChannels % 8 === 0;
  // In smaller images some weights are only multiplied by padding: their gradient must be exactly 0.
  const minSize = (filterHeight + 1) / 2;
  const isLarge = convInfo.inHeight >= minSize && convInfo.inWidth >= minSize;
  const isFaster = inChannels >= MIN_CHANNELS && outChannels >= MIN_CHANNELS;
  return isSupported && isLarge && isFaster ? winogradTileFor(filterHeight) : undefined;
}

/** The number of blocks of tiles in the output. */
function winogradBlockCount(
  { threadPool }: SimdBackend,
  { images, height, width }: ImageShape,
  { outputSize }: WinogradTile,
): number {
  const tiles = images * Math.ceil(height / outputSize) * Math.ceil(width / outputSize);
  return Math.ceil(tiles / threadPool.call('winogradTilesPerBlock'));
}

/** Transforms the filter, then convolves block by block of tiles. */
export function winogradConvolution(
  backend: SimdBackend,
  { x, w, bias, y }: ConvolutionAddresses,
  { input, output, top, left, flipFilter, activation, tile }: ConvolutionPlan & { tile: WinogradTile },
): void {
  const { inputSize, outputSize } = tile;
  const { threadPool } = backend;
  const channels = [input.channels, output.channels] as const;
  const filterBytes = threadPool.call('winogradFilterBytes', inputSize, ...channels);
  const scratchBytes = threadPool.call('winogradScratchBytes', ...channels);
  backend.withScratch(filterBytes, (u) =>
    backend.withScratch(scratchBytes * threadPool.threadCount, (scratch) => {
      const filterArgs = [
        w,
        u,
        ...channels,
        Number(flipFilter),
        scratch,
        scratchBytes,
        inputSize,
        outputSize,
      ];
      threadPool.dispatch('winogradTransformFilter', filterArgs);
      const inputArgs = [input.images, input.height, input.width, input.channels];
      const outputArgs = [output.height, output.width, output.channels];
      const tileArgs = [top, left, inputSize, outputSize, activation];
      const args = [x, u, bias, y, scratch, scratchBytes, ...inputArgs, ...outputArgs, ...tileArgs];
      const maxChunks = winogradBlockCount(backend, output, tile);
      threadPool.dispatch('winogradForward', args, { maxChunks });
    }),
  );
}

/** The filter gradient, by Winograd's algorithm. */
export function winogradFilterGradient(
  backend: SimdBackend,
  { x, dy, dw }: FilterGradientAddresses,
  { convInfo, tile }: { convInfo: ConvInfo; tile: WinogradTile },
): void {
  const { inputSize, outputSize } = tile;
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = convInfo;
  const { threadPool } = backend;
  const filterBytes = threadPool.call('winogradFilterBytes', inputSize, inChannels, outChannels);
  const scratchBytes = threadPool.call('winogradScratchBytes', inChannels, outChannels);
  const parts = partialSumCount(winogradBlockCount(backend, outputShape(convInfo), tile), filterBytes * 4);
  backend.withScratch(filterBytes * parts, (du) =>
    backend.withScratch(scratchBytes * threadPool.threadCount, (scratch) => {
      const sizes = [batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels];
      const tileArgs = [padInfo.top, padInfo.left, inputSize, outputSize];
      const partArgs = [x, dy, du, parts, scratch, scratchBytes, ...sizes, ...tileArgs];
      threadPool.dispatch('winogradFilterGradientParts', partArgs, { maxChunks: parts });
      const reduceArgs = [
        du,
        parts,
        dw,
        inChannels,
        outChannels,
        scratch,
        scratchBytes,
        inputSize,
        outputSize,
      ];
      threadPool.dispatch('winogradFilterGradientReduce', reduceArgs);
    }),
  );
}
