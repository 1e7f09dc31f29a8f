/*
 * Direct convolution for any filter size, stride, padding and dilation: on a zero-padded copy of the images,
 * with the filter packed into panels of 8 output channels, 4 output columns at a time.
 *
 *   panels[out / 8][ky][kx][in][8]
 */
import { arg } from '../common/arguments';
import { addProduct } from '../common/vectors';

/**
 * from, to, images, height, width, channels, paddedHeight, paddedWidth, top, left, inputDilation: copies
 * images into a zero-padded, dilated buffer.
 */
export function padImages(p: usize, chunk: i32, chunks: i32): void {
  const images = arg(p, 2), height = arg(p, 3), width = arg(p, 4), channels = arg(p, 5);
  const paddedHeight = arg(p, 6), paddedWidth = arg(p, 7), top = arg(p, 8), left = arg(p, 9);
  const inputDilation = arg(p, 10);
  const pixelBytes = (channels * 4) as usize;
  for (
    let row = images * paddedHeight * chunk / chunks;
    row < images * paddedHeight * (chunk + 1) / chunks;
    row++
  ) {
    const image = row / paddedHeight;
    const dilatedY = row - image * paddedHeight - top;
    const target = (arg(p, 1) as usize) + row * paddedWidth * pixelBytes;
    const y = dilatedY / inputDilation;
    if (dilatedY < 0 || y * inputDilation != dilatedY || y >= height) {
      memory.fill(target, 0, paddedWidth * pixelBytes);
      continue;
    }
    const source = (arg(p, 0) as usize) + (image * height + y) * width * pixelBytes;
    if (inputDilation == 1) {
      const firstColumn = max(0, -left), endColumn = min(width, paddedWidth - left);
      if (left > 0) memory.fill(target, 0, left * pixelBytes);
      memory.copy(
        target + (left + firstColumn) * pixelBytes, source + firstColumn * pixelBytes,
        (endColumn - firstColumn) * pixelBytes,
      );
      if (left + endColumn < paddedWidth)
        memory.fill(
          target + (left + endColumn) * pixelBytes, 0, (paddedWidth - left - endColumn) * pixelBytes,
        );
      continue;
    }
    memory.fill(target, 0, paddedWidth * pixelBytes);
    for (let x = 0; x < width; x++) {
      const column = left + x * inputDilation;
      if (column >= 0 && column < paddedWidth)
        memory.copy(target + column * pixelBytes, source + x * pixelBytes, pixelBytes);
    }
  }
}

/**
 * w[ky][kx][in][out], panels, filterHeight, filterWidth, in, out, flip. With `flip`, the panels of the
 * flipped filter (rotated by 180 degrees, channels exchanged): panels[in / 8][ky][kx][out][8].
 */
export function packFilter(p: usize, chunk: i32, chunks: i32): void {
  const w = arg(p, 0) as usize, filterHeight = arg(p, 2), filterWidth = arg(p, 3), inChannels = arg(p, 4);
  const outChannels = arg(p, 5), flip = arg(p, 6);
  const packedInChannels = flip ? outChannels : inChannels;
  const packedOutChannels = flip ? inChannels : outChannels;
  const taps = filterHeight * filterWidth;
  const panels = (packedOutChannels + 7) >> 3;
  for (let panel = panels * chunk / chunks; panel < panels * (chunk + 1) / chunks; panel++) {
    let target = (arg(p, 1) as usize) + panel * taps * packedInChannels * 32;
    for (let tap = 0; tap < taps; tap++)
      for (let inChannel = 0; inChannel < packedInChannels; inChannel++) {
        for (let lane = 0; lane < 8; lane++) {
          const outChannel = panel * 8 + lane;
          let value: f32 = 0;
          if (outChannel < packedOutChannels)
            value = flip
              ? load<f32>(w + (((taps - 1 - tap) * inChannels + outChannel) * outChannels + inChannel) * 4)
              : load<f32>(w + ((tap * inChannels + inChannel) * outChannels + outChannel) * 4);
          store<f32>(target + lane * 4, value);
        }
        target += 32;
      }
  }
}

