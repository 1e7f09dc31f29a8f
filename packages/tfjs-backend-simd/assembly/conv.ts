/*
 * Winograd's kernels as the threads call them: (arguments, share, shares, worker). Arguments are 32-bit words;
 * `worker` says whose scratch memory to use.
 */
import { arg } from './arguments';
import {
  accumulatePlanes,
  multiplyPlanes,
  planeOfU,
  planeOfV,
  TILES,
  transformGradients2,
  transformGradients4,
  transformImages2,
  transformImages4,
  transformKernelGradients2,
  transformKernelGradients4,
  transformKernels2,
  transformKernels4,
  transformProducts2,
  transformProducts4,
  winogradScratch,
} from './winograd';

export function winogradScratchBytes(inChannels: i32, outChannels: i32): usize {
  return winogradScratch(inChannels, outChannels);
}
export function winogradKernelBytes(size: i32, inChannels: i32, outChannels: i32): usize {
  return size * size * planeOfU(inChannels, outChannels);
}

/** w, u, in, out, turn, scratch, scratch bytes */
export function winogradKernels(p: usize, thread: i32, threads: i32, worker: i32): void {
  const channels = arg(p, 2);
  transformKernels(
    arg(p, 0),
    arg(p, 1),
    channels,
    arg(p, 3),
    arg(p, 4),
    (channels * thread) / threads,
    (channels * (thread + 1)) / threads,
    (arg(p, 5) + arg(p, 6) * worker) as usize,
  );
}

/** x, u, bias, y, scratch, scratch bytes, images, height, width, in, outHeight, outWidth, out, top, left, activation */
export function winogradForward(p: usize, thread: i32, threads: i32, worker: i32): void {
  const x = arg(p, 0),
    u = arg(p, 1),
    bias = arg(p, 2),
    y = arg(p, 3);
  const inChannels = arg(p, 9),
    outHeight = arg(p, 10),
    outWidth = arg(p, 11),
    outChannels = arg(p, 12);
  const v = (arg(p, 4) + arg(p, 5) * worker) as usize;
  const m = v + 36 * planeOfV(inChannels),
    scratch = m + 36 * planeOfV(outChannels);
  const tilesX = (outWidth + 3) >> 2,
    tilesY = (outHeight + 3) >> 2;
  const tiles = arg(p, 6) * tilesX * tilesY;
  const blocks = (tiles + TILES - 1) / TILES;
  for (let block = (blocks * thread) / threads; block < (blocks * (thread + 1)) / threads; block++) {
    transformImages(
      x,
      v,
      scratch,
      block,
      tiles,
      tilesX,
      tilesY,
      arg(p, 7),
      arg(p, 8),
      inChannels,
      arg(p, 13),
      arg(p, 14),
    );
    multiplyPlanes(v, u, m, inChannels, outChannels);
    transformProducts(
      m,
      y,
      bias,
      scratch,
      block,
      tiles,
      tilesX,
      tilesY,
      outHeight,
      outWidth,
      outChannels,
      arg(p, 15),
    );
  }
}

/** x, dy, du, parts, scratch, scratch bytes, images, height, width, in, outHeight, outWidth, out, top, left */
export function winogradKernelProducts(p: usize, thread: i32, threads: i32, worker: i32): void {
  const inChannels = arg(p, 9),
    outHeight = arg(p, 10),
    outWidth = arg(p, 11),
    outChannels = arg(p, 12);
  const v = (arg(p, 4) + arg(p, 5) * worker) as usize;
  const m = v + 36 * planeOfV(inChannels),
    scratch = m + 36 * planeOfV(outChannels);
  const tilesX = (outWidth + 3) >> 2,
    tilesY = (outHeight + 3) >> 2;
  const tiles = arg(p, 6) * tilesX * tilesY;
  const blocks = (tiles + TILES - 1) / TILES;
  const parts = arg(p, 3);
  const size = 36 * planeOfU(inChannels, outChannels);
  // A part is a fixed share of the blocks, so that the sums are the same for any number of threads.
  for (let part = (parts * thread) / threads; part < (parts * (thread + 1)) / threads; part++) {
    const du = (arg(p, 2) as usize) + part * size;
    const first = (blocks * part) / parts;
    for (let block = first; block < (blocks * (part + 1)) / parts; block++) {
      transformImages(
        arg(p, 0),
        v,
        scratch,
        block,
        tiles,
        tilesX,
        tilesY,
        arg(p, 7),
        arg(p, 8),
        inChannels,
        arg(p, 13),
        arg(p, 14),
      );
      transformGradients(
        arg(p, 1),
        m,
        scratch,
        block,
        tiles,
        tilesX,
        tilesY,
        outHeight,
        outWidth,
        outChannels,
      );
      accumulatePlanes(v, m, du, inChannels, outChannels, block > first);
    }
  }
}

/** du, parts, dw, in, out, scratch, scratch bytes */
export function winogradKernelGradient(p: usize, thread: i32, threads: i32, worker: i32): void {
  const inChannels = arg(p, 3),
    outChannels = arg(p, 4);
  const scratch = (arg(p, 5) + arg(p, 6) * worker) as usize;
  transformKernelGradients(
    arg(p, 0),
    arg(p, 1),
    36 * planeOfU(inChannels, outChannels),
    arg(p, 2),
    inChannels,
    outChannels,
    (inChannels * thread) / threads,
    (inChannels * (thread + 1)) / threads,
    scratch,
  );
}

export function winogradTiles(): i32 { return TILES; }
