/*
 * Convolution as it is defined, for any kernel, stride, padding and dilation: a zero-padded copy of the images, kernels
 * packed in panels of 8 results, four results of a row at a time.
 *
 *   panels[out / 8][ky][kx][in][8]
 */
import { arg } from './arguments';

/** from, to, images, height, width, channels, toHeight, toWidth, top, left, step: images into zeros, `step` apart. */
export function padImages(p: usize, thread: i32, threads: i32): void {
  const images = arg(p, 2), height = arg(p, 3), width = arg(p, 4), channels = arg(p, 5);
  const toHeight = arg(p, 6), toWidth = arg(p, 7), top = arg(p, 8), left = arg(p, 9), step = arg(p, 10);
  const pixel = (channels * 4) as usize;
  for (let row = images * toHeight * thread / threads; row < images * toHeight * (thread + 1) / threads; row++) {
    const image = row / toHeight;
    const at = row - image * toHeight - top;
    const to = (arg(p, 1) as usize) + row * toWidth * pixel;
    const y = at / step;
    if (at < 0 || y * step != at || y >= height) {
      memory.fill(to, 0, toWidth * pixel);
      continue;
    }
    const from = (arg(p, 0) as usize) + (image * height + y) * width * pixel;
    if (step == 1) {
      const first = max(0, -left), last = min(width, toWidth - left);
      if (left > 0) memory.fill(to, 0, left * pixel);
      memory.copy(to + (left + first) * pixel, from + first * pixel, (last - first) * pixel);
      if (left + last < toWidth) memory.fill(to + (left + last) * pixel, 0, (toWidth - left - last) * pixel);
      continue;
    }
    memory.fill(to, 0, toWidth * pixel);
    for (let x = 0; x < width; x++) {
      const column = left + x * step;
      if (column >= 0 && column < toWidth) memory.copy(to + column * pixel, from + x * pixel, pixel);
    }
  }
}

/**
 * w[ky][kx][in][out], panels, kernelHeight, kernelWidth, in, out, turn. With `turn` the panels are of the kernel turned by
 * half a turn with its depths swapped: panels[in / 8][ky][kx][out][8].
 */
export function packKernels(p: usize, thread: i32, threads: i32): void {
  const w = arg(p, 0) as usize, height = arg(p, 2), width = arg(p, 3), inChannels = arg(p, 4), outChannels = arg(p, 5), turn = arg(p, 6);
  const depth = turn ? outChannels : inChannels, results = turn ? inChannels : outChannels;
  const places = height * width;
  const panels = (results + 7) >> 3;
  for (let panel = panels * thread / threads; panel < panels * (thread + 1) / threads; panel++) {
    let to = (arg(p, 1) as usize) + panel * places * depth * 32;
    for (let place = 0; place < places; place++)
      for (let d = 0; d < depth; d++) {
        for (let r = 0; r < 8; r++) {
          const result = panel * 8 + r;
          let value: f32 = 0;
          if (result < results)
            value = turn
              ? load<f32>(w + (((places - 1 - place) * inChannels + result) * outChannels + d) * 4)
              : load<f32>(w + ((place * inChannels + d) * outChannels + result) * 4);
          store<f32>(to + r * 4, value);
        }
        to += 32;
      }
  }
}

// @ts-ignore: decorator
@inline
function fma(c: v128, a: v128, b: v128): v128 { return f32x4.add(c, f32x4.mul(a, b)); }

// @ts-ignore: decorator
@inline
function finish(value: v128, bias: v128, activation: i32): v128 {
  value = f32x4.add(value, bias);
  if (activation) value = f32x4.pmax(f32x4.splat(0), value);
  if (activation == 2) value = f32x4.pmin(f32x4.splat(6), value);
  return value;
}

/** Stores the first `count` of 8 values. */
function storePart(y: usize, low: v128, high: v128, count: i32): void {
  if (count >= 8) {
    v128.store(y, low);
    v128.store(y, high, 16);
    return;
  }
  let part = low;
  if (count >= 4) {
    v128.store(y, low);
    y += 16;
    count -= 4;
    part = high;
  }
  if (count > 0) store<f32>(y, f32x4.extract_lane(part, 0));
  if (count > 1) store<f32>(y + 4, f32x4.extract_lane(part, 1));
  if (count > 2) store<f32>(y + 8, f32x4.extract_lane(part, 2));
}

/**
 * x (padded), panels, bias, y, images, height, width (padded), in, outHeight, outWidth, out, kernelHeight, kernelWidth,
 * strideHeight, strideWidth, dilationHeight, dilationWidth, activation
 */
