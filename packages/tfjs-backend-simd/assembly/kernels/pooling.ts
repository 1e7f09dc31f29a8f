/*
 * Pooling of images [image][row][column][channel], four channels at a time. The arguments of all kernels: two
 * or three addresses, then from word 4 on: images, height, width, channels, window height, window width,
 * vertical and horizontal stride, padding at the top and left, output height, output width.
 */
import { arg } from '../common/arguments';
import { chunkStart } from '../common/chunks';
import { storeLanes } from '../common/lanes';

/** The part of the current window that lies in the image. */
let top: i32 = 0;
let bottom: i32 = 0;
let left: i32 = 0;
let right: i32 = 0;

/** Whether the current window is 2x2 and lies in the image. */
// @ts-ignore: decorator
@inline
function isWhole2x2(p: usize): bool {
  return arg(p, 8) == 2 && arg(p, 9) == 2 && bottom - top == 2 && right - left == 2;
}

/** Sets the window of a row and column of the output. */
// @ts-ignore: decorator
@inline
function findWindow(p: usize, row: i32, column: i32): void {
  const y = row * arg(p, 10) - arg(p, 12), x = column * arg(p, 11) - arg(p, 13);
  top = max(0, y);
  bottom = min(arg(p, 5), y + arg(p, 8));
  left = max(0, x);
  right = min(arg(p, 6), x + arg(p, 9));
}

/**
 * The maximum; NaN if an operand is, as in PyTorch. pmax(a, b) is a unless a < b, so each order keeps the NaN of its first
 * operand, and a NaN combined with any value by `or` is NaN. Faster than f32x4.max.
 */
// @ts-ignore: decorator
@inline
function maximum(a: v128, b: v128): v128 { return v128.or(f32x4.pmax(a, b), f32x4.pmax(b, a)); }

// @ts-ignore: decorator
@inline
function combine(isMax: bool, a: v128, b: v128): v128 { return isMax ? maximum(a, b) : f32x4.add(a, b); }

// @ts-ignore: decorator
@inline
function pool(isMax: bool, p: usize, chunk: i32, chunks: i32): void {
  const width = arg(p, 6), channels = arg(p, 7), outHeight = arg(p, 14), outWidth = arg(p, 15);
  const pixelBytes = (channels as usize) << 2, rowBytes = (width as usize) * pixelBytes;
  const rows = arg(p, 4) * outHeight;
  const firstRow = chunkStart(rows, chunk, chunks), endRow = chunkStart(rows, chunk + 1, chunks);
  const identity = f32x4.splat(isMax ? -Infinity : 0), quarter = f32x4.splat(0.25);
  let out = (arg(p, 1) as usize) + (firstRow as usize) * outWidth * pixelBytes;
  for (let row = firstRow; row < endRow; row++) {
    const image = row / outHeight;
    const imageStart = (arg(p, 0) as usize) + (image as usize) * arg(p, 5) * rowBytes;
    for (let column = 0; column < outWidth; column++) {
      findWindow(p, row - image * outHeight, column);
      const windowStart = imageStart + (top as usize) * rowBytes + (left as usize) * pixelBytes;
      if (isWhole2x2(p)) {
        for (let c = 0; c < channels; c += 4) {
          const q = windowStart + (c << 2);
          const v0 = v128.load(q), v1 = v128.load(q + pixelBytes);
          const v2 = v128.load(q + rowBytes), v3 = v128.load(q + rowBytes + pixelBytes);
          const v = combine(isMax, combine(isMax, combine(isMax, combine(isMax, identity, v0), v1), v2), v3);
          storeLanes(out + (c << 2), channels - c, isMax ? v : f32x4.mul(v, quarter));
        }
      } else {
        // Without a pixel in the window, which lies in the padding, an average is 0 / 0.
        const windowHeight = max(0, bottom - top), windowWidth = max(0, right - left);
        const count = f32x4.splat((windowHeight * windowWidth) as f32);
        for (let c = 0; c < channels; c += 4) {
          let v = identity;
          let windowRow = windowStart + (c << 2);
          for (let y = 0; y < windowHeight; y++) {
            let q = windowRow;
            if (windowWidth == 3) {
              v = combine(
                isMax, combine(isMax, combine(isMax, v, v128.load(q)), v128.load(q + pixelBytes)),
                v128.load(q + 2 * pixelBytes),
              );
            } else {
              for (let x = 0; x < windowWidth; x++) {
                v = combine(isMax, v, v128.load(q));
                q += pixelBytes;
              }
            }
            windowRow += rowBytes;
          }
          storeLanes(out + (c << 2), channels - c, isMax ? v : f32x4.div(v, count));
        }
      }
      out += pixelBytes;
    }
  }
}

