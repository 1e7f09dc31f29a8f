/*
 * Direct convolution for any filter size, stride, padding and dilation: 4 output columns and 8 output channels at a time, on
 * what direct-inputs.ts prepares.
 */
import { activate } from '../common/activations';
import { arg } from '../common/arguments';
import { chunkStart } from '../common/chunks';
import { addProduct } from '../common/vectors';

// @ts-ignore: decorator
@inline
function addBiasAndActivate(value: v128, bias: v128, activation: i32): v128 {
  return activate(f32x4.add(value, bias), activation);
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
  const endRow = chunkStart(rows, chunk + 1, chunks);
  for (let row = chunkStart(rows, chunk, chunks); row < endRow; row++) {
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
