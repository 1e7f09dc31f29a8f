/*
 * Convolution at stride 1 by Winograd's algorithm (Lavin and Gray, 2016): F(4x4, 3x3), or the more accurate
 * F(2x2, 3x3), for 3x3 filters, and F(2x2, 5x5) for 5x5 filters. Overlapping tiles of `inputSize` x
 * `inputSize` pixels (6 or 4) give `outputSize` x `outputSize` outputs each, with one multiplication per
 * pixel, input channel and output channel: 36 instead of 144 for F(4x4, 3x3), instead of 100 for F(2x2, 5x5).
 * A block of TILES_PER_BLOCK tiles passes all steps while it is in the cache.
 *
 *   V[inputSize^2][in / 8][TILES_PER_BLOCK][8]    transformed images
 *   U[inputSize^2][out / 8][in][8]                transformed filter
 *   M[inputSize^2][out / 8][TILES_PER_BLOCK][8]   products, or transformed gradients
 *
 * An index of the first dimension selects a plane. Planes are padded: at a distance of a power of two they
 * would map to the same cache sets.
 */
import { atMost6, relu } from '../common/activations';
import { tileColumns, tilePacked8 } from '../common/gemm';
import { gradient1d, image1d, output1d } from './winograd-transforms';

export const TILES_PER_BLOCK: i32 = 32;
const PLANE_PADDING: usize = 64;

/** The distance of two planes of V or M. */
export function planeBytesV(channels: i32): usize {
  return (TILES_PER_BLOCK * channels * 4 + PLANE_PADDING) as usize;
}
/** The distance of two planes of U. */
export function planeBytesU(inChannels: i32, outChannels: i32): usize {
  return (inChannels * outChannels * 4 + PLANE_PADDING) as usize;
}

/* The scratch memory of a tile: 36 vectors, 36 addresses, the zero windows of a block, a pixel of zeros. */
// @ts-ignore: decorator
@inline
function addressesIn(scratch: usize): usize { return scratch + 36 * 16; }
// @ts-ignore: decorator
@inline
export function zeroWindowsIn(scratch: usize): usize { return addressesIn(scratch) + 36 * 4; }
// @ts-ignore: decorator
@inline
function zerosIn(scratch: usize): usize { return zeroWindowsIn(scratch) + TILES_PER_BLOCK * 4; }

/** The bytes of scratch memory that a thread needs: V, M and the scratch memory of a tile. */
export function scratchBytes(inChannels: i32, outChannels: i32): usize {
  const planes = 36 * (planeBytesV(inChannels) + planeBytesV(outChannels));
  return planes + 36 * 16 + 36 * 8 + 1024 + max(inChannels, outChannels) * 4;
}

/**
 * Transforms the images of a block of tiles to V. `scratch`: 36 vectors, 36 addresses, a pixel of zeros.
 */
