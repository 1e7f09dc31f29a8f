/*
 * The transforms of the filter to U, and of the gradient of U to that of the filter. Layouts as in
 * winograd-tiles.ts.
 */
import { planeBytesU } from './winograd-tiles';
import { filter1d, filterGradient1d } from './winograd-transforms';

/**
 * w[r][r][in][out] to U; with `flip`, of the flipped filter (rotated by 180 degrees, channels exchanged), for
 * the input gradient.
 */
// @ts-ignore: decorator
@inline
function filterToU(
  inputSize: i32, outputSize: i32, w: usize, u: usize, inChannels: i32, outChannels: i32, flip: i32,
  firstInChannel: i32, endInChannel: i32, scratch: usize,
): void {
  // `inChannels` and `outChannels` are those of U. An iteration handles 4 output channels of U; `scratch` has
  // room for inputSize x r vectors.
  const plane = planeBytesU(inChannels, outChannels);
  const r = inputSize - outputSize + 1;
  const rowBytes = (r * inChannels * outChannels * 4) as usize;
  for (let ci = firstInChannel; ci < endInChannel; ci++) {
    for (let co = 0; co < outChannels; co += 4) {
      for (let kx = 0; kx < r; kx++) {
        const p = w + ((kx * inChannels + ci) * outChannels + co) * 4;
        const g0 = flip
          ? loadColumn(r, w, r - 1, r - 1 - kx, co, ci, outChannels, inChannels)
          : v128.load(p);
        const g1 = flip
          ? loadColumn(r, w, r - 2, r - 1 - kx, co, ci, outChannels, inChannels)
          : v128.load(p + rowBytes);
        const g2 = flip
          ? loadColumn(r, w, r - 3, r - 1 - kx, co, ci, outChannels, inChannels)
          : v128.load(p + 2 * rowBytes);
        let g3 = g2, g4 = g2;
        if (r == 5) {
          g3 = flip
            ? loadColumn(r, w, 1, 4 - kx, co, ci, outChannels, inChannels)
            : v128.load(p + 3 * rowBytes);
          g4 = flip
            ? loadColumn(r, w, 0, 4 - kx, co, ci, outChannels, inChannels)
            : v128.load(p + 4 * rowBytes);
        }
        filter1d(inputSize, outputSize, g0, g1, g2, g3, g4, scratch + kx * 16, r * 16);
      }
      const q = u + (((co >> 3) * inChannels + ci) * 8 + (co & 7)) * 4;
      for (let i = 0; i < inputSize; i++) {
        const p = scratch + i * r * 16;
        const g2 = v128.load(p, 32), g3 = r == 5 ? v128.load(p, 48) : g2, g4 = r == 5 ? v128.load(p, 64) : g2;
        filter1d(
          inputSize, outputSize, v128.load(p), v128.load(p, 16), g2, g3, g4, q + i * inputSize * plane, plane,
        );
      }
    }
  }
}

/**
 * Transforms the filter for tiles of `inputSize` pixels that give `outputSize` outputs: input channels
 * `firstInChannel` to `endInChannel` of U.
 */
export function transformFilter(
  inputSize: i32, outputSize: i32, w: usize, u: usize, inChannels: i32, outChannels: i32, flip: i32,
  firstInChannel: i32, endInChannel: i32, scratch: usize,
): void {
  if (inputSize == 4)
    filterToU(4, 2, w, u, inChannels, outChannels, flip, firstInChannel, endInChannel, scratch);
  else if (outputSize == 4)
    filterToU(6, 4, w, u, inChannels, outChannels, flip, firstInChannel, endInChannel, scratch);
  else filterToU(6, 2, w, u, inChannels, outChannels, flip, firstInChannel, endInChannel, scratch);
}

/**
 * Gathers the weights at (ky, kx) of four input channels of w, which are output channels of the flipped
 * filter.
 */
// @ts-ignore: decorator
@inline
function loadColumn(
  r: i32, w: usize, ky: i32, kx: i32, row: i32, column: i32, rows: i32, columns: i32,
): v128 {
  const p = w + (((ky * r + kx) * rows + row) * columns + column) * 4;
  const step = (columns * 4) as usize;
  let v = f32x4.splat(load<f32>(p));
  v = f32x4.replace_lane(v, 1, load<f32>(p + step));
  v = f32x4.replace_lane(v, 2, load<f32>(p + 2 * step));
  return f32x4.replace_lane(v, 3, load<f32>(p + 3 * step));
}

/** Adds the parts of dU in order, and transforms the sum into dW[r][r][in][out]. */
// @ts-ignore: decorator
@inline
function gradientFromU(
  inputSize: i32, outputSize: i32, du: usize, parts: i32, partBytes: usize, dw: usize, inChannels: i32,
  outChannels: i32, firstInChannel: i32, endInChannel: i32, scratch: usize,
): void {
  const plane = planeBytesU(inChannels, outChannels);
  const r = inputSize - outputSize + 1;
  for (let ci = firstInChannel; ci < endInChannel; ci++) {
    for (let co = 0; co < outChannels; co += 4) {
      const p = du + (((co >> 3) * inChannels + ci) * 8 + (co & 7)) * 4;
      for (let j = 0; j < inputSize; j++) {
        const q = p + j * plane, step = inputSize * plane;
        const u0 = sumOfParts(q, parts, partBytes), u1 = sumOfParts(q + step, parts, partBytes);
        const u2 = sumOfParts(q + 2 * step, parts, partBytes);
        const u3 = sumOfParts(q + 3 * step, parts, partBytes);
        const u4 = inputSize == 4 ? u0 : sumOfParts(q + 4 * step, parts, partBytes);
        const u5 = inputSize == 4 ? u0 : sumOfParts(q + 5 * step, parts, partBytes);
        filterGradient1d(inputSize, outputSize, u0, u1, u2, u3, u4, u5, scratch + j * 16, 96);
      }
      for (let i = 0; i < r; i++) {
        const q = scratch + i * 96;
        const u0 = v128.load(q), u4 = inputSize == 4 ? u0 : v128.load(q, 64);
        const u5 = inputSize == 4 ? u0 : v128.load(q, 80);
        filterGradient1d(
          inputSize, outputSize, u0, v128.load(q, 16), v128.load(q, 32), v128.load(q, 48), u4, u5,
          dw + ((i * r * inChannels + ci) * outChannels + co) * 4, (inChannels * outChannels * 4) as usize,
        );
      }
    }
  }
}

/** Transforms the gradient of U to that of the filter, for a range of input channels. */
export function transformFilterGradient(
  inputSize: i32, outputSize: i32, du: usize, parts: i32, partBytes: usize, dw: usize, inChannels: i32,
  outChannels: i32, firstInChannel: i32, endInChannel: i32, scratch: usize,
): void {
  if (inputSize == 4)
    gradientFromU(
      4, 2, du, parts, partBytes, dw, inChannels, outChannels, firstInChannel, endInChannel, scratch,
    );
  else if (outputSize == 4)
    gradientFromU(
      6, 4, du, parts, partBytes, dw, inChannels, outChannels, firstInChannel, endInChannel, scratch,
    );
  else
    gradientFromU(
      6, 2, du, parts, partBytes, dw, inChannels, outChannels, firstInChannel, endInChannel, scratch,
    );
}

/** The sum of `parts` vectors that are `partBytes` apart, in order. */
// @ts-ignore: decorator
@inline
function sumOfParts(p: usize, parts: i32, partBytes: usize): v128 {
  let sum = v128.load(p);
  for (let i = 1; i < parts; i++) {
    p += partBytes;
    sum = f32x4.add(sum, v128.load(p));
  }
  return sum;
}
