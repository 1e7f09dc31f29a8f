/*
 * Pooling over windows of images [image][row][column][channel], four channels at a time. Arguments of all: two or three
 * addresses, then from word 4 on: images, height, width, channels, height and width of a window, strides, rows of padding
 * above and columns to the left, height and width of the result.
 */
import { arg, portion, put } from './arguments';

/** What is known of one window: its part that lies in the image. */
let top: i32 = 0;
let bottom: i32 = 0;
let left: i32 = 0;
let right: i32 = 0;

// @ts-ignore: decorator
@inline
function isWhole2x2(p: usize): bool { return arg(p, 8) == 2 && arg(p, 9) == 2 && bottom - top == 2 && right - left == 2; }

/** Finds the window of a row and column of the result. */
// @ts-ignore: decorator
@inline
function findWindow(p: usize, row: i32, column: i32): void {
  const y = row * arg(p, 10) - arg(p, 12), x = column * arg(p, 11) - arg(p, 13);
  top = max(0, y);
  bottom = min(arg(p, 5), y + arg(p, 8));
  left = max(0, x);
  right = min(arg(p, 6), x + arg(p, 9));
}

/** pmax leaves out NaN, as the cpu backend does. */
// @ts-ignore: decorator
@inline
function join(isMax: bool, a: v128, b: v128): v128 { return isMax ? f32x4.pmax(a, b) : f32x4.add(a, b); }

// @ts-ignore: decorator
@inline
function pool(isMax: bool, p: usize, thread: i32, threads: i32): void {
  const width = arg(p, 6), channels = arg(p, 7), outHeight = arg(p, 14), outWidth = arg(p, 15);
  const pixel = (channels as usize) << 2, line = (width as usize) * pixel;
  const rows = arg(p, 4) * outHeight;
  const first = portion(rows, thread, threads), last = portion(rows, thread + 1, threads);
  const none = f32x4.splat(isMax ? -Infinity : 0), quarter = f32x4.splat(0.25);
  let out = (arg(p, 1) as usize) + (first as usize) * outWidth * pixel;
  for (let row = first; row < last; row++) {
    const image = row / outHeight;
    const from = (arg(p, 0) as usize) + (image as usize) * arg(p, 5) * line;
    for (let column = 0; column < outWidth; column++) {
      findWindow(p, row - image * outHeight, column);
      const corner = from + (top as usize) * line + (left as usize) * pixel;
      if (isWhole2x2(p)) {
        for (let c = 0; c < channels; c += 4) {
          const q = corner + (c << 2);
          const v0 = v128.load(q), v1 = v128.load(q + pixel), v2 = v128.load(q + line), v3 = v128.load(q + line + pixel);
          const v = join(isMax, join(isMax, join(isMax, join(isMax, none, v0), v1), v2), v3);
          put(out + (c << 2), channels - c, isMax ? v : f32x4.mul(v, quarter));
        }
      } else {
        const high = bottom - top, wide = right - left;
        const count = f32x4.splat((high * wide) as f32);
        for (let c = 0; c < channels; c += 4) {
          let v = none;
          let start = corner + (c << 2);
          for (let y = 0; y < high; y++) {
            let q = start;
            if (wide == 3) {
              v = join(isMax, join(isMax, join(isMax, v, v128.load(q)), v128.load(q + pixel)), v128.load(q + 2 * pixel));
            } else {
              for (let x = 0; x < wide; x++) {
                v = join(isMax, v, v128.load(q));
                q += pixel;
              }
            }
            start += line;
          }
          put(out + (c << 2), channels - c, isMax ? v : f32x4.div(v, count));
        }
      }
      out += pixel;
    }
  }
}

/** Whether windows are 2x2, cover all pixels once, and channels fill vectors: the pooling of most networks. */
// @ts-ignore: decorator
@inline
function isPlain(p: usize): bool { return arg(p, 3) != 0 && arg(p, 8) == 2 && arg(p, 9) == 2 && (arg(p, 7) & 3) == 0; }

// @ts-ignore: decorator
@inline
function poolPlain(isMax: bool, p: usize, thread: i32, threads: i32): void {
  const outWidth = arg(p, 15), rows = arg(p, 4) * arg(p, 14);
  const pixel = (arg(p, 7) as usize) << 2, line = (arg(p, 6) as usize) * pixel;
  const first = portion(rows, thread, threads), last = portion(rows, thread + 1, threads);
  const none = f32x4.splat(isMax ? -Infinity : 0), quarter = f32x4.splat(0.25);
  let from = (arg(p, 0) as usize) + (first as usize) * 2 * line, out = (arg(p, 1) as usize) + (first as usize) * outWidth * pixel;
  for (let row = first; row < last; row++) {
    for (let column = 0; column < outWidth; column++) {
      for (const end = from + pixel; from < end; from += 16) {
        const v0 = v128.load(from), v1 = v128.load(from + pixel), v2 = v128.load(from + line), v3 = v128.load(from + line + pixel);
        const v = join(isMax, join(isMax, join(isMax, join(isMax, none, v0), v1), v2), v3);
        v128.store(out, isMax ? v : f32x4.mul(v, quarter));
        out += 16;
      }
      from += pixel;
    }
    from += line;
  }
}

