import type { SimdBackend } from '../backend.js';
import {
  inputShape,
  type ConvInfo,
  type ConvolutionAddresses,
  type ConvolutionPlan,
  type FilterGradientAddresses,
  type ImageShape,
} from './convolution-plan.js';
import { partialSumCount } from './partial-sums.js';

/** Filters of fewer bytes are packed, and their gradients reduced, by one thread. */
const MIN_PARALLEL_BYTES = 65_536;

/** The kernels compute the outputs of 8 channels at a time. */
const roundUpTo8 = (channels: number): number => Math.ceil(channels / 8) * 8;

/** Packs the filter into panels of 8 output channels, then convolves a zero-padded copy of the images. */
export function directConvolution(
  backend: SimdBackend,
  { x, w, bias, y }: ConvolutionAddresses,
  plan: ConvolutionPlan & { convInfo: ConvInfo; inputDilation: number },
): void {
  const { input, output, flipFilter, activation, convInfo } = plan;
  const { filterHeight, filterWidth, dilationHeight, dilationWidth, inChannels, outChannels } = convInfo;
  const { threadPool } = backend;
  // For the input gradient dy is dilated by the stride, and the convolution has stride 1.
  const [strideHeight, strideWidth] = flipFilter ? [1, 1] : [convInfo.strideHeight, convInfo.strideWidth];
  const panelBytes = roundUpTo8(output.channels) * filterHeight * filterWidth * input.channels * 4;
  backend.withScratch(panelBytes, (panels) => {
    const packArgs = [w, panels, filterHeight, filterWidth, inChannels, outChannels, Number(flipFilter)];
    threadPool.dispatch('packFilter', packArgs, { serial: panelBytes < MIN_PARALLEL_BYTES });
    const paddedHeight = (output.height - 1) * strideHeight + (filterHeight - 1) * dilationHeight + 1;
    const paddedWidth = (output.width - 1) * strideWidth + (filterWidth - 1) * dilationWidth + 1;
    const { top, left, inputDilation } = plan;
    withPadding(backend, x, { ...input, top, left, paddedHeight, paddedWidth, inputDilation }, (padded) => {
      const inputArgs = [input.images, paddedHeight, paddedWidth, input.channels];
      const outputArgs = [output.height, output.width, output.channels];
      const filterArgs = [
        filterHeight,
        filterWidth,
        strideHeight,
        strideWidth,
        dilationHeight,
        dilationWidth,
      ];
      const args = [padded, panels, bias, y, ...inputArgs, ...outputArgs, ...filterArgs, activation];
      threadPool.dispatch('directForward', args);
    });
  });
}

/** The filter gradient, directly. */
export function directFilterGradient(
  backend: SimdBackend,
  { x, dy, dw }: FilterGradientAddresses,
  convInfo: ConvInfo,
): void {
  const { batchSize, inChannels, outHeight, outWidth, outChannels, padInfo } = convInfo;
  const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth } = convInfo;
  const { threadPool } = backend;
  const paddedChannels = roundUpTo8(outChannels);
  // Without dilation the taps of a filter row are contiguous: one run instead of one per tap.
  const [runs, runLength] = dilationWidth === 1 ? [1, filterWidth * inChannels] : [filterWidth, inChannels];
  const partBytes = filterHeight * runs * Math.ceil(runLength / 4) * paddedChannels * 16;
  const parts = partialSumCount(batchSize, partBytes * 8);
  const paddedHeight = (outHeight - 1) * strideHeight + (filterHeight - 1) * dilationHeight + 1;
  const paddedWidth = (outWidth - 1) * strideWidth + (filterWidth - 1) * dilationWidth + 1;
  const { top, left } = padInfo;

  const reduce = (paddedX: number, paddedDy: number, sums: number): void => {
    const inputArgs = [batchSize, paddedHeight, paddedWidth, inChannels];
    const outputArgs = [outHeight, outWidth, paddedChannels];
    const filterArgs = [filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth];
    const partArgs = [paddedX, paddedDy, sums, parts, ...inputArgs, ...outputArgs, ...filterArgs];
    threadPool.dispatch('directFilterGradientParts', partArgs, { maxChunks: parts });
    const filterShape = [filterHeight, filterWidth, inChannels, outChannels, paddedChannels, dilationWidth];
    const serial = partBytes < MIN_PARALLEL_BYTES;
    threadPool.dispatch('directFilterGradientReduce', [sums, parts, dw, ...filterShape], { serial });
  };
  const gradientShape = { pixels: batchSize * outHeight * outWidth, channels: outChannels, paddedChannels };
  const padding = { ...inputShape(convInfo), top, left, paddedHeight, paddedWidth, inputDilation: 1 };
  withPaddedChannels(backend, dy, gradientShape, (paddedDy) =>
    withPadding(backend, x, padding, (paddedX) =>
      backend.withScratch(partBytes * parts, (sums) => reduce(paddedX, paddedDy, sums)),
    ),
  );
}

interface Padding extends ImageShape {
  top: number;
  left: number;
  paddedHeight: number;
  paddedWidth: number;
  inputDilation: number;
}

/**
 * Calls `work` with a copy of the images that is zero-padded and dilated, or with the images themselves where
 * neither is needed.
 */
function withPadding(
  backend: SimdBackend,
  x: number,
  { images, height, width, channels, top, left, paddedHeight, paddedWidth, inputDilation }: Padding,
  work: (address: number) => void,
): void {
  const isPadded = top !== 0 || left !== 0 || paddedHeight !== height || paddedWidth !== width;
  if (!isPadded && inputDilation === 1) return work(x);
  // The kernel reads up to three values past the end.
  backend.withScratch(images * paddedHeight * paddedWidth * channels * 4 + 64, (padded) => {
    const args = [images, height, width, channels, paddedHeight, paddedWidth, top, left, inputDilation];
    backend.threadPool.dispatch('padImages', [x, padded, ...args]);
    work(padded);
  });
}

/** Calls `work` with dy zero-padded to a multiple of 8 channels. */
function withPaddedChannels(
  backend: SimdBackend,
  dy: number,
  { pixels, channels, paddedChannels }: { pixels: number; channels: number; paddedChannels: number },
  work: (address: number) => void,
): void {
  if (channels === paddedChannels) return work(dy);
  backend.withScratch(pixels * paddedChannels * 4, (padded) => {
    backend.threadPool.dispatch('padChannels', [dy, padded, pixels, channels, paddedChannels]);
    work(padded);
  });
}