// @ts-ignore: decorator
@inline
function imagesToV(
  inputSize: i32, outputSize: i32, x: usize, v: usize, scratch: usize, block: i32, tiles: i32, tilesX: i32,
  tilesY: i32, height: i32, width: i32, channels: i32, top: i32, left: i32,
): void {
  const plane = planeBytesV(channels);
  const addresses = addressesIn(scratch), zeros = zerosIn(scratch);
  memory.fill(zeros, 0, (channels * 4) as usize);
  const tilesPerImage = tilesX * tilesY;
  for (let t = 0; t < TILES_PER_BLOCK; t++) {
    const tile = block * TILES_PER_BLOCK + t;
    const image = tile / tilesPerImage;
    const tileOfImage = tile - image * tilesPerImage;
    const tileY = tileOfImage / tilesX;
    const firstRow = tileY * outputSize - top;
    const firstColumn = (tileOfImage - tileY * tilesX) * outputSize - left;
    const isTile = tile < tiles;
    for (let i = 0; i < inputSize; i++)
      for (let j = 0; j < inputSize; j++) {
        const isInside = isTile && firstRow + i >= 0 && firstRow + i < height
          && firstColumn + j >= 0 && firstColumn + j < width;
        const address = isInside
          ? x + (((image * height + firstRow + i) * width + firstColumn + j) * channels) * 4
          : zeros;
        store<u32>(addresses + (i * inputSize + j) * 4, address as u32);
      }
    for (let c = 0; c < channels; c += 4) {
      const byteOffset = (c * 4) as usize;
      for (let j = 0; j < inputSize; j++) {
        const p = addresses + j * 4, out = scratch + j * 16;
        if (inputSize == 4) {
          const d0 = v128.load(load<u32>(p) + byteOffset), d1 = v128.load(load<u32>(p, 16) + byteOffset);
          image1d(
            4, d0, d1, v128.load(load<u32>(p, 32) + byteOffset), v128.load(load<u32>(p, 48) + byteOffset), d0,
            d0, out, 64,
          );
        } else
          image1d(
            6,
            v128.load(load<u32>(p) + byteOffset),
            v128.load(load<u32>(p, 24) + byteOffset),
            v128.load(load<u32>(p, 48) + byteOffset),
            v128.load(load<u32>(p, 72) + byteOffset),
            v128.load(load<u32>(p, 96) + byteOffset),
            v128.load(load<u32>(p, 120) + byteOffset),
            out, 96,
          );
      }
      const target = v + ((c >> 3) * TILES_PER_BLOCK + t) * 32 + (c & 4) * 4;
      for (let i = 0; i < inputSize; i++) {
        const p = scratch + i * inputSize * 16, out = target + i * inputSize * plane;
        const d0 = v128.load(p), d1 = v128.load(p, 16), d2 = v128.load(p, 32), d3 = v128.load(p, 48);
        if (inputSize == 4) image1d(4, d0, d1, d2, d3, d0, d0, out, plane);
        else image1d(6, d0, d1, d2, d3, v128.load(p, 64), v128.load(p, 80), out, plane);
      }
    }
  }
}

/** `imagesToV` with constant tile sizes, for inlining. */
export function transformImages(
  inputSize: i32, outputSize: i32, x: usize, v: usize, scratch: usize, block: i32, tiles: i32, tilesX: i32,
  tilesY: i32, height: i32, width: i32, channels: i32, top: i32, left: i32,
): void {
  if (inputSize == 4)
    imagesToV(4, 2, x, v, scratch, block, tiles, tilesX, tilesY, height, width, channels, top, left);
  else
    imagesToV(6, outputSize, x, v, scratch, block, tiles, tilesX, tilesY, height, width, channels, top, left);
}

