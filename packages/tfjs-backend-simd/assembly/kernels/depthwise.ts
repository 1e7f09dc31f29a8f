/*
 * Depthwise convolution, four channels at a time. x has the channels of y: with a channel multiplier, its
 * channels are repeated before.
 *
 *   w[filterHeight][filterWidth][channels]
 *
 * The arguments of all kernels here: three addresses and one more, then images, height, width, channels,
 * filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, top, left, outHeight,
 * outWidth.
 */
import { activate } from '../common/activations';
import { arg } from '../common/arguments';
import { chunkStart } from '../common/chunks';
import { storeLanes } from '../common/lanes';
import { addProduct } from '../common/vectors';

/** The first index k >= 0 with first + k * dilation >= 0. */
// @ts-ignore: decorator
@inline
function firstInside(first: i32, dilation: i32): i32 {
  return first >= 0 ? 0 : (dilation - 1 - first) / dilation;
}

/** The end (exclusive, at most `count`) of the indices k with first + k * dilation < length. */
// @ts-ignore: decorator
@inline
function endInside(first: i32, dilation: i32, count: i32, length: i32): i32 {
  return first >= length ? 0 : min(count, (length - 1 - first) / dilation + 1);
}

/** x, w, y, activation (0 none, 1 relu, 2 relu6), .., outWidth, bias or 0 */
export function depthwiseForward(p: usize, chunk: i32, chunks: i32): void {
  const activation = arg(p, 3), height = arg(p, 5), width = arg(p, 6), channels = arg(p, 7);
  const filterHeight = arg(p, 8), filterWidth = arg(p, 9);
  const dilationHeight = arg(p, 12), dilationWidth = arg(p, 13);
  const outHeight = arg(p, 16), outWidth = arg(p, 17), bias = arg(p, 18) as usize;
  const pixelBytes: usize = channels << 2, tapBytes = dilationWidth * pixelBytes;
  const zero = f32x4.splat(0);
  const xStart = arg(p, 0) as usize, wStart = arg(p, 1) as usize;
  const rows = arg(p, 4) * outHeight;
  for (let row = chunkStart(rows, chunk, chunks); row < chunkStart(rows, chunk + 1, chunks); row++) {
    const image = row / outHeight;
    const y = (row - image * outHeight) * arg(p, 10) - arg(p, 14);
    const top = firstInside(y, dilationHeight), bottom = endInside(y, dilationHeight, filterHeight, height);
    for (let column = 0; column < outWidth; column++) {
      const x = column * arg(p, 11) - arg(p, 15);
      const left = firstInside(x, dilationWidth), right = endInside(x, dilationWidth, filterWidth, width);
      const out = (arg(p, 2) as usize) + (row * outWidth + column) * pixelBytes;
      for (let c = 0; c < channels; c += 4) {
        const offset: usize = c << 2;
        let sum = bias ? v128.load(bias + offset) : zero;
        for (let ky = top; ky < bottom; ky++) {
          const pixelOfX = (image * height + y + ky * dilationHeight) * width + x;
          let source = xStart + (pixelOfX + left * dilationWidth) * pixelBytes + offset;
          let w = wStart + (ky * filterWidth + left) * pixelBytes + offset;
          for (let kx = left; kx < right; kx++) {
            sum = addProduct(sum, v128.load(source), v128.load(w));
            source += tapBytes;
            w += pixelBytes;
          }
        }
        storeLanes(out + offset, channels - c, activate(sum, activation));
      }
    }
  }
}

/**
 * dy, w, dx: each value of dx gathers from the outputs it contributed to, so that no two threads add to the
 * same value.
 */
export function depthwiseInputGradient(p: usize, chunk: i32, chunks: i32): void {
  const height = arg(p, 5), width = arg(p, 6), channels = arg(p, 7);
  const filterHeight = arg(p, 8), filterWidth = arg(p, 9);
  const strideHeight = arg(p, 10), strideWidth = arg(p, 11);
  const dilationHeight = arg(p, 12), dilationWidth = arg(p, 13);
  const outHeight = arg(p, 16), outWidth = arg(p, 17);
  const pixelBytes: usize = channels << 2;
  const rows = arg(p, 4) * height;
  for (let row = chunkStart(rows, chunk, chunks); row < chunkStart(rows, chunk + 1, chunks); row++) {
    const image = row / height;
    const paddedRow = row - image * height + arg(p, 14);
    for (let column = 0; column < width; column++) {
      const paddedColumn = column + arg(p, 15);
      const out = (arg(p, 2) as usize) + (row * width + column) * pixelBytes;
      for (let c = 0; c < channels; c += 4) {
        const offset: usize = c << 2;
        let sum = f32x4.splat(0);
        for (let ky = 0; ky < filterHeight; ky++) {
          const dilatedY = paddedRow - ky * dilationHeight, y = dilatedY / strideHeight;
          if (dilatedY < 0 || y * strideHeight != dilatedY || y >= outHeight) continue;
          for (let kx = 0; kx < filterWidth; kx++) {
            const dilatedX = paddedColumn - kx * dilationWidth, x = dilatedX / strideWidth;
            if (dilatedX < 0 || x * strideWidth != dilatedX || x >= outWidth) continue;
            const dy = (arg(p, 0) as usize) + ((image * outHeight + y) * outWidth + x) * pixelBytes + offset;
            const w = (arg(p, 1) as usize) + (ky * filterWidth + kx) * pixelBytes + offset;
            sum = addProduct(sum, v128.load(dy), v128.load(w));
          }
        }
        storeLanes(out + offset, channels - c, sum);
      }
    }
  }
}

