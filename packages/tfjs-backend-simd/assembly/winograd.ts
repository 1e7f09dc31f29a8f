/*
 * Convolution with 3x3 kernels at stride 1 by Winograd's F(4x4, 3x3) (Lavin and Gray, Fast Algorithms for Convolutional
 * Neural Networks, 2016): 6x6 pixels of the image and 36 products a channel give 4x4 results. Blocks of TILES tiles go
 * through all steps while they are in the cache.
 *
 *   V[36][in / 4][TILES][4]      transformed images
 *   U[36][out / 8][in][8]        transformed kernels
 *   M[36][out / 8][TILES][8]     products, or transformed gradients
 *
 * The planes of one of the 36 are not a power of two apart: they would fall into the same cache lines.
 */
import { tileOfColumns, tileOfFours } from './gemm';

export const TILES: i32 = 32;
const PAD: usize = 64;

// @ts-ignore: decorator
@inline
function add(a: v128, b: v128): v128 { return f32x4.add(a, b); }
// @ts-ignore: decorator
@inline
function sub(a: v128, b: v128): v128 { return f32x4.sub(a, b); }
// @ts-ignore: decorator
@inline
function mul(a: v128, b: f32): v128 { return f32x4.mul(a, f32x4.splat(b)); }

export function planeOfV(channels: i32): usize { return (TILES * channels * 4 + PAD) as usize; }
export function planeOfU(inChannels: i32, outChannels: i32): usize { return (inChannels * outChannels * 4 + PAD) as usize; }

/** Bytes of scratch that one thread needs. */
export function winogradScratch(inChannels: i32, outChannels: i32): usize {
  return 36 * (planeOfV(inChannels) + planeOfV(outChannels)) + 36 * 16 + 36 * 8 + 1024 + max(inChannels, outChannels) * 4;
}

/** [3][3][in][out] to U; with `turn`, of the kernel turned by half a turn and its depths swapped: for the input's gradient. */
export function transformKernels(w: usize, u: usize, inChannels: i32, outChannels: i32, turn: i32, first: i32, last: i32, t: usize): void {
  // `inChannels` and `outChannels` are those of U. One pass handles 4 of U's outs; `t` is scratch of 18 x 16 bytes.
  const plane = planeOfU(inChannels, outChannels);
  for (let ci = first; ci < last; ci++) {
    for (let co = 0; co < outChannels; co += 4) {
      for (let kx = 0; kx < 3; kx++) {
        let g0: v128, g1: v128, g2: v128;
        if (turn) {
          g0 = column(w, 2, 2 - kx, co, ci, outChannels, inChannels);
          g1 = column(w, 1, 2 - kx, co, ci, outChannels, inChannels);
          g2 = column(w, 0, 2 - kx, co, ci, outChannels, inChannels);
        } else {
          const p = w + ((kx * inChannels + ci) * outChannels + co) * 4;
          const row = (3 * inChannels * outChannels * 4) as usize;
          g0 = v128.load(p); g1 = v128.load(p + row); g2 = v128.load(p + 2 * row);
        }
        kernel1d(g0, g1, g2, t + kx * 16, 48);
      }
      const q = u + (((co >> 3) * inChannels + ci) * 8 + (co & 7)) * 4;
      for (let i = 0; i < 6; i++) {
        const p = t + i * 48;
        kernel1d(v128.load(p), v128.load(p, 16), v128.load(p, 32), q + i * 6 * plane, plane);
      }
    }
  }
}

/** Four kernels' weights at a place, one a row of the depth that becomes the outs. */
// @ts-ignore: decorator
@inline
function column(w: usize, ky: i32, kx: i32, row: i32, col: i32, rows: i32, cols: i32): v128 {
  const p = w + (((ky * 3 + kx) * rows + row) * cols + col) * 4;
  const step = (cols * 4) as usize;
  let v = f32x4.splat(load<f32>(p));
  v = f32x4.replace_lane(v, 1, load<f32>(p + step));
  v = f32x4.replace_lane(v, 2, load<f32>(p + 2 * step));
  return f32x4.replace_lane(v, 3, load<f32>(p + 3 * step));
}

