import type * as tf from '@tensorflow/tfjs';
import type { SimdBackend } from './backend.js';

/** What computeConv2DInfo says, as far as it is needed here; layout NHWC. */
export type Geometry = Pick<
  tf.backend_util.Conv2DInfo,
  | 'batchSize'
  | 'inHeight'
  | 'inWidth'
  | 'inChannels'
  | 'outHeight'
  | 'outWidth'
  | 'outChannels'
  | 'filterHeight'
  | 'filterWidth'
  | 'strideHeight'
  | 'strideWidth'
  | 'dilationHeight'
  | 'dilationWidth'
  | 'padInfo'
>;

export type Activation = 'linear' | 'relu' | 'relu6';
const ACTIVATIONS: Record<Activation, number> = { linear: 0, relu: 1, relu6: 2 };

/**
 * How 3x3 convolutions at stride 1 are computed: by Winograd's F(4x4, 3x3), the quickest and exact to about 1e-5 of the largest
 * result; by his F(2x2, 3x3), exact to about 1e-6; or directly, as they are defined.
 */
export type ConvolutionMethod = 'winograd' | 'winograd-2x2' | 'direct';

/** Pixels of a tile's image on each side, two more than of its results. */
const TILE: Record<ConvolutionMethod, number> = { winograd: 6, 'winograd-2x2': 4, direct: 0 };

let method: ConvolutionMethod = 'winograd';

export function setConvolutionMethod(choice: ConvolutionMethod): void {
  if (!Object.hasOwn(TILE, choice)) {
    const names = Object.keys(TILE).map((name) => `'${name}'`);
    throw new RangeError(`Expected method to be one of ${names.join(', ')}, got ${JSON.stringify(choice)}`);
  }
  method = choice;
}

export const getConvolutionMethod = (): ConvolutionMethod => method;

/** Whether Winograd's way is open and pays: depths that fill vectors, and not so few that transforms outweigh products. */
function isWinograd(geometry: Geometry, inChannels: number, outChannels: number): boolean {
  const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth } = geometry;
  return (
    method !== 'direct' &&
    filterHeight === 3 &&
    filterWidth === 3 &&
    strideHeight * strideWidth * dilationHeight * dilationWidth === 1 &&
    inChannels % 8 === 0 &&
    outChannels % 8 === 0 &&
    inChannels >= 16 &&
    outChannels >= 16
  );
}

/** The sums of a gradient are kept in so many parts, whatever the number of threads, and added in their order. */
const partsOf = (units: number, bytes: number) => Math.max(1, Math.min(units, bytes > 4 << 20 ? 4 : 8));