/** Whether windows are 2x2, tile the image, and the channels are a multiple of 4: the common case. */
// @ts-ignore: decorator
@inline
function isAligned2x2(p: usize): bool {
  return arg(p, 3) != 0 && arg(p, 8) == 2 && arg(p, 9) == 2 && (arg(p, 7) & 3) == 0;
}

// @ts-ignore: decorator
@inline
function poolAligned2x2(isMax: bool, p: usize, chunk: i32, chunks: i32): void {
  const outWidth = arg(p, 15), rows = arg(p, 4) * arg(p, 14);
  const pixelBytes = (arg(p, 7) as usize) << 2, rowBytes = (arg(p, 6) as usize) * pixelBytes;
  const firstRow = chunkStart(rows, chunk, chunks), endRow = chunkStart(rows, chunk + 1, chunks);
  const identity = f32x4.splat(isMax ? -Infinity : 0), quarter = f32x4.splat(0.25);
  let x = (arg(p, 0) as usize) + (firstRow as usize) * 2 * rowBytes;
  let out = (arg(p, 1) as usize) + (firstRow as usize) * outWidth * pixelBytes;
  for (let row = firstRow; row < endRow; row++) {
    for (let column = 0; column < outWidth; column++) {
      for (const end = x + pixelBytes; x < end; x += 16) {
        const v0 = v128.load(x), v1 = v128.load(x + pixelBytes);
        const v2 = v128.load(x + rowBytes), v3 = v128.load(x + rowBytes + pixelBytes);
        const v = combine(isMax, combine(isMax, combine(isMax, combine(isMax, identity, v0), v1), v2), v3);
        v128.store(out, isMax ? v : f32x4.mul(v, quarter));
        out += 16;
      }
      x += pixelBytes;
    }
    x += rowBytes;
  }
}

/** x, y, 0, isTiling: whether each pixel is in exactly one window */
export function maxPool(p: usize, chunk: i32, chunks: i32): void {
  if (isAligned2x2(p)) poolAligned2x2(true, p, chunk, chunks);
  else pool(true, p, chunk, chunks);
}
/** x, y, 0, isTiling */
export function averagePool(p: usize, chunk: i32, chunks: i32): void {
  if (isAligned2x2(p)) poolAligned2x2(false, p, chunk, chunks);
  else pool(false, p, chunk, chunks);
}

/**
 * dy, dx, x of maxPool, isTiling: whether each pixel is in exactly one window (then dx is overwritten,
 * otherwise added to). A unit of work is an image, or 16 channels of an image if there are fewer images than
 * chunks, so that the order of sums is fixed.
 */
