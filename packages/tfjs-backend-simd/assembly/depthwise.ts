/*
 * Depthwise convolution: each channel with kernels of its own, four channels at a time. Channels of x are those of y: where
 * a channel has several kernels, it stands several times.
 *
 *   w[kernelHeight][kernelWidth][channels]
 *
 * The arguments of all kernels here: three addresses and a number of their own, then images, height, width, channels,
 * kernelHeight, kernelWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, top, left, outHeight, outWidth.
 */
import { arg, portion, put } from './arguments';

// @ts-ignore: decorator
@inline
function fma(c: v128, a: v128, b: v128): v128 { return f32x4.add(c, f32x4.mul(a, b)); }

/** Which of `count` places, `dilation` apart from `first` on, lie in 0 to `length`: the first of them. */
// @ts-ignore: decorator
@inline
function firstInside(first: i32, dilation: i32): i32 { return first >= 0 ? 0 : (dilation - 1 - first) / dilation; }

/** The place after the last of them. */
// @ts-ignore: decorator
@inline
function lastInside(first: i32, dilation: i32, count: i32, length: i32): i32 {
  return first >= length ? 0 : min(count, (length - 1 - first) / dilation + 1);
}

/** x, w, y, activation (0 none, 1 relu, 2 relu6), .., outWidth, bias or 0 */
export function depthwiseForward(p: usize, thread: i32, threads: i32): void {
  const activation = arg(p, 3), height = arg(p, 5), width = arg(p, 6), channels = arg(p, 7);
  const kernelHeight = arg(p, 8), kernelWidth = arg(p, 9), dilationHeight = arg(p, 12), dilationWidth = arg(p, 13);
  const outHeight = arg(p, 16), outWidth = arg(p, 17), bias = arg(p, 18) as usize;
  const pixel: usize = channels << 2, step = dilationWidth * pixel, zero = f32x4.splat(0), six = f32x4.splat(6);
  const xs = arg(p, 0) as usize, ws = arg(p, 1) as usize;
  const rows = arg(p, 4) * outHeight;
  for (let row = portion(rows, thread, threads); row < portion(rows, thread + 1, threads); row++) {
    const image = row / outHeight;
    const y = (row - image * outHeight) * arg(p, 10) - arg(p, 14);
    const top = firstInside(y, dilationHeight), bottom = lastInside(y, dilationHeight, kernelHeight, height);
    for (let column = 0; column < outWidth; column++) {
      const x = column * arg(p, 11) - arg(p, 15);
      const left = firstInside(x, dilationWidth), right = lastInside(x, dilationWidth, kernelWidth, width);
      const out = (arg(p, 2) as usize) + (row * outWidth + column) * pixel;
      for (let c = 0; c < channels; c += 4) {
        const at: usize = c << 2;
        let sum = bias ? v128.load(bias + at) : zero;
        for (let ky = top; ky < bottom; ky++) {
          const line = (image * height + y + ky * dilationHeight) * width + x;
          let from = xs + (line + left * dilationWidth) * pixel + at, w = ws + (ky * kernelWidth + left) * pixel + at;
          for (let kx = left; kx < right; kx++) {
            sum = fma(sum, v128.load(from), v128.load(w));
            from += step;
            w += pixel;
          }
        }
        if (activation) sum = f32x4.pmax(zero, sum);
        if (activation == 2) sum = f32x4.pmin(six, sum);
        put(out + at, channels - c, sum);
      }
    }
  }
}

/** dy, w, dx: a value of dx gathers what it has gone into, so that threads share no sums. */
export function depthwiseInputGradient(p: usize, thread: i32, threads: i32): void {
  const height = arg(p, 5), width = arg(p, 6), channels = arg(p, 7);
  const kernelHeight = arg(p, 8), kernelWidth = arg(p, 9), strideHeight = arg(p, 10), strideWidth = arg(p, 11);
  const dilationHeight = arg(p, 12), dilationWidth = arg(p, 13), outHeight = arg(p, 16), outWidth = arg(p, 17);
  const pixel: usize = channels << 2;
  const rows = arg(p, 4) * height;
  for (let row = portion(rows, thread, threads); row < portion(rows, thread + 1, threads); row++) {
    const image = row / height;
    const fromTop = row - image * height + arg(p, 14);
    for (let column = 0; column < width; column++) {
      const fromLeft = column + arg(p, 15);
      const out = (arg(p, 2) as usize) + (row * width + column) * pixel;
      for (let c = 0; c < channels; c += 4) {
        const at: usize = c << 2;
        let sum = f32x4.splat(0);
        for (let ky = 0; ky < kernelHeight; ky++) {
          const down = fromTop - ky * dilationHeight, y = down / strideHeight;
          if (down < 0 || y * strideHeight != down || y >= outHeight) continue;
          for (let kx = 0; kx < kernelWidth; kx++) {
            const across = fromLeft - kx * dilationWidth, x = across / strideWidth;
            if (across < 0 || x * strideWidth != across || x >= outWidth) continue;
            sum = fma(
              sum,
              v128.load((arg(p, 0) as usize) + ((image * outHeight + y) * outWidth + x) * pixel + at),
              v128.load((arg(p, 1) as usize) + (ky * kernelWidth + kx) * pixel + at),
            );
          }
        }
        put(out + at, channels - c, sum);
      }
    }
  }
}