export function directForward(p: usize, thread: i32, threads: i32): void {
  const x = arg(p, 0) as usize, panels = arg(p, 1) as usize, bias = arg(p, 2) as usize, y = arg(p, 3) as usize;
  const images = arg(p, 4), height = arg(p, 5), width = arg(p, 6), inChannels = arg(p, 7);
  const outHeight = arg(p, 8), outWidth = arg(p, 9), outChannels = arg(p, 10);
  const kernelHeight = arg(p, 11), kernelWidth = arg(p, 12), strideHeight = arg(p, 13), strideWidth = arg(p, 14);
  const dilationHeight = arg(p, 15), dilationWidth = arg(p, 16), activation = arg(p, 17);
  const pixel = (inChannels * 4) as usize;
  // Neighbours of a row are one run where nothing is left out between them.
  const runs = dilationWidth == 1 ? 1 : kernelWidth;
  const run = dilationWidth == 1 ? kernelWidth * inChannels : inChannels;
  const runStep = dilationWidth * pixel, rowStep = dilationHeight * width * pixel;
  const step = strideWidth * pixel;
  const results = (outChannels + 7) >> 3;
  const panelSize = (kernelHeight * kernelWidth * inChannels * 32) as usize;
  const rows = images * outHeight;
  for (let row = rows * thread / threads; row < rows * (thread + 1) / threads; row++) {
    const image = row / outHeight;
    const corner = x + (image * height + (row - image * outHeight) * strideHeight) * width * pixel;
    for (let panel = 0; panel < results; panel++) {
      const count = min(8, outChannels - panel * 8);
      const bias0 = bias && count >= 4 ? v128.load(bias + panel * 32) : loadPart(bias, panel * 8, count, 0);
      const bias1 = bias && count >= 8 ? v128.load(bias + panel * 32, 16) : loadPart(bias, panel * 8, count, 4);
      for (let column = 0; column < outWidth; column += 4) {
        const a0 = corner + column * step;
        const left = outWidth - column;
        // Past the end of a row the last place is computed again, and not stored.
        const o1 = left > 1 ? step : 0, o2 = left > 2 ? 2 * step : o1, o3 = left > 3 ? 3 * step : o2;
        let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
        let b = panels + panel * panelSize;
        for (let ky = 0; ky < kernelHeight; ky++)
          for (let kx = 0; kx < runs; kx++) {
            let a = a0 + ky * rowStep + kx * runStep;
            for (let k = 0; k < run; k++) {
              const r0 = v128.load32_splat(a), r1 = v128.load32_splat(a + o1), r2 = v128.load32_splat(a + o2), r3 = v128.load32_splat(a + o3);
              const b0 = v128.load(b);
              c00 = fma(c00, r0, b0); c10 = fma(c10, r1, b0); c20 = fma(c20, r2, b0); c30 = fma(c30, r3, b0);
              const b1 = v128.load(b, 16);
              c01 = fma(c01, r0, b1); c11 = fma(c11, r1, b1); c21 = fma(c21, r2, b1); c31 = fma(c31, r3, b1);
              a += 4;
              b += 32;
            }
          }
        const to = y + ((row * outWidth + column) * outChannels + panel * 8) * 4;
        const next = (outChannels * 4) as usize;
        storePart(to, finish(c00, bias0, activation), finish(c01, bias1, activation), count);
        if (left > 1) storePart(to + next, finish(c10, bias0, activation), finish(c11, bias1, activation), count);
        if (left > 2) storePart(to + 2 * next, finish(c20, bias0, activation), finish(c21, bias1, activation), count);
        if (left > 3) storePart(to + 3 * next, finish(c30, bias0, activation), finish(c31, bias1, activation), count);
      }
    }
  }
}

/** Four values of the bias from `first` + `from` on, zeros past `count`. */
function loadPart(bias: usize, first: i32, count: i32, from: i32): v128 {
  let value = f32x4.splat(0);
  if (!bias) return value;
  const p = bias + (first + from) * 4;
  if (count > from) value = f32x4.replace_lane(value, 0, load<f32>(p));
  if (count > from + 1) value = f32x4.replace_lane(value, 1, load<f32>(p + 4));
  if (count > from + 2) value = f32x4.replace_lane(value, 2, load<f32>(p + 8));
  if (count > from + 3) value = f32x4.replace_lane(value, 3, load<f32>(p + 12));
  return value;
}

/**
 * x (padded), dy (with `out` a multiple of 8), sums, parts, images, height, width (padded), in, outHeight, outWidth, out,
 * kernelHeight, kernelWidth, strideHeight, strideWidth, dilationHeight, dilationWidth.
 * sums[part][ky][run][rows of four][out / 8][4][8], rows being the places of a run.
 */
