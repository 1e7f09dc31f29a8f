/*
 * Resizing by bilinear interpolation, and its gradient. Arguments: from, to, input shape (images, height,
 * width, channels), output height, output width, then for rows and for columns the numerator and denominator
 * of the scale (input and output size, minus 1 with alignCorners), and halfPixelCenters.
 */
import { arg } from '../common/arguments';
import { chunkStart } from '../common/chunks';
import { storeLanes } from '../common/lanes';

/** The quotient of two consecutive arguments. */
// @ts-ignore: decorator
@inline
function ratio(p: usize, i: i32): f64 { return (arg(p, i) as f64) / (arg(p, i + 1) as f64); }

/** The coordinate in the input of an output position. */
// @ts-ignore: decorator
@inline
function sourceCoordinate(p: usize, i: i32, position: i32): f64 {
  return arg(p, 12) ? ratio(p, i) * ((position as f64) + 0.5) - 0.5 : ratio(p, i) * (position as f64);
}

// @ts-ignore: decorator
@inline
function lerp(a: v128, b: v128, t: v128): v128 { return f32x4.add(a, f32x4.mul(f32x4.sub(b, a), t)); }

export function resizeBilinear(p: usize, chunk: i32, chunks: i32): void {
  const height = arg(p, 3), width = arg(p, 4), channels = arg(p, 5), outHeight = arg(p, 6);
  const outWidth = arg(p, 7);
  const pixelBytes: usize = channels << 2, rowBytes = width * pixelBytes;
  const rows = arg(p, 2) * outHeight;
  for (let row = chunkStart(rows, chunk, chunks); row < chunkStart(rows, chunk + 1, chunks); row++) {
    const image = row / outHeight;
    const y = sourceCoordinate(p, 8, row - image * outHeight);
    const y0 = max(0, floor(y) as i32), y1 = min(height - 1, ceil(y) as i32);
    const down = f32x4.splat((y - (y0 as f64)) as f32);
    const upper = (arg(p, 0) as usize) + (image * height + y0) * rowBytes;
    const lower = (arg(p, 0) as usize) + (image * height + y1) * rowBytes;
    for (let column = 0; column < outWidth; column++) {
      const x = sourceCoordinate(p, 10, column);
      const x0 = max(0, floor(x) as i32), x1 = min(width - 1, ceil(x) as i32);
      const across = f32x4.splat((x - (x0 as f64)) as f32);
      const target = (arg(p, 1) as usize) + (row * outWidth + column) * pixelBytes;
      for (let c = 0; c < channels; c += 4) {
        const left = x0 * pixelBytes + (c << 2), right = x1 * pixelBytes + (c << 2);
        const top = lerp(v128.load(upper + left), v128.load(upper + right), across);
        const bottom = lerp(v128.load(lower + left), v128.load(lower + right), across);
        storeLanes(target + (c << 2), channels - c, lerp(top, bottom, down));
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function addTo(target: usize, remaining: i32, value: v128): void {
  storeLanes(target, remaining, f32x4.add(v128.load(target), value));
}

/** The gradient. A chunk is whole images, so that no two threads add to the same value. */
export function resizeBilinearGradient(p: usize, chunk: i32, chunks: i32): void {
  const height = arg(p, 3), width = arg(p, 4), channels = arg(p, 5), outHeight = arg(p, 6);
  const outWidth = arg(p, 7);
  const pixelBytes: usize = channels << 2, rowBytes = width * pixelBytes;
  for (
    let image = chunkStart(arg(p, 2), chunk, chunks);
    image < chunkStart(arg(p, 2), chunk + 1, chunks);
    image++
  ) {
    const dx = (arg(p, 1) as usize) + image * height * rowBytes;
    let dy = (arg(p, 0) as usize) + image * outHeight * outWidth * pixelBytes;
    memory.fill(dx, 0, height * rowBytes);
    for (let row = 0; row < outHeight; row++) {
      const y = sourceCoordinate(p, 8, row);
      const y0 = max(0, floor(y) as i32), y1 = min(height - 1, ceil(y) as i32);
      const down = (y - (y0 as f64)) as f32;
      for (let column = 0; column < outWidth; column++) {
        const x = sourceCoordinate(p, 10, column);
        const x0 = max(0, floor(x) as i32), x1 = min(width - 1, ceil(x) as i32);
        const across = (x - (x0 as f64)) as f32;
        const s00 = f32x4.splat((1 - down) * (1 - across)), s01 = f32x4.splat((1 - down) * across);
        const s10 = f32x4.splat(down * (1 - across)), s11 = f32x4.splat(down * across);
        for (let c = 0; c < channels; c += 4) {
          const pixel = dx + (c << 2), remaining = channels - c;
          const d = v128.load(dy + (c << 2));
          addTo(pixel + y0 * rowBytes + x0 * pixelBytes, remaining, f32x4.mul(d, s00));
          addTo(pixel + y0 * rowBytes + x1 * pixelBytes, remaining, f32x4.mul(d, s01));
          addTo(pixel + y1 * rowBytes + x0 * pixelBytes, remaining, f32x4.mul(d, s10));
          addTo(pixel + y1 * rowBytes + x1 * pixelBytes, remaining, f32x4.mul(d, s11));
        }
        dy += pixelBytes;
      }
    }
  }
}