// @ts-ignore: decorator
@inline
function kernel1d(g0: v128, g1: v128, g2: v128, out: usize, step: usize): void {
  const a = mul(add(g0, g2), -1.0 / 6.0), b = mul(g1, 1.0 / 6.0);
  const c = add(mul(g0, 1.0 / 24.0), mul(g2, 1.0 / 6.0)), d = mul(g1, 1.0 / 12.0);
  v128.store(out, mul(g0, 0.25));
  v128.store(out + step, sub(a, b));
  v128.store(out + 2 * step, add(a, b));
  v128.store(out + 3 * step, add(c, d));
  v128.store(out + 4 * step, sub(c, d));
  v128.store(out + 5 * step, g2);
}

// @ts-ignore: decorator
@inline
function image1d(d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, out: usize, step: usize): void {
  const p = sub(d4, mul(d2, 4)), q = sub(d3, mul(d1, 4));
  const r = sub(d4, d2), s = mul(sub(d3, d1), 2);
  v128.store(out, add(sub(mul(d0, 4), mul(d2, 5)), d4));
  v128.store(out + step, add(p, q));
  v128.store(out + 2 * step, sub(p, q));
  v128.store(out + 3 * step, add(r, s));
  v128.store(out + 4 * step, sub(r, s));
  v128.store(out + 5 * step, add(sub(mul(d1, 4), mul(d3, 5)), d5));
}

/** The images' pixels of a block of tiles to V. `scratch`: 36 x 16 bytes of values, 36 addresses, a pixel of zeros. */
export function transformImages(x: usize, v: usize, scratch: usize, block: i32, tiles: i32, tilesX: i32, tilesY: i32, height: i32, width: i32, channels: i32, top: i32, left: i32): void {
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
    const y = ty * 4 - top;
    const xx = (place - ty * tilesX) * 4 - left;
    const isTile = tile < tiles;
    for (let i = 0; i < 6; i++)
      for (let j = 0; j < 6; j++) {
        const inside = isTile && y + i >= 0 && y + i < height && xx + j >= 0 && xx + j < width;
        const address = inside ? x + (((image * height + y + i) * width + xx + j) * channels) * 4 : zeros;
        store<u32>(addresses + (i * 6 + j) * 4, address as u32);
      }
    for (let c = 0; c < channels; c += 4) {
      const o = (c * 4) as usize;
      for (let j = 0; j < 6; j++) {
        const p = addresses + j * 4;
        image1d(
          v128.load(load<u32>(p) + o), v128.load(load<u32>(p, 24) + o), v128.load(load<u32>(p, 48) + o),
          v128.load(load<u32>(p, 72) + o), v128.load(load<u32>(p, 96) + o), v128.load(load<u32>(p, 120) + o),
          scratch + j * 16, 96,
        );
      }
      const out = v + ((c >> 2) * TILES + t) * 16;
      for (let i = 0; i < 6; i++) {
        const p = scratch + i * 96;
        image1d(
          v128.load(p), v128.load(p, 16), v128.load(p, 32), v128.load(p, 48), v128.load(p, 64), v128.load(p, 80),
          out + i * 6 * plane, plane,
        );
      }
    }
  }
}