interface Shape {
  images: number;
  height: number;
  width: number;
  channels: number;
}

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
  if (isWinograd(geometry, inChannels, outChannels))
    return winograd(
      backend,
      { x, w, bias, y },
      { input, output, top, left, turn: 0, activation: ACTIVATIONS[activation] },
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
  if (isWinograd(geometry, outChannels, inChannels))
    return winograd(backend, addresses, { input, output, top, left, turn: 1, activation: 0 });
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

interface Addresses {
  x: number;
  w: number;
  bias: number;
  y: number;
}

interface Plan {
  input: Shape;
  output: Shape;
  top: number;
  left: number;
  turn: 0 | 1;
  activation: number;
}

/** How many blocks of tiles the results make. */
function winogradBlocks(
  { threads }: SimdBackend,
  { images, height, width }: Omit<Shape, 'channels'>,
): number {
  const [down, across] = [height, width].map((length) => Math.ceil(length / (TILE[method] - 2)));
  return Math.ceil((images * down * across) / threads.ask('winogradTiles'));
}

function winograd(backend: SimdBackend, { x, w, bias, y }: Addresses, plan: Plan): void {
  const { input, output, top, left, turn, activation } = plan;
  const { threads } = backend;
  const depths = [input.channels, output.channels] as const;
  const kernelBytes = threads.ask('winogradKernelBytes', TILE[method], ...depths);
  const scratchBytes = threads.ask('winogradScratchBytes', ...depths);
  backend.scratch(kernelBytes, (u) =>
    backend.scratch(scratchBytes * threads.count, (scratch) => {
      threads.run('winogradKernels', [w, u, ...depths, turn, scratch, scratchBytes, TILE[method]]);
      const sizes = [input.images, input.height, input.width, input.channels];
      const results = [output.height, output.width, output.channels, top, left, TILE[method], activation];
      const pieces = winogradBlocks(backend, output);
      threads.run('winogradForward', [x, u, bias, y, scratch, scratchBytes, ...sizes, ...results], {
        pieces,
      });
    }),
  );
}

function direct(
  backend: SimdBackend,
  { x, w, bias, y }: Addresses,
  plan: Plan & { geometry: Geometry; spread: number },
): void {
  const { input, output, top, left, turn, activation, spread, geometry } = plan;
  const { filterHeight, filterWidth, dilationHeight, dilationWidth, inChannels, outChannels } = geometry;
  const { threads } = backend;
  // dy is spread out instead of the stride, so that its convolution has none.
  const [strideHeight, strideWidth] = turn ? [1, 1] : [geometry.strideHeight, geometry.strideWidth];
  const panelBytes = Math.ceil(output.channels / 8) * filterHeight * filterWidth * input.channels * 32;
  backend.scratch(panelBytes, (panels) => {
    threads.run('packKernels', [w, panels, filterHeight, filterWidth, inChannels, outChannels, turn], {
      alone: panelBytes < 65_536,
    });
    const height = (output.height - 1) * strideHeight + (filterHeight - 1) * dilationHeight + 1;
    const width = (output.width - 1) * strideWidth + (filterWidth - 1) * dilationWidth + 1;
    padded(backend, x, { ...input, top, left, toHeight: height, toWidth: width, spread }, (from) => {
      const sizes = [
        input.images,
        height,
        width,
        input.channels,
        output.height,
        output.width,
        output.channels,
      ];
      const kernel = [filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth];
      threads.run('directForward', [from, panels, bias, y, ...sizes, ...kernel, activation]);
    });
  });
}

/** Images with zeros around them and between them, or as they are where none are needed. */
function padded<T>(
  backend: SimdBackend,
  x: number,
  options: Shape & { top: number; left: number; toHeight: number; toWidth: number; spread: number },
  work: (address: number) => T,
): T {
  const { images, height, width, channels, top, left, toHeight, toWidth, spread } = options;
  if (top === 0 && left === 0 && toHeight === height && toWidth === width && spread === 1) return work(x);
  // Products read up to three values past the last one.
  return backend.scratch(images * toHeight * toWidth * channels * 4 + 64, (to) => {
    backend.threads.run('padImages', [
      x,
      to,
      images,
      height,
      width,
      channels,
      toHeight,
      toWidth,
      top,
      left,
      spread,
    ]);
    return work(to);
  });
}

/** dw[filterHeight][filterWidth][in][out] */
export function convolveKernels(
  backend: SimdBackend,
  { x, dy, dw }: { x: number; dy: number; dw: number },
  geometry: Geometry,
): void {
  const { inChannels, outChannels } = geometry;
  if (isWinograd(geometry, inChannels, outChannels)) winogradKernels(backend, { x, dy, dw }, geometry);
  else directKernels(backend, { x, dy, dw }, geometry);
}

function winogradKernels(
  backend: SimdBackend,
  { x, dy, dw }: { x: number; dy: number; dw: number },
  geometry: Geometry,
): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = geometry;
  const { threads } = backend;
  const kernelBytes = threads.ask('winogradKernelBytes', TILE[method], inChannels, outChannels);
  const scratchBytes = threads.ask('winogradScratchBytes', inChannels, outChannels);
  const output = { images: batchSize, height: outHeight, width: outWidth };
  const parts = partsOf(winogradBlocks(backend, output), kernelBytes * 4);
  backend.scratch(kernelBytes * parts, (du) =>
    backend.scratch(scratchBytes * threads.count, (scratch) => {
      const sizes = [batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels];
      const args = [
        x,
        dy,
        du,
        parts,
        scratch,
        scratchBytes,
        ...sizes,
        padInfo.top,
        padInfo.left,
        TILE[method],
      ];
      threads.run('winogradKernelProducts', args, { pieces: parts });
      threads.run('winogradKernelGradient', [
        ...[du, parts, dw, inChannels, outChannels, scratch, scratchBytes, TILE[method]],
      ]);
    }),
  );
}

function directKernels(
  backend: SimdBackend,
  { x, dy, dw }: { x: number; dy: number; dw: number },
  geometry: Geometry,
): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = geometry;
  const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth } = geometry;
  const { threads } = backend;
  const results = Math.ceil(outChannels / 8) * 8;
  const [runs, run] = dilationWidth === 1 ? [1, filterWidth * inChannels] : [filterWidth, inChannels];
  const partBytes = filterHeight * runs * Math.ceil(run / 4) * results * 16;
  const parts = partsOf(batchSize, partBytes * 8);
  const toHeight = (outHeight - 1) * strideHeight + (filterHeight - 1) * dilationHeight + 1;
  const toWidth = (outWidth - 1) * strideWidth + (filterWidth - 1) * dilationWidth + 1;
  const { top, left } = padInfo;
  const image = { images: batchSize, height: inHeight, width: inWidth, channels: inChannels };
  withFullPanels(
    backend,
    dy,
    { pixels: batchSize * outHeight * outWidth, channels: outChannels, results },
    (gradients) =>
      padded(backend, x, { ...image, top, left, toHeight, toWidth, spread: 1 }, (from) =>
        backend.scratch(partBytes * parts, (sums) => {
          const sizes = [batchSize, toHeight, toWidth, inChannels, outHeight, outWidth, results];
          const kernel = [
            filterHeight,
            filterWidth,
            strideHeight,
            strideWidth,
            dilationHeight,
            dilationWidth,
          ];
          threads.run('directKernelProducts', [from, gradients, sums, parts, ...sizes, ...kernel], {
            pieces: parts,
          });
          const shape = [filterHeight, filterWidth, inChannels, outChannels, results, dilationWidth];
          threads.run('directKernelGradient', [sums, parts, dw, ...shape], { alone: partBytes < 65_536 });
        }),
      ),
  );
}

/** Gradients whose depth is a multiple of 8, by zeros. */
function withFullPanels<T>(
  backend: SimdBackend,
  dy: number,
  { pixels, channels, results }: { pixels: number; channels: number; results: number },
  work: (address: number) => T,
): T {
  if (channels === results) return work(dy);
  return backend.scratch(pixels * results * 4, (to) => {
    backend.threads.run('widenPixels', [dy, to, pixels, channels, results]);
    return work(to);
  });
}