/** Transforms M of a block to the outputs y[n][height][width][channels], with bias and activation. */
// @ts-ignore: decorator
@inline
function outputsFromM(
  inputSize: i32, outputSize: i32, m: usize, y: usize, bias: usize, scratch: usize, block: i32, tiles: i32,
  tilesX: i32, tilesY: i32, height: i32, width: i32, channels: i32, activation: i32,
): void {
  const plane = planeBytesV(channels);
  const tilesPerImage = tilesX * tilesY;
  const tilesOfBlock = min(TILES_PER_BLOCK, tiles - block * TILES_PER_BLOCK);
  const zero = f32x4.splat(0);
  for (let t = 0; t < tilesOfBlock; t++) {
    const tile = block * TILES_PER_BLOCK + t;
    const image = tile / tilesPerImage;
    const tileOfImage = tile - image * tilesPerImage;
    const tileY = tileOfImage / tilesX;
    const top = tileY * outputSize;
    const left = (tileOfImage - tileY * tilesX) * outputSize;
    const rows = min(outputSize, height - top), columns = min(outputSize, width - left);
    const tileStart = y + (((image * height + top) * width + left) * channels) * 4;
    for (let c = 0; c < channels; c += 4) {
      const p = m + ((c >> 3) * TILES_PER_BLOCK + t) * 32 + (c & 4) * 4;
      for (let j = 0; j < inputSize; j++) {
        const q = p + j * plane, step = inputSize * plane;
        const m0 = v128.load(q), m1 = v128.load(q + step);
        const m2 = v128.load(q + 2 * step), m3 = v128.load(q + 3 * step);
        const m4 = inputSize == 4 ? m0 : v128.load(q + 4 * step);
        const m5 = inputSize == 4 ? m0 : v128.load(q + 5 * step);
        const out = scratch + j * 16;
        v128.store(out, output1d(inputSize, outputSize, 0, m0, m1, m2, m3, m4, m5));
        v128.store(out, output1d(inputSize, outputSize, 1, m0, m1, m2, m3, m4, m5), 96);
        if (outputSize == 2) continue;
        v128.store(out, output1d(inputSize, outputSize, 2, m0, m1, m2, m3, m4, m5), 192);
        v128.store(out, output1d(inputSize, outputSize, 3, m0, m1, m2, m3, m4, m5), 288);
      }
      const b = bias ? v128.load(bias + c * 4) : zero;
      for (let i = 0; i < rows; i++) {
        const q = scratch + i * 96;
        const m0 = v128.load(q), m1 = v128.load(q, 16), m2 = v128.load(q, 32), m3 = v128.load(q, 48);
        const m4 = inputSize == 4 ? m0 : v128.load(q, 64), m5 = inputSize == 4 ? m0 : v128.load(q, 80);
        let y0 = f32x4.add(output1d(inputSize, outputSize, 0, m0, m1, m2, m3, m4, m5), b);
        let y1 = f32x4.add(output1d(inputSize, outputSize, 1, m0, m1, m2, m3, m4, m5), b);
        let y2 = zero, y3 = zero;
        if (outputSize == 4) {
          y2 = f32x4.add(output1d(inputSize, outputSize, 2, m0, m1, m2, m3, m4, m5), b);
          y3 = f32x4.add(output1d(inputSize, outputSize, 3, m0, m1, m2, m3, m4, m5), b);
        }
        if (activation) {
          y0 = relu(y0); y1 = relu(y1); y2 = relu(y2); y3 = relu(y3);
          if (activation == 2) {
            y0 = atMost6(y0); y1 = atMost6(y1); y2 = atMost6(y2); y3 = atMost6(y3);
          }
        }
        const out = tileStart + (i * width * channels + c) * 4;
        const step = (channels * 4) as usize;
        v128.store(out, y0);
        if (columns > 1) v128.store(out + step, y1);
        if (columns > 2) v128.store(out + 2 * step, y2);
        if (columns > 3) v128.store(out + 3 * step, y3);
      }
    }
  }
}

/** `outputsFromM` with constant tile sizes, for inlining. */
export function transformProducts(
  inputSize: i32, outputSize: i32, m: usize, y: usize, bias: usize, scratch: usize, block: i32, tiles: i32,
  tilesX: i32, tilesY: i32, height: i32, width: i32, channels: i32, activation: i32,
): void {
  if (inputSize == 4)
    outputsFromM(
      4, 2, m, y, bias, scratch, block, tiles, tilesX, tilesY, height, width, channels, activation,
    );
  else if (outputSize == 4)
    outputsFromM(
      6, 4, m, y, bias, scratch, block, tiles, tilesX, tilesY, height, width, channels, activation,
    );
  else
    outputsFromM(
      6, 2, m, y, bias, scratch, block, tiles, tilesX, tilesY, height, width, channels, activation,
    );
}