// @ts-ignore: decorator
@inline
function addBiasAndActivate(value: v128, bias: v128, activation: i32): v128 {
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
  let lanes = low;
  if (count >= 4) {
    v128.store(y, low);
    y += 16;
    count -= 4;
    lanes = high;
  }
  if (count > 0) store<f32>(y, f32x4.extract_lane(lanes, 0));
  if (count > 1) store<f32>(y + 4, f32x4.extract_lane(lanes, 1));
  if (count > 2) store<f32>(y + 8, f32x4.extract_lane(lanes, 2));
}

/**
 * x (padded), panels, bias or 0, y, images, height, width (padded), in, outHeight, outWidth, out,
 * filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, activation
 */
export function directForward(p: usize, chunk: i32, chunks: i32): void {
  const x = arg(p, 0) as usize, panels = arg(p, 1) as usize, bias = arg(p, 2) as usize;
  const y = arg(p, 3) as usize;
  const images = arg(p, 4), height = arg(p, 5), width = arg(p, 6), inChannels = arg(p, 7);
  const outHeight = arg(p, 8), outWidth = arg(p, 9), outChannels = arg(p, 10);
  const filterHeight = arg(p, 11), filterWidth = arg(p, 12), strideHeight = arg(p, 13);
  const strideWidth = arg(p, 14);
  const dilationHeight = arg(p, 15), dilationWidth = arg(p, 16), activation = arg(p, 17);
  const pixelBytes = (inChannels * 4) as usize;
  // Without dilation the taps of a filter row are contiguous: one run instead of one per tap.
  const runs = dilationWidth == 1 ? 1 : filterWidth;
  const runLength = dilationWidth == 1 ? filterWidth * inChannels : inChannels;
  const runStep = dilationWidth * pixelBytes, rowStep = dilationHeight * width * pixelBytes;
  const columnStep = strideWidth * pixelBytes;
  const panelCount = (outChannels + 7) >> 3;
  const panelSize = (filterHeight * filterWidth * inChannels * 32) as usize;
  const rows = images * outHeight;
  for (let row = rows * chunk / chunks; row < rows * (chunk + 1) / chunks; row++) {
    const image = row / outHeight;
    const windowStart = x + (image * height + (row - image * outHeight) * strideHeight) * width * pixelBytes;
    for (let panel = 0; panel < panelCount; panel++) {
      const panelChannels = min(8, outChannels - panel * 8);
      const bias0 = bias && panelChannels >= 4
        ? v128.load(bias + panel * 32)
        : loadPart(bias, panel * 8, panelChannels, 0);
      const bias1 = bias && panelChannels >= 8
        ? v128.load(bias + panel * 32, 16)
        : loadPart(bias, panel * 8, panelChannels, 4);
      for (let column = 0; column < outWidth; column += 4) {
        const a0 = windowStart + column * columnStep;
        const remaining = outWidth - column;
        // Past the end of a row the last column is computed again and not stored.
        const o1 = remaining > 1 ? columnStep : 0, o2 = remaining > 2 ? 2 * columnStep : o1;
        const o3 = remaining > 3 ? 3 * columnStep : o2;
        let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
        let b = panels + panel * panelSize;
        for (let ky = 0; ky < filterHeight; ky++)
          for (let kx = 0; kx < runs; kx++) {
            let a = a0 + ky * rowStep + kx * runStep;
            for (let k = 0; k < runLength; k++) {
              const r0 = v128.load32_splat(a), r1 = v128.load32_splat(a + o1);
              const r2 = v128.load32_splat(a + o2), r3 = v128.load32_splat(a + o3);
              const b0 = v128.load(b);
              c00 = addProduct(c00, r0, b0); c10 = addProduct(c10, r1, b0);
              c20 = addProduct(c20, r2, b0); c30 = addProduct(c30, r3, b0);
              const b1 = v128.load(b, 16);
              c01 = addProduct(c01, r0, b1); c11 = addProduct(c11, r1, b1);
              c21 = addProduct(c21, r2, b1); c31 = addProduct(c31, r3, b1);
              a += 4;
              b += 32;
            }
          }
        const target = y + ((row * outWidth + column) * outChannels + panel * 8) * 4;
        const outPixelBytes = (outChannels * 4) as usize;
        storePart(
          target, addBiasAndActivate(c00, bias0, activation), addBiasAndActivate(c01, bias1, activation),
          panelChannels,
        );
        if (remaining > 1)
          storePart(
            target + outPixelBytes, addBiasAndActivate(c10, bias0, activation),
            addBiasAndActivate(c11, bias1, activation), panelChannels,
          );
        if (remaining > 2)
          storePart(
            target + 2 * outPixelBytes, addBiasAndActivate(c20, bias0, activation),
            addBiasAndActivate(c21, bias1, activation), panelChannels,
          );
        if (remaining > 3)
          storePart(
            target + 3 * outPixelBytes, addBiasAndActivate(c30, bias0, activation),
            addBiasAndActivate(c31, bias1, activation), panelChannels,
          );
      }
    }
  }
}

