/*
 * Resizing by bilinear interpolation, and its gradient. Arguments: from, to, images, height, width, channels of the small
 * or given images, height, width of the others, then for rows and for columns which number of pixels stands for which (with
 * aligned corners one less than there are), and for the forward pass whether centres lie at half pixels.
 */
import { arg, portion, put } from './arguments';

// @ts-ignore: decorator
@inline
function ratio(p: usize, i: i32): f64 { return (arg(p, i) as f64) / (arg(p, i + 1) as f64); }

// @ts-ignore: decorator
@inline
function source(p: usize, i: i32, at: i32): f64 {
  return arg(p, 12) ? ratio(p, i) * ((at as f64) + 0.5) - 0.5 : ratio(p, i) * (at as f64);
}

// @ts-ignore: decorator
@inline
function between(a: v128, b: v128, share: v128): v128 { return f32x4.add(a, f32x4.mul(f32x4.sub(b, a), share)); }

export function resizeBilinear(p: usize, thread: i32, threads: i32): void {
  const height = arg(p, 3), width = arg(p, 4), channels = arg(p, 5), newHeight = arg(p, 6), newWidth = arg(p, 7);
  const pixel: usize = channels << 2, line = width * pixel;
  const rows = arg(p, 2) * newHeight;
  for (let row = portion(rows, thread, threads); row < portion(rows, thread + 1, threads); row++) {
    const image = row / newHeight;
    const y = source(p, 8, row - image * newHeight);
    const y0 = max(0, floor(y) as i32), y1 = min(height - 1, ceil(y) as i32);
    const down = f32x4.splat((y - (y0 as f64)) as f32);
    const upper = (arg(p, 0) as usize) + (image * height + y0) * line, lower = (arg(p, 0) as usize) + (image * height + y1) * line;
    for (let column = 0; column < newWidth; column++) {
      const x = source(p, 10, column);
      const x0 = max(0, floor(x) as i32), x1 = min(width - 1, ceil(x) as i32);
      const across = f32x4.splat((x - (x0 as f64)) as f32);
      const to = (arg(p, 1) as usize) + (row * newWidth + column) * pixel;
      for (let c = 0; c < channels; c += 4) {
        const left = x0 * pixel + (c << 2), right = x1 * pixel + (c << 2);
        const top = between(v128.load(upper + left), v128.load(upper + right), across);
        const bottom = between(v128.load(lower + left), v128.load(lower + right), across);
        put(to + (c << 2), channels - c, between(top, bottom, down));
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function addTo(to: usize, rest: i32, value: v128): void { put(to, rest, f32x4.add(v128.load(to), value)); }

/** From gradients of the new images to those of the given ones. A thread has whole images, so that it shares no sums. */
export function resizeBilinearGradient(p: usize, thread: i32, threads: i32): void {
  const height = arg(p, 3), width = arg(p, 4), channels = arg(p, 5), newHeight = arg(p, 6), newWidth = arg(p, 7);
  const pixel: usize = channels << 2, line = width * pixel;
  for (let image = portion(arg(p, 2), thread, threads); image < portion(arg(p, 2), thread + 1, threads); image++) {
    const dx = (arg(p, 1) as usize) + image * height * line;
    let dy = (arg(p, 0) as usize) + image * newHeight * newWidth * pixel;
    memory.fill(dx, 0, height * line);
    for (let row = 0; row < newHeight; row++) {
      const y = ratio(p, 8) * (row as f64);
      const y0 = floor(y) as i32, y1 = min(height - 1, ceil(y) as i32);
      const down = (y - (y0 as f64)) as f32;
      for (let column = 0; column < newWidth; column++) {
        const x = ratio(p, 10) * (column as f64);
        const x0 = floor(x) as i32, x1 = min(width - 1, ceil(x) as i32);
        const across = (x - (x0 as f64)) as f32;
        const s00 = f32x4.splat((1 - down) * (1 - across)), s01 = f32x4.splat((1 - down) * across);
        const s10 = f32x4.splat(down * (1 - across)), s11 = f32x4.splat(down * across);
        for (let c = 0; c < channels; c += 4) {
          const at = dx + (c << 2), rest = channels - c;
          const d = v128.load(dy + (c << 2));
          addTo(at + y0 * line + x0 * pixel, rest, f32x4.mul(d, s00));
          addTo(at + y0 * line + x1 * pixel, rest, f32x4.mul(d, s01));
          addTo(at + y1 * line + x0 * pixel, rest, f32x4.mul(d, s10));
          addTo(at + y1 * line + x1 * pixel, rest, f32x4.mul(d, s11));
        }
        dy += pixel;
      }
    }
  }
}