/** Transforms dy[n][height][width][channels] of a block of tiles to the layout of M. */
// @ts-ignore: decorator
@inline
function gradientsToM(
  inputSize: i32, outputSize: i32, dy: usize, m: usize, scratch: usize, block: i32, tiles: i32, tilesX: i32,
  tilesY: i32, height: i32, width: i32, channels: i32,
): void {
  const plane = planeBytesV(channels);
  const tilesPerImage = tilesX * tilesY;
  const addresses = addressesIn(scratch), zeros = zerosIn(scratch);
  memory.fill(zeros, 0, (channels * 4) as usize);
  for (let t = 0; t < TILES_PER_BLOCK; t++) {
    const tile = block * TILES_PER_BLOCK + t;
    const image = tile / tilesPerImage;
    const tileOfImage = tile - image * tilesPerImage;
    const tileY = tileOfImage / tilesX;
    const top = tileY * outputSize;
    const left = (tileOfImage - tileY * tilesX) * outputSize;
    const isTile = tile < tiles;
    for (let i = 0; i < outputSize; i++)
      for (let j = 0; j < outputSize; j++) {
        const isInside = isTile && top + i < height && left + j < width;
        const address = isInside
          ? dy + (((image * height + top + i) * width + left + j) * channels) * 4
          : zeros;
        store<u32>(addresses + (i * outputSize + j) * 4, address as u32);
      }
    for (let c = 0; c < channels; c += 4) {
      const byteOffset = (c * 4) as usize;
      for (let j = 0; j < outputSize; j++) {
        const p = addresses + j * 4, out = scratch + j * 16;
        const y0 = v128.load(load<u32>(p) + byteOffset);
        if (outputSize == 2)
          gradient1d(inputSize, 2, y0, v128.load(load<u32>(p, 8) + byteOffset), y0, y0, out, 64);
        else
          gradient1d(
            inputSize, 4, y0, v128.load(load<u32>(p, 16) + byteOffset),
            v128.load(load<u32>(p, 32) + byteOffset), v128.load(load<u32>(p, 48) + byteOffset), out, 64,
          );
      }
      const target = m + ((c >> 3) * TILES_PER_BLOCK + t) * 32 + (c & 4) * 4;
      for (let i = 0; i < inputSize; i++) {
        const p = scratch + i * 64, out = target + i * inputSize * plane;
        const y0 = v128.load(p), y1 = v128.load(p, 16);
        if (outputSize == 2) gradient1d(inputSize, 2, y0, y1, y0, y0, out, plane);
        else gradient1d(inputSize, 4, y0, y1, v128.load(p, 32), v128.load(p, 48), out, plane);
      }
    }
  }
}

/** `gradientsToM` with constant tile sizes, for inlining. */
export function transformGradients(
  inputSize: i32, outputSize: i32, dy: usize, m: usize, scratch: usize, block: i32, tiles: i32, tilesX: i32,
  tilesY: i32, height: i32, width: i32, channels: i32,
): void {
  if (inputSize == 4)
    gradientsToM(4, 2, dy, m, scratch, block, tiles, tilesX, tilesY, height, width, channels);
  else if (outputSize == 4)
    gradientsToM(6, 4, dy, m, scratch, block, tiles, tilesX, tilesY, height, width, channels);
  else gradientsToM(6, 2, dy, m, scratch, block, tiles, tilesX, tilesY, height, width, channels);
}

/** M = V U for each plane. */
export function multiplyPlanes(
  planes: i32, v: usize, u: usize, m: usize, inChannels: i32, outChannels: i32,
): void {
  const vPlane = planeBytesV(inChannels), uPlane = planeBytesU(inChannels, outChannels);
  const mPlane = planeBytesV(outChannels);
  const groups = inChannels >> 3;
  for (let xi = 0; xi < planes; xi++) {
    const a = v + xi * vPlane;
    for (let co = 0; co < outChannels; co += 8) {
      const b = u + xi * uPlane + co * inChannels * 4;
      const c = m + xi * mPlane + co * TILES_PER_BLOCK * 4;
      for (let t = 0; t < TILES_PER_BLOCK; t += 4)
        tilePacked8(a + t * 32, (TILES_PER_BLOCK * 32) as usize, b, c + t * 32, groups);
    }
  }
}

/** dU (+)= transpose(V) M for each plane; the layout of dU is that of U. */
export function accumulatePlanes(
  planes: i32, v: usize, m: usize, du: usize, inChannels: i32, outChannels: i32, add: bool,
): void {
  const vPlane = planeBytesV(inChannels), uPlane = planeBytesU(inChannels, outChannels);
  const mPlane = planeBytesV(outChannels);
  for (let xi = 0; xi < planes; xi++) {
    for (let co = 0; co < outChannels; co += 8) {
      const b = m + xi * mPlane + co * TILES_PER_BLOCK * 4;
      const c = du + xi * uPlane + co * inChannels * 4;
      for (let ci = 0; ci < inChannels; ci += 4)
        tileColumns(
          v + xi * vPlane + ((ci >> 3) * TILES_PER_BLOCK * 8 + (ci & 4)) * 4, b, c + ci * 32, TILES_PER_BLOCK,
          add,
        );
    }
  }
}
