/*
 * Convolution at stride 1 by Winograd's way (Lavin and Gray, 2016): with 3x3 kernels by F(4x4, 3x3), or F(2x2, 3x3) for more
 * digits, with 5x5 kernels by F(2x2, 5x5). Tiles of `size` x `size` pixels of the image, 6 or 4, overlap and give `results` x
 * `results` each by as many products a channel as they have pixels: 36 instead of 144 for F(4x4, 3x3), instead of 100 for
 * F(2x2, 5x5). Blocks of TILES tiles go through all steps while they are in the cache.
 *
 *   V[size * size][in / 8][TILES][8]      transformed images
 *   U[size * size][out / 8][in][8]        transformed kernels
 *   M[size * size][out / 8][TILES][8]     products, or transformed gradients
 *
 * The planes are not a power of two apart: they would fall into the same cache lines.
 */
import { tileOfColumns, tileOfEights } from './gemm';
import { gradient1d, image1d, result1d } from './winograd-transforms';

export const TILES: i32 = 32;
const PAD: usize = 64;

export function planeOfV(channels: i32): usize { return (TILES * channels * 4 + PAD) as usize; }
export function planeOfU(inChannels: i32, outChannels: i32): usize { return (inChannels * outChannels * 4 + PAD) as usize; }

/** Bytes of scratch that one thread needs, for either size. */
export function winogradScratch(inChannels: i32, outChannels: i32): usize {
  return 36 * (planeOfV(inChannels) + planeOfV(outChannels)) + 36 * 16 + 36 * 8 + 1024 + max(inChannels, outChannels) * 4;
}

/** The images' pixels of a block of tiles to V. `scratch`: 36 x 16 bytes of values, 36 addresses, a pixel of zeros. */
// @ts-ignore: decorator
@inline
function toV(size: i32, results: i32, x: usize, v: usize, scratch: usize, block: i32, tiles: i32, tilesX: i32, tilesY: i32, height: i32, width: i32, channels: i32, top: i32, left: i32): void {
  const plane = planeOfV(channels);
  const addresses = scratch + 36 * 16;
  const zeros = addresses + 36 * 4;
  memory.fill(zeros, 0, (channels * 4) as usize);
  const across = tilesX * tilesY;
  for (let t = 0; t < TILES; t++) {
    const tile = block * TILES + t;
    const image = tile / across;
    const place = tile - image * across;
    const ty = place / tilesX;
    const y = ty * results - top;
    const xx = (place - ty * tilesX) * results - left;
    const isTile = tile < tiles;
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        const inside = isTile && y + i >= 0 && y + i < height && xx + j >= 0 && xx + j < width;
        const address = inside ? x + (((image * height + y + i) * width + xx + j) * channels) * 4 : zeros;
        store<u32>(addresses + (i * size + j) * 4, address as u32);
      }
    for (let c = 0; c < channels; c += 4) {
      const o = (c * 4) as usize;
      for (let j = 0; j < size; j++) {
        const p = addresses + j * 4, out = scratch + j * 16;
        if (size == 4) {
          const d0 = v128.load(load<u32>(p) + o), d1 = v128.load(load<u32>(p, 16) + o);
          image1d(4, d0, d1, v128.load(load<u32>(p, 32) + o), v128.load(load<u32>(p, 48) + o), d0, d0, out, 64);
        } else
          image1d(
            6,
            v128.load(load<u32>(p) + o), v128.load(load<u32>(p, 24) + o), v128.load(load<u32>(p, 48) + o),
            v128.load(load<u32>(p, 72) + o), v128.load(load<u32>(p, 96) + o), v128.load(load<u32>(p, 120) + o),
            out, 96,
          );
      }
      const to = v + ((c >> 3) * TILES + t) * 32 + (c & 4) * 4;
      for (let i = 0; i < size; i++) {
        const p = scratch + i * size * 16, out = to + i * size * plane;
        const d0 = v128.load(p), d1 = v128.load(p, 16), d2 = v128.load(p, 32), d3 = v128.load(p, 48);
        if (size == 4) image1d(4, d0, d1, d2, d3, d0, d0, out, plane);
        else image1d(6, d0, d1, d2, d3, v128.load(p, 64), v128.load(p, 80), out, plane);
      }
    }
  }
}

export function transformImages(size: i32, results: i32, x: usize, v: usize, scratch: usize, block: i32, tiles: i32, tilesX: i32, tilesY: i32, height: i32, width: i32, channels: i32, top: i32, left: i32): void {
  if (size == 4) toV(4, 2, x, v, scratch, block, tiles, tilesX, tilesY, height, width, channels, top, left);
  else toV(6, results, x, v, scratch, block, tiles, tilesX, tilesY, height, width, channels, top, left);
}