/** M of a block to results: y[n][height][width][channels] + bias, or a rectifier of it. */
export function transformProducts(m: usize, y: usize, bias: usize, scratch: usize, block: i32, tiles: i32, tilesX: i32, tilesY: i32, height: i32, width: i32, channels: i32, activation: i32): void {
  const plane = planeOfV(channels);
  const across = tilesX * tilesY;
  const last = min(TILES, tiles - block * TILES);
  const zero = f32x4.splat(0), six = f32x4.splat(6);
  for (let t = 0; t < last; t++) {
    const tile = block * TILES + t;
    const image = tile / across;
    const place = tile - image * across;
    const ty = place / tilesX;
    const top = ty * 4;
    const left = (place - ty * tilesX) * 4;
    const rows = min(4, height - top), columns = min(4, width - left);
    const corner = y + (((image * height + top) * width + left) * channels) * 4;
    for (let c = 0; c < channels; c += 4) {
      const p = m + ((c >> 3) * TILES + t) * 32 + (c & 4) * 4;
      for (let j = 0; j < 6; j++) {
        const q = p + j * plane, step = 6 * plane;
        const m0 = v128.load(q), m1 = v128.load(q + step), m2 = v128.load(q + 2 * step), m3 = v128.load(q + 3 * step), m4 = v128.load(q + 4 * step), m5 = v128.load(q + 5 * step);
        const s1 = add(m1, m2), d1 = sub(m1, m2), s2 = add(m3, m4), d2 = sub(m3, m4);
        const out = scratch + j * 16;
        v128.store(out, add(m0, add(s1, s2)));
        v128.store(out, add(d1, mul(d2, 2)), 96);
        v128.store(out, add(s1, mul(s2, 4)), 192);
        v128.store(out, add(add(d1, mul(d2, 8)), m5), 288);
      }
      const b = bias ? v128.load(bias + c * 4) : zero;
      for (let i = 0; i < rows; i++) {
        const q = scratch + i * 96;
        const m0 = v128.load(q), m1 = v128.load(q, 16), m2 = v128.load(q, 32), m3 = v128.load(q, 48), m4 = v128.load(q, 64), m5 = v128.load(q, 80);
        const s1 = add(m1, m2), d1 = sub(m1, m2), s2 = add(m3, m4), d2 = sub(m3, m4);
        let y0 = add(add(m0, add(s1, s2)), b), y1 = add(add(d1, mul(d2, 2)), b), y2 = add(add(s1, mul(s2, 4)), b), y3 = add(add(add(d1, mul(d2, 8)), m5), b);
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

/** Gradients of the results, dy[n][height][width][channels], of a block of tiles to M's layout. */
export function transformGradients(dy: usize, m: usize, scratch: usize, block: i32, tiles: i32, tilesX: i32, tilesY: i32, height: i32, width: i32, channels: i32): void {
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
    const top = ty * 4;
    const left = (place - ty * tilesX) * 4;
    const isTile = tile < tiles;
    for (let i = 0; i < 4; i++)
      for (let j = 0; j < 4; j++) {
        const inside = isTile && top + i < height && left + j < width;
        const address = inside ? dy + (((image * height + top + i) * width + left + j) * channels) * 4 : zeros;
        store<u32>(addresses + (i * 4 + j) * 4, address as u32);
      }
    for (let c = 0; c < channels; c += 4) {
      const o = (c * 4) as usize;
      for (let j = 0; j < 4; j++) {
        const p = addresses + j * 4;
        gradient1d(v128.load(load<u32>(p) + o), v128.load(load<u32>(p, 16) + o), v128.load(load<u32>(p, 32) + o), v128.load(load<u32>(p, 48) + o), scratch + j * 16, 64);
      }
      const out = m + ((c >> 3) * TILES + t) * 32 + (c & 4) * 4;
      for (let i = 0; i < 6; i++) {
        const p = scratch + i * 64;
        gradient1d(v128.load(p), v128.load(p, 16), v128.load(p, 32), v128.load(p, 48), out + i * 6 * plane, plane);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function gradient1d(y0: v128, y1: v128, y2: v128, y3: v128, out: usize, step: usize): void {
  const e = add(y0, y2), o = add(y1, y3);
  const f = add(y0, mul(y2, 4)), p = add(mul(y1, 2), mul(y3, 8));
  v128.store(out, y0);
  v128.store(out + step, add(e, o));
  v128.store(out + 2 * step, sub(e, o));
  v128.store(out + 3 * step, add(f, p));
  v128.store(out + 4 * step, sub(f, p));
  v128.store(out + 5 * step, y3);
}

/** M = V U, plane by plane. */
export function multiplyPlanes(v: usize, u: usize, m: usize, inChannels: i32, outChannels: i32): void {
  const vPlane = planeOfV(inChannels), uPlane = planeOfU(inChannels, outChannels), mPlane = planeOfV(outChannels);
  const fours = inChannels >> 2;
  for (let xi = 0; xi < 36; xi++) {
    const a = v + xi * vPlane;
    for (let co = 0; co < outChannels; co += 8) {
      const b = u + xi * uPlane + co * inChannels * 4;
      const c = m + xi * mPlane + co * TILES * 4;
      for (let t = 0; t < TILES; t += 4) tileOfFours(a + t * 16, (TILES * 16) as usize, b, c + t * 32, fours);
    }
  }
}

/** dU += V transposed times M, plane by plane; dU[36][out / 8][in][8]. */
export function accumulatePlanes(v: usize, m: usize, du: usize, inChannels: i32, outChannels: i32): void {
  const vPlane = planeOfV(inChannels), uPlane = planeOfU(inChannels, outChannels), mPlane = planeOfV(outChannels);
  for (let xi = 0; xi < 36; xi++) {
    for (let co = 0; co < outChannels; co += 8) {
      const b = m + xi * mPlane + co * TILES * 4;
      const c = du + xi * uPlane + co * inChannels * 4;
      for (let ci = 0; ci < inChannels; ci += 4) tileOfColumns(v + xi * vPlane + ci * TILES * 4, b, c + ci * 32, TILES);
    }
  }
}

/** Sums the parts of dU, in their order, and turns them into dW[3][3][in][out]; for channels `first` to `last` of in. */
export function transformKernelGradients(du: usize, parts: i32, partSize: usize, dw: usize, inChannels: i32, outChannels: i32, first: i32, last: i32, scratch: usize): void {
  const plane = planeOfU(inChannels, outChannels);
  for (let ci = first; ci < last; ci++) {
    for (let co = 0; co < outChannels; co += 4) {
      const p = du + (((co >> 3) * inChannels + ci) * 8 + (co & 7)) * 4;
      for (let j = 0; j < 6; j++) {
        const q = p + j * plane, step = 6 * plane;
        kernelGradient1d(
          summed(q, parts, partSize), summed(q + step, parts, partSize), summed(q + 2 * step, parts, partSize),
          summed(q + 3 * step, parts, partSize), summed(q + 4 * step, parts, partSize), summed(q + 5 * step, parts, partSize),
          scratch + j * 16, 96,
        );
      }
      for (let i = 0; i < 3; i++) {
        const q = scratch + i * 96;
        kernelGradient1d(
          v128.load(q), v128.load(q, 16), v128.load(q, 32), v128.load(q, 48), v128.load(q, 64), v128.load(q, 80),
          dw + ((i * 3 * inChannels + ci) * outChannels + co) * 4, (inChannels * outChannels * 4) as usize,
        );
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function summed(p: usize, parts: i32, partSize: usize): v128 {
  let sum = v128.load(p);
  for (let i = 1; i < parts; i++) {
    p += partSize;
    sum = add(sum, v128.load(p));
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function kernelGradient1d(u0: v128, u1: v128, u2: v128, u3: v128, u4: v128, u5: v128, out: usize, step: usize): void {
  const s = mul(add(u1, u2), -1.0 / 6.0), d = mul(sub(u2, u1), 1.0 / 6.0), e = add(u3, u4);
  v128.store(out, add(add(mul(u0, 0.25), s), mul(e, 1.0 / 24.0)));
  v128.store(out + step, add(d, mul(sub(u3, u4), 1.0 / 12.0)));
  v128.store(out + 2 * step, add(add(s, mul(e, 1.0 / 6.0)), u5));
}
