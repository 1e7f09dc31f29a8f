/*
 * The filter gradient of direct convolution, as sums over fixed ranges of the images that are added up at the end: so the
 * result does not depend on the number of threads.
 */
import { arg } from '../common/arguments';
import { addProduct } from '../common/vectors';

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