/** M of a block to results: y[n][height][width][channels] + bias, or a rectifier of it. */
// @ts-ignore: decorator
@inline
function fromM(size: i32, results: i32, m: usize, y: usize, bias: usize, scratch: usize, block: i32, tiles: i32, tilesX: i32, tilesY: i32, height: i32, width: i32, channels: i32, activation: i32): void {
  const plane = planeOfV(channels);
  const across = tilesX * tilesY;
  const last = min(TILES, tiles - block * TILES);
  const zero = f32x4.splat(0), six = f32x4.splat(6);
  for (let t = 0; t < last; t++) {
    const tile = block * TILES + t;
    const image = tile / across;
    const place = tile - image * across;
    const ty = place / tilesX;
    const top = ty * results;
    const left = (place - ty * tilesX) * results;
    const rows = min(results, height - top), columns = min(results, width - left);
    const corner = y + (((image * height + top) * width + left) * channels) * 4;
    for (let c = 0; c < channels; c += 4) {
      const p = m + ((c >> 3) * TILES + t) * 32 + (c & 4) * 4;
      for (let j = 0; j < size; j++) {
        const q = p + j * plane, step = size * plane;
        const m0 = v128.load(q), m1 = v128.load(q + step), m2 = v128.load(q + 2 * step), m3 = v128.load(q + 3 * step);
        const m4 = size == 4 ? m0 : v128.load(q + 4 * step), m5 = size == 4 ? m0 : v128.load(q + 5 * step);
        const out = scratch + j * 16;
        v128.store(out, result1d(size, results, 0, m0, m1, m2, m3, m4, m5));
        v128.store(out, result1d(size, results, 1, m0, m1, m2, m3, m4, m5), 96);
        if (results == 2) continue;
        v128.store(out, result1d(size, results, 2, m0, m1, m2, m3, m4, m5), 192);
        v128.store(out, result1d(size, results, 3, m0, m1, m2, m3, m4, m5), 288);
      }
      const b = bias ? v128.load(bias + c * 4) : zero;
      for (let i = 0; i < rows; i++) {
        const q = scratch + i * 96;
        const m0 = v128.load(q), m1 = v128.load(q, 16), m2 = v128.load(q, 32), m3 = v128.load(q, 48);
        const m4 = size == 4 ? m0 : v128.load(q, 64), m5 = size == 4 ? m0 : v128.load(q, 80);
        let y0 = f32x4.add(result1d(size, results, 0, m0, m1, m2, m3, m4, m5), b), y1 = f32x4.add(result1d(size, results, 1, m0, m1, m2, m3, m4, m5), b);
        let y2 = zero, y3 = zero;
        if (results == 4) {
          y2 = f32x4.add(result1d(size, results, 2, m0, m1, m2, m3, m4, m5), b);
          y3 = f32x4.add(result1d(size, results, 3, m0, m1, m2, m3, m4, m5), b);
        }
        if (activation) {
          y0 = f32x4.pmax(zero, y0); y1 = f32x4.pmax(zero, y1); y2 = f32x4.pmax(zero, y2); y3 = f32x4.pmax(zero, y3);
          if (activation == 2) { y0 = f32x4.pmin(six, y0); y1 = f32x4.pmin(six, y1); y2 = f32x4.pmin(six, y2); y3 = f32x4.pmin(six, y3); }
        }
        const out = corner + (i * width * channels + c) * 4;
        const step = (channels * 4) as usize;
        v128.store(out, y0);
        if (columns > 1) v128.store(out + step, y1);
        if (columns > 2) v128.store(out + 2 * step, y2);
        if (columns > 3) v128.store(out + 3 * step, y3);
      }
    }
  }
}

export function transformProducts(size: i32, results: i32, m: usize, y: usize, bias: usize, scratch: usize, block: i32, tiles: i32, tilesX: i32, tilesY: i32, height: i32, width: i32, channels: i32, activation: i32): void {
  if (size == 4) fromM(4, 2, m, y, bias, scratch, block, tiles, tilesX, tilesY, height, width, channels, activation);
  else if (results == 4) fromM(6, 4, m, y, bias, scratch, block, tiles, tilesX, tilesY, height, width, channels, activation);
  else fromM(6, 2, m, y, bias, scratch, block, tiles, tilesX, tilesY, height, width, channels, activation);
}