export function directKernelProducts(p: usize, thread: i32, threads: i32): void {
  const x = arg(p, 0) as usize, dy = arg(p, 1) as usize, parts = arg(p, 3);
  const images = arg(p, 4), height = arg(p, 5), width = arg(p, 6), inChannels = arg(p, 7);
  const outHeight = arg(p, 8), outWidth = arg(p, 9), outChannels = arg(p, 10);
  const kernelHeight = arg(p, 11), kernelWidth = arg(p, 12), strideHeight = arg(p, 13), strideWidth = arg(p, 14);
  const dilationHeight = arg(p, 15), dilationWidth = arg(p, 16);
  const pixel = (inChannels * 4) as usize;
  const runs = dilationWidth == 1 ? 1 : kernelWidth;
  const run = dilationWidth == 1 ? kernelWidth * inChannels : inChannels;
  const fours = (run + 3) >> 2;
  const results = outChannels >> 3;
  const step = strideWidth * pixel;
  const dyStep = (outChannels * 4) as usize;
  const size = (kernelHeight * runs * fours * results * 128) as usize;
  for (let part = parts * thread / threads; part < parts * (thread + 1) / threads; part++) {
    const sums = (arg(p, 2) as usize) + part * size;
    memory.fill(sums, 0, size);
    // A part is a fixed share of the images, so that the sums are the same for any number of threads.
    for (let row = images * part / parts * outHeight; row < images * (part + 1) / parts * outHeight; row++) {
      const image = row / outHeight;
      const corner = x + (image * height + (row - image * outHeight) * strideHeight) * width * pixel;
      const gradients = dy + row * outWidth * dyStep;
      let c = sums;
      for (let ky = 0; ky < kernelHeight; ky++)
        for (let kx = 0; kx < runs; kx++) {
          const start = corner + (ky * dilationHeight * width + kx * dilationWidth) * pixel;
          for (let four = 0; four < fours; four++)
            for (let result = 0; result < results; result++) {
              let a = start + four * 16, b = gradients + result * 32;
              let c00 = v128.load(c), c01 = v128.load(c, 16), c10 = v128.load(c, 32), c11 = v128.load(c, 48);
              let c20 = v128.load(c, 64), c21 = v128.load(c, 80), c30 = v128.load(c, 96), c31 = v128.load(c, 112);
              for (let k = 0; k < outWidth; k++) {
                const r0 = v128.load32_splat(a), r1 = v128.load32_splat(a, 4), r2 = v128.load32_splat(a, 8), r3 = v128.load32_splat(a, 12);
                const b0 = v128.load(b);
                c00 = fma(c00, r0, b0); c10 = fma(c10, r1, b0); c20 = fma(c20, r2, b0); c30 = fma(c30, r3, b0);
                const b1 = v128.load(b, 16);
                c01 = fma(c01, r0, b1); c11 = fma(c11, r1, b1); c21 = fma(c21, r2, b1); c31 = fma(c31, r3, b1);
                a += step;
                b += dyStep;
              }
              v128.store(c, c00); v128.store(c, c01, 16); v128.store(c, c10, 32); v128.store(c, c11, 48);
              v128.store(c, c20, 64); v128.store(c, c21, 80); v128.store(c, c30, 96); v128.store(c, c31, 112);
              c += 128;
            }
        }
    }
  }
}

/** sums, parts, dw[ky][kx][in][out], kernelHeight, kernelWidth, in, out, out rounded up to 8, dilationWidth */
export function directKernelGradient(p: usize, thread: i32, threads: i32): void {
  const parts = arg(p, 1), height = arg(p, 3), width = arg(p, 4), inChannels = arg(p, 5), outChannels = arg(p, 6);
  const runs = arg(p, 8) == 1 ? 1 : width;
  const run = arg(p, 8) == 1 ? width * inChannels : inChannels;
  const fours = (run + 3) >> 2, results = arg(p, 7) >> 3;
  const size = (height * runs * fours * results * 128) as usize;
  const places = height * runs * run;
  for (let place = places * thread / threads; place < places * (thread + 1) / threads; place++) {
    const outer = place / run;
    const inner = place - outer * run;
    const from = (arg(p, 0) as usize) + ((outer * fours + (inner >> 2)) * results * 4 + (inner & 3)) * 32;
    const to = (arg(p, 2) as usize) + place * outChannels * 4;
    for (let o = 0; o < outChannels; o++) {
      let q = from + (o >> 3) * 128 + (o & 7) * 4;
      let sum: f32 = 0;
      for (let part = 0; part < parts; part++) {
        sum += load<f32>(q);
        q += size;
      }
      store<f32>(to + o * 4, sum);
    }
  }
}

/** from, to, pixels, channels, toChannels: each pixel with zeros after its channels. */
export function widenPixels(p: usize, thread: i32, threads: i32): void {
  const channels = (arg(p, 3) * 4) as usize, wide = (arg(p, 4) * 4) as usize;
  for (let pixel = arg(p, 2) * thread / threads; pixel < arg(p, 2) * (thread + 1) / threads; pixel++) {
    const to = (arg(p, 1) as usize) + pixel * wide;
    memory.copy(to, (arg(p, 0) as usize) + pixel * channels, channels);
    memory.fill(to + channels, 0, wide - channels);
  }
}