/** x, y, 0, whether windows cover all pixels once */
export function maxPool(p: usize, thread: i32, threads: i32): void {
  if (isPlain(p)) poolPlain(true, p, thread, threads);
  else pool(true, p, thread, threads);
}
export function averagePool(p: usize, thread: i32, threads: i32): void {
  if (isPlain(p)) poolPlain(false, p, thread, threads);
  else pool(false, p, thread, threads);
}

/**
 * dy, dx, x of maxPool, whether windows cover all pixels once (dx is then written, and otherwise added to). One thread does
 * an image, or 16 channels of one where there are few, so that the order of sums is fixed.
 */
// @ts-ignore: decorator
@inline
function gradient(isMax: bool, p: usize, thread: i32, threads: i32): void {
  const images = arg(p, 4), width = arg(p, 6), channels = arg(p, 7), outHeight = arg(p, 14), outWidth = arg(p, 15);
  const pixel = (channels as usize) << 2, line = (width as usize) * pixel, image = (arg(p, 5) as usize) * line;
  const covers = arg(p, 3) != 0;
  const group = images >= threads ? channels : 16;
  const groups = (channels + group - 1) / group;
  const none = f32x4.splat(-Infinity);
  const scale = f32x4.splat(1 / ((arg(p, 8) * arg(p, 9)) as f32));
  const work = images * groups;
  for (let i = portion(work, thread, threads); i < portion(work, thread + 1, threads); i++) {
    const n = i / groups;
    const begin = (i - n * groups) * group, end = min(channels, begin + group);
    const xs = (arg(p, 2) as usize) + n * image, dxs = (arg(p, 1) as usize) + n * image;
    let dy = (arg(p, 0) as usize) + (n as usize) * outHeight * outWidth * pixel;
    for (let row = 0; row < outHeight; row++)
      for (let column = 0; column < outWidth; column++) {
        findWindow(p, row, column);
        const corner = (top as usize) * line + (left as usize) * pixel;
        const high = bottom - top, wide = right - left;
        for (let c = begin; c < end; c += 4) {
          const rest = end - c;
          const place = corner + (c << 2);
          const d = v128.load(dy + (c << 2));
          if (!isMax) {
            const part = f32x4.mul(d, scale);
            for (let y = 0; y < high; y++)
              for (let x = 0; x < wide; x++) {
                const to = dxs + place + y * line + x * pixel;
                put(to, rest, covers ? part : f32x4.add(v128.load(to), part));
              }
            continue;
          }
          const q = xs + place, to = dxs + place;
          let largest = none, position = i32x4.splat(-1);
          for (let y = 0, k = 0; y < high; y++)
            for (let x = 0; x < wide; x++, k++) {
              const v = v128.load(q + y * line + x * pixel);
              const is = f32x4.gt(v, largest);
              largest = v128.bitselect(v, largest, is);
              position = v128.bitselect(i32x4.splat(k), position, is);
            }
          for (let y = 0, k = 0; y < high; y++)
            for (let x = 0; x < wide; x++, k++) {
              const a = to + y * line + x * pixel;
              const part = v128.and(d, i32x4.eq(position, i32x4.splat(k)));
              put(a, rest, covers ? part : f32x4.add(v128.load(a), part));
            }
        }
        dy += pixel;
      }
  }
}

/** The gradient of such a maximum; threads share its rows. */
function maxPoolPlainGradient(p: usize, thread: i32, threads: i32): void {
  const outWidth = arg(p, 15), rows = arg(p, 4) * arg(p, 14);
  const pixel = (arg(p, 7) as usize) << 2, line = (arg(p, 6) as usize) * pixel;
  const first = portion(rows, thread, threads), last = portion(rows, thread + 1, threads);
  const none = f32x4.splat(-Infinity), begin = (first as usize) * 2 * line;
  let x = (arg(p, 2) as usize) + begin, dx = (arg(p, 1) as usize) + begin, dy = (arg(p, 0) as usize) + (first as usize) * outWidth * pixel;
  for (let row = first; row < last; row++) {
    for (let column = 0; column < outWidth; column++) {
      for (const end = x + pixel; x < end; x += 16) {
        const v0 = v128.load(x), v1 = v128.load(x + pixel), v2 = v128.load(x + line), v3 = v128.load(x + line + pixel);
        const d = v128.load(dy);
        const m0 = f32x4.gt(v0, none), l0 = f32x4.pmax(none, v0);
        const m1 = f32x4.gt(v1, l0), l1 = f32x4.pmax(l0, v1);
        const m2 = f32x4.gt(v2, l1), m3 = f32x4.gt(v3, f32x4.pmax(l1, v2));
        const after = v128.or(m2, m3);
        v128.store(dx, v128.andnot(v128.and(d, m0), v128.or(m1, after)));
        v128.store(dx + pixel, v128.andnot(v128.and(d, m1), after));
        v128.store(dx + line, v128.andnot(v128.and(d, m2), m3));
        v128.store(dx + line + pixel, v128.and(d, m3));
        dx += 16;
        dy += 16;
      }
      x += pixel;
      dx += pixel;
    }
    x += line;
    dx += line;
  }
}

export function maxPoolGradient(p: usize, thread: i32, threads: i32): void {
  if (isPlain(p)) maxPoolPlainGradient(p, thread, threads);
  else gradient(true, p, thread, threads);
}
export function averagePoolGradient(p: usize, thread: i32, threads: i32): void { gradient(false, p, thread, threads); }
