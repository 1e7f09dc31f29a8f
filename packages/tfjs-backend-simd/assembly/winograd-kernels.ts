/* Winograd's transforms of kernels, to U and back from its gradients; layouts as in winograd.ts. */
import { planeOfU } from './winograd';
import { kernel1d, kernelGradient1d } from './winograd-transforms';

/** [3][3][in][out] to U; with `turn`, of the kernel turned by half a turn and its depths swapped: for the input's gradient. */
// @ts-ignore: decorator
@inline
function transformKernels(size: i32, w: usize, u: usize, inChannels: i32, outChannels: i32, turn: i32, first: i32, last: i32, t: usize): void {
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
        kernel1d(size, g0, g1, g2, t + kx * 16, 48);
      }
      const q = u + (((co >> 3) * inChannels + ci) * 8 + (co & 7)) * 4;
      for (let i = 0; i < size; i++) {
        const p = t + i * 48;
        kernel1d(size, v128.load(p), v128.load(p, 16), v128.load(p, 32), q + i * size * plane, plane);
      }
    }
  }
}

export function transformKernels4(w: usize, u: usize, inChannels: i32, outChannels: i32, turn: i32, first: i32, last: i32, t: usize): void { transformKernels(6, w, u, inChannels, outChannels, turn, first, last, t); }
export function transformKernels2(w: usize, u: usize, inChannels: i32, outChannels: i32, turn: i32, first: i32, last: i32, t: usize): void { transformKernels(4, w, u, inChannels, outChannels, turn, first, last, t); }

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

/** Sums the parts of dU, in their order, and turns them into dW[3][3][in][out]; for channels `first` to `last` of in. */
// @ts-ignore: decorator
@inline
function transformKernelGradients(size: i32, du: usize, parts: i32, partSize: usize, dw: usize, inChannels: i32, outChannels: i32, first: i32, last: i32, scratch: usize): void {
  const plane = planeOfU(inChannels, outChannels);
  for (let ci = first; ci < last; ci++) {
    for (let co = 0; co < outChannels; co += 4) {
      const p = du + (((co >> 3) * inChannels + ci) * 8 + (co & 7)) * 4;
      for (let j = 0; j < size; j++) {
        const q = p + j * plane, step = size * plane;
        const u0 = summed(q, parts, partSize), u1 = summed(q + step, parts, partSize);
        const u2 = summed(q + 2 * step, parts, partSize), u3 = summed(q + 3 * step, parts, partSize);
        const u4 = size == 4 ? u0 : summed(q + 4 * step, parts, partSize), u5 = size == 4 ? u0 : summed(q + 5 * step, parts, partSize);
        kernelGradient1d(size, u0, u1, u2, u3, u4, u5, scratch + j * 16, 96);
      }
      for (let i = 0; i < 3; i++) {
        const q = scratch + i * 96;
        const u0 = v128.load(q), u4 = size == 4 ? u0 : v128.load(q, 64), u5 = size == 4 ? u0 : v128.load(q, 80);
        kernelGradient1d(
          size, u0, v128.load(q, 16), v128.load(q, 32), v128.load(q, 48), u4, u5,
          dw + ((i * 3 * inChannels + ci) * outChannels + co) * 4, (inChannels * outChannels * 4) as usize,
        );
      }
    }
  }
}

export function transformKernelGradients4(du: usize, parts: i32, partSize: usize, dw: usize, inChannels: i32, outChannels: i32, first: i32, last: i32, scratch: usize): void { transformKernelGradients(6, du, parts, partSize, dw, inChannels, outChannels, first, last, scratch); }
export function transformKernelGradients2(du: usize, parts: i32, partSize: usize, dw: usize, inChannels: i32, outChannels: i32, first: i32, last: i32, scratch: usize): void { transformKernelGradients(4, du, parts, partSize, dw, inChannels, outChannels, first, last, scratch); }

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