/** Gradients of the results, dy[n][height][width][channels], of a block of tiles to M's layout. */
// @ts-ignore: decorator
@inline
function toM(size: i32, results: i32, dy: usize, m: usize, scratch: usize, block: i32, tiles: i32, tilesX: i32, tilesY: i32, height: i32, width: i32, channels: i32): void {
  const plane = planeOfV(channels);
  const across = tilesX * tilesY;
  const addresses = scratch + 36 * 16;
  const zeros = addresses + 36 * 4;
  memory.fill(zeros, 0, (channels * 4) as usize);
  for (let t = 0; t < TILES; t++) {
    const tile = block * TILES + t;
    const image = tile / across;
    const place = tile - image * across;
    const ty = place / tilesX;
    const top = ty * results;
    const left = (place - ty * tilesX) * results;
    const isTile = tile < tiles;
    for (let i = 0; i < results; i++)
      for (let j = 0; j < results; j++) {
        const inside = isTile && top + i < height && left + j < width;
        const address = inside ? dy + (((image * height + top + i) * width + left + j) * channels) * 4 : zeros;
        store<u32>(addresses + (i * results + j) * 4, address as u32);
      }
    for (let c = 0; c < channels; c += 4) {
      const o = (c * 4) as usize;
      for (let j = 0; j < results; j++) {
        const p = addresses + j * 4, out = scratch + j * 16;
        const y0 = v128.load(load<u32>(p) + o);
        if (results == 2) gradient1d(size, 2, y0, v128.load(load<u32>(p, 8) + o), y0, y0, out, 64);
        else gradient1d(size, 4, y0, v128.load(load<u32>(p, 16) + o), v128.load(load<u32>(p, 32) + o), v128.load(load<u32>(p, 48) + o), out, 64);
      }
      const to = m + ((c >> 3) * TILES + t) * 32 + (c & 4) * 4;
      for (let i = 0; i < size; i++) {
        const p = scratch + i * 64, out = to + i * size * plane;
        const y0 = v128.load(p), y1 = v128.load(p, 16);
        if (results == 2) gradient1d(size, 2, y0, y1, y0, y0, out, plane);
        else gradient1d(size, 4, y0, y1, v128.load(p, 32), v128.load(p, 48), out, plane);
      }
    }
  }
}

export function transformGradients(size: i32, results: i32, dy: usize, m: usize, scratch: usize, block: i32, tiles: i32, tilesX: i32, tilesY: i32, height: i32, width: i32, channels: i32): void {
  if (size == 4) toM(4, 2, dy, m, scratch, block, tiles, tilesX, tilesY, height, width, channels);
  else if (results == 4) toM(6, 4, dy, m, scratch, block, tiles, tilesX, tilesY, height, width, channels);
  else toM(6, 2, dy, m, scratch, block, tiles, tilesX, tilesY, height, width, channels);
}

/** M = V U, plane by plane. */
export function multiplyPlanes(planes: i32, v: usize, u: usize, m: usize, inChannels: i32, outChannels: i32): void {
  const vPlane = planeOfV(inChannels), uPlane = planeOfU(inChannels, outChannels), mPlane = planeOfV(outChannels);
  const eights = inChannels >> 3;
  for (let xi = 0; xi < planes; xi++) {
    const a = v + xi * vPlane;
    for (let co = 0; co < outChannels; co += 8) {
      const b = u + xi * uPlane + co * inChannels * 4;
      const c = m + xi * mPlane + co * TILES * 4;
      for (let t = 0; t < TILES; t += 4) tileOfEights(a + t * 32, (TILES * 32) as usize, b, c + t * 32, eights);
    }
  }
}

/** dU (+)= V transposed times M, plane by plane; dU[36][out / 8][in][8]. */
export function accumulatePlanes(planes: i32, v: usize, m: usize, du: usize, inChannels: i32, outChannels: i32, add: bool): void {
  const vPlane = planeOfV(inChannels), uPlane = planeOfU(inChannels, outChannels), mPlane = planeOfV(outChannels);
  for (let xi = 0; xi < planes; xi++) {
    for (let co = 0; co < outChannels; co += 8) {
      const b = m + xi * mPlane + co * TILES * 4;
      const c = du + xi * uPlane + co * inChannels * 4;
      for (let ci = 0; ci < inChannels; ci += 4)
        tileOfColumns(v + xi * vPlane + ((ci >> 3) * TILES * 8 + (ci & 4)) * 4, b, c + ci * 32, TILES, add);
    }
  }
}
