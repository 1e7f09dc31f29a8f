import type { SimdBackend } from './backend.js';
import { partsOf, type Addresses, type Geometry, type Plan, type Shape } from './convolution-plan.js';

export function direct(
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

/** dw as it is defined. */
export function directKernels(
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