/** Four values of the bias from `first` + `offset` on; 0 from `first` + `count` on. */
function loadPart(bias: usize, first: i32, count: i32, offset: i32): v128 {
  let value = f32x4.splat(0);
  if (!bias) return value;
  const p = bias + (first + offset) * 4;
  if (count > offset) value = f32x4.replace_lane(value, 0, load<f32>(p));
  if (count > offset + 1) value = f32x4.replace_lane(value, 1, load<f32>(p + 4));
  if (count > offset + 2) value = f32x4.replace_lane(value, 2, load<f32>(p + 8));
  if (count > offset + 3) value = f32x4.replace_lane(value, 3, load<f32>(p + 12));
  return value;
}

/**
 * x (padded), dy (`out` is a multiple of 8), sums, parts, images, height, width (padded), in, outHeight,
 * outWidth, out, filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth
 *
 * sums[part][ky][run][row / 4][out / 8][4][8], where the rows are the values of a run.
 */
export function directFilterGradientParts(p: usize, chunk: i32, chunks: i32): void {
  const x = arg(p, 0) as usize, dy = arg(p, 1) as usize, parts = arg(p, 3);
  const images = arg(p, 4), height = arg(p, 5), width = arg(p, 6), inChannels = arg(p, 7);
  const outHeight = arg(p, 8), outWidth = arg(p, 9), outChannels = arg(p, 10);
  const filterHeight = arg(p, 11), filterWidth = arg(p, 12), strideHeight = arg(p, 13);
  const strideWidth = arg(p, 14);
  const dilationHeight = arg(p, 15), dilationWidth = arg(p, 16);
  const pixelBytes = (inChannels * 4) as usize;
  const runs = dilationWidth == 1 ? 1 : filterWidth;
  const runLength = dilationWidth == 1 ? filterWidth * inChannels : inChannels;
  const fours = (runLength + 3) >> 2;
  const panels = outChannels >> 3;
  const columnStep = strideWidth * pixelBytes;
  const dyStep = (outChannels * 4) as usize;
  const partBytes = (filterHeight * runs * fours * panels * 128) as usize;
  for (let part = parts * chunk / chunks; part < parts * (chunk + 1) / chunks; part++) {
    const sums = (arg(p, 2) as usize) + part * partBytes;
    memory.fill(sums, 0, partBytes);
    // A part is a fixed range of the images, so that sums do not depend on the number of threads.
    for (let row = images * part / parts * outHeight; row < images * (part + 1) / parts * outHeight; row++) {
      const image = row / outHeight;
      const firstInputRow = (row - image * outHeight) * strideHeight;
      const windowStart = x + (image * height + firstInputRow) * width * pixelBytes;
      const dyRow = dy + row * outWidth * dyStep;
      let c = sums;
      for (let ky = 0; ky < filterHeight; ky++)
        for (let kx = 0; kx < runs; kx++) {
          const tapStart = windowStart + (ky * dilationHeight * width + kx * dilationWidth) * pixelBytes;
          for (let four = 0; four < fours; four++)
            for (let panel = 0; panel < panels; panel++) {
              let a = tapStart + four * 16, b = dyRow + panel * 32;
              let c00 = v128.load(c), c01 = v128.load(c, 16), c10 = v128.load(c, 32), c11 = v128.load(c, 48);
              let c20 = v128.load(c, 64), c21 = v128.load(c, 80), c30 = v128.load(c, 96);
              let c31 = v128.load(c, 112);
              for (let k = 0; k < outWidth; k++) {
                const r0 = v128.load32_splat(a), r1 = v128.load32_splat(a, 4);
                const r2 = v128.load32_splat(a, 8), r3 = v128.load32_splat(a, 12);
                const b0 = v128.load(b);
                c00 = addProduct(c00, r0, b0); c10 = addProduct(c10, r1, b0);
                c20 = addProduct(c20, r2, b0); c30 = addProduct(c30, r3, b0);
                const b1 = v128.load(b, 16);
                c01 = addProduct(c01, r0, b1); c11 = addProduct(c11, r1, b1);
                c21 = addProduct(c21, r2, b1); c31 = addProduct(c31, r3, b1);
                a += columnStep;
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

/**
 * sums, parts, dw[ky][kx][in][out], filterHeight, filterWidth, in, out, out rounded up to 8, dilationWidth
 */
export function directFilterGradientReduce(p: usize, chunk: i32, chunks: i32): void {
  const parts = arg(p, 1), filterHeight = arg(p, 3), filterWidth = arg(p, 4), inChannels = arg(p, 5);
  const outChannels = arg(p, 6);
  const runs = arg(p, 8) == 1 ? 1 : filterWidth;
  const runLength = arg(p, 8) == 1 ? filterWidth * inChannels : inChannels;
  const fours = (runLength + 3) >> 2, panels = arg(p, 7) >> 3;
  const partBytes = (filterHeight * runs * fours * panels * 128) as usize;
  const rows = filterHeight * runs * runLength;
  for (let row = rows * chunk / chunks; row < rows * (chunk + 1) / chunks; row++) {
    const outer = row / runLength;
    const inner = row - outer * runLength;
    const source = (arg(p, 0) as usize) + ((outer * fours + (inner >> 2)) * panels * 4 + (inner & 3)) * 32;
    const target = (arg(p, 2) as usize) + row * outChannels * 4;
    for (let o = 0; o < outChannels; o++) {
      let q = source + (o >> 3) * 128 + (o & 7) * 4;
      let sum: f32 = 0;
      for (let part = 0; part < parts; part++) {
        sum += load<f32>(q);
        q += partBytes;
      }
      store<f32>(target + o * 4, sum);
    }
  }
}

/** from, to, pixels, channels, paddedChannels: each pixel with zeros after its channels */
export function padChannels(p: usize, chunk: i32, chunks: i32): void {
  const channelBytes = (arg(p, 3) * 4) as usize, paddedBytes = (arg(p, 4) * 4) as usize;
  for (let pixel = arg(p, 2) * chunk / chunks; pixel < arg(p, 2) * (chunk + 1) / chunks; pixel++) {
    const target = (arg(p, 1) as usize) + pixel * paddedBytes;
    memory.copy(target, (arg(p, 0) as usize) + pixel * channelBytes, channelBytes);
    memory.fill(target + channelBytes, 0, paddedBytes - channelBytes);
  }
}