// @ts-ignore: decorator
@inline
function poolGradient(isMax: bool, p: usize, chunk: i32, chunks: i32): void {
  const images = arg(p, 4), width = arg(p, 6), channels = arg(p, 7), outHeight = arg(p, 14);
  const outWidth = arg(p, 15);
  const pixelBytes = (channels as usize) << 2, rowBytes = (width as usize) * pixelBytes;
  const imageBytes = (arg(p, 5) as usize) * rowBytes;
  const isTiling = arg(p, 3) != 0;
  const groupChannels = images >= chunks ? channels : 16;
  const groups = (channels + groupChannels - 1) / groupChannels;
  const identity = f32x4.splat(-Infinity);
  const units = images * groups;
  for (let unit = chunkStart(units, chunk, chunks); unit < chunkStart(units, chunk + 1, chunks); unit++) {
    const image = unit / groups;
    const firstChannel = (unit - image * groups) * groupChannels;
    const endChannel = min(channels, firstChannel + groupChannels);
    const xs = (arg(p, 2) as usize) + image * imageBytes, dxs = (arg(p, 1) as usize) + image * imageBytes;
    let dy = (arg(p, 0) as usize) + (image as usize) * outHeight * outWidth * pixelBytes;
    for (let row = 0; row < outHeight; row++)
      for (let column = 0; column < outWidth; column++) {
        findWindow(p, row, column);
        const windowStart = (top as usize) * rowBytes + (left as usize) * pixelBytes;
        const windowHeight = bottom - top, windowWidth = right - left;
        const scale = f32x4.splat(1 / ((windowHeight * windowWidth) as f32));
        for (let c = firstChannel; c < endChannel; c += 4) {
          const remaining = endChannel - c;
          const windowOffset = windowStart + (c << 2);
          const d = v128.load(dy + (c << 2));
          if (!isMax) {
            const value = f32x4.mul(d, scale);
            for (let y = 0; y < windowHeight; y++)
              for (let x = 0; x < windowWidth; x++) {
                const target = dxs + windowOffset + y * rowBytes + x * pixelBytes;
                storeLanes(target, remaining, isTiling ? value : f32x4.add(v128.load(target), value));
              }
            continue;
          }
          const source = xs + windowOffset, target = dxs + windowOffset;
          let largest = identity, position = i32x4.splat(-1);
          for (let y = 0, k = 0; y < windowHeight; y++)
            for (let x = 0; x < windowWidth; x++, k++) {
              const v = v128.load(source + y * rowBytes + x * pixelBytes);
              const isLarger = f32x4.gt(v, largest);
              largest = v128.bitselect(v, largest, isLarger);
              position = v128.bitselect(i32x4.splat(k), position, isLarger);
            }
          for (let y = 0, k = 0; y < windowHeight; y++)
            for (let x = 0; x < windowWidth; x++, k++) {
              const a = target + y * rowBytes + x * pixelBytes;
              const value = v128.and(d, i32x4.eq(position, i32x4.splat(k)));
              storeLanes(a, remaining, isTiling ? value : f32x4.add(v128.load(a), value));
            }
        }
        dy += pixelBytes;
      }
  }
}

/** The gradient of max pooling in this case; chunks are ranges of output rows. */
function maxPoolAligned2x2Gradient(p: usize, chunk: i32, chunks: i32): void {
  const outWidth = arg(p, 15), rows = arg(p, 4) * arg(p, 14);
  const pixelBytes = (arg(p, 7) as usize) << 2, rowBytes = (arg(p, 6) as usize) * pixelBytes;
  const firstRow = chunkStart(rows, chunk, chunks), endRow = chunkStart(rows, chunk + 1, chunks);
  const identity = f32x4.splat(-Infinity), firstByte = (firstRow as usize) * 2 * rowBytes;
  let x = (arg(p, 2) as usize) + firstByte, dx = (arg(p, 1) as usize) + firstByte;
  let dy = (arg(p, 0) as usize) + (firstRow as usize) * outWidth * pixelBytes;
  for (let row = firstRow; row < endRow; row++) {
    for (let column = 0; column < outWidth; column++) {
      for (const end = x + pixelBytes; x < end; x += 16) {
        const v0 = v128.load(x), v1 = v128.load(x + pixelBytes);
        const v2 = v128.load(x + rowBytes), v3 = v128.load(x + rowBytes + pixelBytes);
        const d = v128.load(dy);
        const m0 = f32x4.gt(v0, identity), l0 = f32x4.pmax(identity, v0);
        const m1 = f32x4.gt(v1, l0), l1 = f32x4.pmax(l0, v1);
        const m2 = f32x4.gt(v2, l1), m3 = f32x4.gt(v3, f32x4.pmax(l1, v2));
        const after = v128.or(m2, m3);
        v128.store(dx, v128.andnot(v128.and(d, m0), v128.or(m1, after)));
        v128.store(dx + pixelBytes, v128.andnot(v128.and(d, m1), after));
        v128.store(dx + rowBytes, v128.andnot(v128.and(d, m2), m3));
        v128.store(dx + rowBytes + pixelBytes, v128.and(d, m3));
        dx += 16;
        dy += 16;
      }
      x += pixelBytes;
      dx += pixelBytes;
    }
    x += rowBytes;
    dx += rowBytes;
  }
}

export function maxPoolGradient(p: usize, chunk: i32, chunks: i32): void {
  if (isAligned2x2(p)) maxPoolAligned2x2Gradient(p, chunk, chunks);
  else poolGradient(true, p, chunk, chunks);
}
export function averagePoolGradient(p: usize, chunk: i32, chunks: i32): void {
  poolGradient(false, p, chunk, chunks);
}