/**
 * x, dy, sums[parts][filterHeight][filterWidth][channels rounded up to 4], parts: a part is a range of images
 */
export function depthwiseFilterGradientParts(p: usize, chunk: i32, chunks: i32): void {
  const parts = arg(p, 3), images = arg(p, 4), height = arg(p, 5), width = arg(p, 6), channels = arg(p, 7);
  const filterHeight = arg(p, 8), filterWidth = arg(p, 9);
  const strideWidth = arg(p, 11), dilationWidth = arg(p, 13);
  const outHeight = arg(p, 16), outWidth = arg(p, 17);
  const pixelBytes: usize = channels << 2, paddedPixelBytes: usize = (pixelBytes + 15) & ~15;
  const partBytes = (filterHeight * filterWidth) as usize * paddedPixelBytes;
  for (let part = chunkStart(parts, chunk, chunks); part < chunkStart(parts, chunk + 1, chunks); part++) {
    const sums = (arg(p, 2) as usize) + part * partBytes;
    memory.fill(sums, 0, partBytes);
    const endRow = chunkStart(images, part + 1, parts) * outHeight;
    for (let row = chunkStart(images, part, parts) * outHeight; row < endRow; row++) {
      const image = row / outHeight;
      const dy = (arg(p, 1) as usize) + row * outWidth * pixelBytes;
      for (let ky = 0; ky < filterHeight; ky++) {
        const y = (row - image * outHeight) * arg(p, 10) - arg(p, 14) + ky * arg(p, 12);
        if (y < 0 || y >= height) continue;
        const xRow = (arg(p, 0) as usize) + (image * height + y) * width * pixelBytes;
        for (let kx = 0; kx < filterWidth; kx++) {
          // The output columns whose input column lies in the image.
          const x = kx * dilationWidth - arg(p, 15);
          const left = firstInside(x, strideWidth), right = endInside(x, strideWidth, outWidth, width);
          for (let c = 0; c < channels; c += 4) {
            const offset: usize = c << 2;
            const tapSum = sums + (ky * filterWidth + kx) * paddedPixelBytes + offset;
            let sum = v128.load(tapSum), source = xRow + (x + left * strideWidth) * pixelBytes + offset;
            let gradient = dy + left * pixelBytes + offset;
            for (let column = left; column < right; column++) {
              sum = addProduct(sum, v128.load(source), v128.load(gradient));
              source += strideWidth * pixelBytes;
              gradient += pixelBytes;
            }
            v128.store(tapSum, sum);
          }
        }
      }
    }
  }
}

/** sums, dw, parts, taps, channels: adds the parts in order */
export function depthwiseFilterGradientReduce(p: usize, chunk: i32, chunks: i32): void {
  const parts = arg(p, 2), taps = arg(p, 3), channels = arg(p, 4);
  const pixelBytes: usize = channels << 2, paddedPixelBytes: usize = (pixelBytes + 15) & ~15;
  for (let tap = chunkStart(taps, chunk, chunks); tap < chunkStart(taps, chunk + 1, chunks); tap++)
    for (let c = 0; c < channels; c += 4) {
      let source = (arg(p, 0) as usize) + tap * paddedPixelBytes + (c << 2), sum = v128.load(source);
      for (let part = 1; part < parts; part++) {
        source += taps * paddedPixelBytes;
        sum = f32x4.add(sum, v128.load(source));
      }
      storeLanes((arg(p, 1) as usize) + tap * pixelBytes + (c << 2), channels - c, sum);
    }
}

/** from, to, count, repeat: copies each value `repeat` times */
export function repeatValues(p: usize, chunk: i32, chunks: i32): void {
  const source = arg(p, 0) as usize, repeat = arg(p, 3);
  const first = chunkStart(arg(p, 2), chunk, chunks), end = chunkStart(arg(p, 2), chunk + 1, chunks);
  let target = (arg(p, 1) as usize) + (first * repeat << 2);
  for (let i = first; i < end; i++) {
    const value = load<f32>(source + (i << 2));
    for (let r = 0; r < repeat; r++) {
      store<f32>(target, value);
      target += 4;
    }
  }
}

/** from, to, count, repeat: adds up each group of `repeat` values */
export function sumRepeated(p: usize, chunk: i32, chunks: i32): void {
  const target = arg(p, 1) as usize, repeat = arg(p, 3);
  const first = chunkStart(arg(p, 2), chunk, chunks), end = chunkStart(arg(p, 2), chunk + 1, chunks);
  let source = (arg(p, 0) as usize) + (first * repeat << 2);
  for (let i = first; i < end; i++) {
    let sum: f32 = 0;
    for (let r = 0; r < repeat; r++) {
      sum += load<f32>(source);
      source += 4;
    }
    store<f32>(target + (i << 2), sum);
  }
}
