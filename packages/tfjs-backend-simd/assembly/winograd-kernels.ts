/* Winograd's transforms of kernels, to U and back from its gradients; layouts as in winograd.ts. */
import { planeOfU } from './winograd';
import { kernel1d, kernelGradient1d } from './winograd-transforms';

/** w[r][r][in][out] to U; with `turn`, of the kernel turned by half a turn and its depths swapped: for the input's gradient. */
// @ts-ignore: decorator
@inline
function toU(size: i32, results: i32, w: usize, u: usize, inChannels: i32, outChannels: i32, turn: i32, first: i32, last: i32, t: usize): void {
  // `inChannels` and `outChannels` are those of U. One pass handles 4 of U's outs; `t` is scratch of size x r x 16 bytes.
  const plane = planeOfU(inChannels, outChannels);
  const r = size - results + 1;
  const row = (r * inChannels * outChannels * 4) as usize;
  for (let ci = first; ci < last; ci++) {
    for (let co = 0; co < outChannels; co += 4) {
      for (let kx = 0; kx < r; kx++) {
        const p = w + ((kx * inChannels + ci) * outChannels + co) * 4;
        const g0 = turn ? column(r, w, r - 1, r - 1 - kx, co, ci, outChannels, inChannels) : v128.load(p);
        const g1 = turn ? column(r, w, r - 2, r - 1 - kx, co, ci, outChannels, inChannels) : v128.load(p + row);
        const g2 = turn ? column(r, w, r - 3, r - 1 - kx, co, ci, outChannels, inChannels) : v128.load(p + 2 * row);
        let g3 = g2, g4 = g2;
        if (r == 5) {
          g3 = turn ? column(r, w, 1, 4 - kx, co, ci, outChannels, inChannels) : v128.load(p + 3 * row);
          g4 = turn ? column(r, w, 0, 4 - kx, co, ci, outChannels, inChannels) : v128.load(p + 4 * row);
        }
        kernel1d(size, results, g0, g1, g2, g3, g4, t + kx * 16, r * 16);
      }
      const q = u + (((co >> 3) * inChannels + ci) * 8 + (co & 7)) * 4;
      for (let i = 0; i < size; i++) {
        const p = t + i * r * 16;
        const g2 = v128.load(p, 32), g3 = r == 5 ? v128.load(p, 48) : g2, g4 = r == 5 ? v128.load(p, 64) : g2;
        kernel1d(size, results, v128.load(p), v128.load(p, 16), g2, g3, g4, q + i * size * plane, plane);
      }
    }
  }
}

/** The transform for a tile of `size` pixels that gives `results`; channels `first` to `last` of in. */
export function transformKernels(size: i32, results: i32, w: usize, u: usize, inChannels: i32, outChannels: i32, turn: i32, first: i32, last: i32, t: usize): void {
  if (size == 4) toU(4, 2, w, u, inChannels, outChannels, turn, first, last, t);
  else if (results == 4) toU(6, 4, w, u, inChannels, outChannels, turn, first, last, t);
  else toU(6, 2, w, u, inChannels, outChannels, turn, first, last, t);
}

/** Four kernels' weights at a place of r x r, one a row of the depth that becomes the outs. */
// @ts-ignore: decorator
@inline
function column(r: i32, w: usize, ky: i32, kx: i32, row: i32, col: i32, rows: i32, cols: i32): v128 {
  const p = w + (((ky * r + kx) * rows + row) * cols + col) * 4;
  const step = (cols * 4) as usize;
  let v = f32x4.splat(load<f32>(p));
  v = f32x4.replace_lane(v, 1, load<f32>(p + step));
  v = f32x4.replace_lane(v, 2, load<f32>(p + 2 * step));
  return f32x4.replace_lane(v, 3, load<f32>(p + 3 * step));
}

/** Sums the parts of dU, in their order, and turns them into dW[r][r][in][out]. */
// @ts-ignore: decorator
@inline
function fromU(size: i32, results: i32, du: usize, parts: i32, partSize: usize, dw: usize, inChannels: i32, outChannels: i32, first: i32, last: i32, scratch: usize): void {
  const plane = planeOfU(inChannels, outChannels);
  const r = size - results + 1;
  for (let ci = first; ci < last; ci++) {
    for (let co = 0; co < outChannels; co += 4) {
      const p = du + (((co >> 3) * inChannels + ci) * 8 + (co & 7)) * 4;
      for (let j = 0; j < size; j++) {
        const q = p + j * plane, step = size * plane;
        const u0 = summed(q, parts, partSize), u1 = summed(q + step, parts, partSize);
        const u2 = summed(q + 2 * step, parts, partSize), u3 = summed(q + 3 * step, parts, partSize);
        const u4 = size == 4 ? u0 : summed(q + 4 * step, parts, partSize), u5 = size == 4 ? u0 : summed(q + 5 * step, parts, partSize);
        kernelGradient1d(size, results, u0, u1, u2, u3, u4, u5, scratch + j * 16, 96);
      }
      for (let i = 0; i < r; i++) {
        const q = scratch + i * 96;
        const u0 = v128.load(q), u4 = size == 4 ? u0 : v128.load(q, 64), u5 = size == 4 ? u0 : v128.load(q, 80);
        kernelGradient1d(
          size, results, u0, v128.load(q, 16), v128.load(q, 32), v128.load(q, 48), u4, u5,
          dw + ((i * r * inChannels + ci) * outChannels + co) * 4, (inChannels * outChannels * 4) as usize,
        );
      }
    }
  }
}

/** The gradient of `transformKernels`. */
export function transformKernelGradients(size: i32, results: i32, du: usize, parts: i32, partSize: usize, dw: usize, inChannels: i32, outChannels: i32, first: i32, last: i32, scratch: usize): void {
  if (size == 4) fromU(4, 2, du, parts, partSize, dw, inChannels, outChannels, first, last, scratch);
  else if (results == 4) fromU(6, 4, du, parts, partSize, dw, inChannels, outChannels, first, last, scratch);
  else fromU(6, 2, du, parts, partSize, dw, inChannels, outChannels, first, last, scratch);
}

// @ts-ignore: decorator
@inline
function summed(p: usize, parts: i32, partSize: usize): v128 {
  let sum = v128.load(p);
  for (let i = 1; i < parts; i++) {
    p += partSize;
    sum = f32x4.add(sum, v128.load(p));
  }
  return sum;
}