/** x, dy, sums[parts][kernelHeight][kernelWidth][channels rounded up to 4], parts: each part is of some images. */
export function depthwiseKernelProducts(p: usize, thread: i32, threads: i32): void {
  const parts = arg(p, 3), images = arg(p, 4), height = arg(p, 5), width = arg(p, 6), channels = arg(p, 7);
  const kernelHeight = arg(p, 8), kernelWidth = arg(p, 9), strideWidth = arg(p, 11), dilationWidth = arg(p, 13);
  const outHeight = arg(p, 16), outWidth = arg(p, 17);
  const pixel: usize = channels << 2, wide: usize = (pixel + 15) & ~15;
  const size = (kernelHeight * kernelWidth) as usize * wide;
  for (let part = portion(parts, thread, threads); part < portion(parts, thread + 1, threads); part++) {
    const sums = (arg(p, 2) as usize) + part * size;
    memory.fill(sums, 0, size);
    const end = portion(images, part + 1, parts) * outHeight;
    for (let row = portion(images, part, parts) * outHeight; row < end; row++) {
      const image = row / outHeight;
      const dy = (arg(p, 1) as usize) + row * outWidth * pixel;
      for (let ky = 0; ky < kernelHeight; ky++) {
        const y = (row - image * outHeight) * arg(p, 10) - arg(p, 14) + ky * arg(p, 12);
        if (y < 0 || y >= height) continue;
        const line = (arg(p, 0) as usize) + (image * height + y) * width * pixel;
        for (let kx = 0; kx < kernelWidth; kx++) {
          // Of this row of results, those whose place lies in the image.
          const x = kx * dilationWidth - arg(p, 15);
          const left = firstInside(x, strideWidth), right = lastInside(x, strideWidth, outWidth, width);
          for (let c = 0; c < channels; c += 4) {
            const at: usize = c << 2;
            const place = sums + (ky * kernelWidth + kx) * wide + at;
            let sum = v128.load(place), from = line + (x + left * strideWidth) * pixel + at, given = dy + left * pixel + at;
            for (let column = left; column < right; column++) {
              sum = fma(sum, v128.load(from), v128.load(given));
              from += strideWidth * pixel;
              given += pixel;
            }
            v128.store(place, sum);
          }
        }
      }
    }
  }
}

/** sums, dw, parts, places, channels: the parts added in their order */
export function depthwiseKernelGradient(p: usize, thread: i32, threads: i32): void {
  const parts = arg(p, 2), places = arg(p, 3), channels = arg(p, 4);
  const pixel: usize = channels << 2, wide: usize = (pixel + 15) & ~15;
  for (let place = portion(places, thread, threads); place < portion(places, thread + 1, threads); place++)
    for (let c = 0; c < channels; c += 4) {
      let from = (arg(p, 0) as usize) + place * wide + (c << 2), sum = v128.load(from);
      for (let part = 1; part < parts; part++) {
        from += places * wide;
        sum = f32x4.add(sum, v128.load(from));
      }
      put((arg(p, 1) as usize) + place * pixel + (c << 2), channels - c, sum);
    }
}

/** from, to, count, repeat: each value `repeat` times */
export function repeatValues(p: usize, thread: i32, threads: i32): void {
  const from = arg(p, 0) as usize, repeat = arg(p, 3);
  const first = portion(arg(p, 2), thread, threads), last = portion(arg(p, 2), thread + 1, threads);
  let to = (arg(p, 1) as usize) + (first * repeat << 2);
  for (let i = first; i < last; i++) {
    const value = load<f32>(from + (i << 2));
    for (let r = 0; r < repeat; r++) {
      store<f32>(to, value);
      to += 4;
    }
  }
}

/** from, to, count, repeat: the sum of each `repeat` values */
export function sumRepeated(p: usize, thread: i32, threads: i32): void {
  const to = arg(p, 1) as usize, repeat = arg(p, 3);
  const first = portion(arg(p, 2), thread, threads), last = portion(arg(p, 2), thread + 1, threads);
  let from = (arg(p, 0) as usize) + (first * repeat << 2);
  for (let i = first; i < last; i++) {
    let sum: f32 = 0;
    for (let r = 0; r < repeat; r++) {
      sum += load<f32>(from);
      from += 4;
    }
    store<f32>(to + (i << 2), sum);
  }
}
