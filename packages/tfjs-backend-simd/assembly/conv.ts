/*
 * Winograd's kernels as the threads call them: (arguments, share, shares, worker). Arguments are 32-bit words;
 * `worker` says whose scratch memory to use. `size`, `results`: of a tile, as in winograd.ts.
 */
import { arg } from './arguments';
import {
  accumulatePlanes, multiplyPlanes, planeOfU, planeOfV, TILES, transformGradients, transformImages, transformProducts,
  winogradScratch,
} from './winograd';
import { transformKernelGradients, transformKernels } from './winograd-kernels';

export function winogradTiles(): i32 { return TILES; }
export function winogradScratchBytes(inChannels: i32, outChannels: i32): usize { return winogradScratch(inChannels, outChannels); }
export function winogradKernelBytes(size: i32, inChannels: i32, outChannels: i32): usize {
  return size * size * (planeOfU(inChannels, outChannels) as i32);
}

/** w, u, in, out, turn, scratch, scratch bytes, size, results */
export function winogradKernels(p: usize, thread: i32, threads: i32, worker: i32): void {
  const w = arg(p, 0), u = arg(p, 1), inChannels = arg(p, 2), outChannels = arg(p, 3), turn = arg(p, 4);
  const scratch = arg(p, 5) + arg(p, 6) * worker;
  const first = inChannels * thread / threads, last = inChannels * (thread + 1) / threads;
  transformKernels(arg(p, 7), arg(p, 8), w, u, inChannels, outChannels, turn, first, last, scratch);
}

/** x, u, bias, y, scratch, scratch bytes, images, height, width, in, outHeight, outWidth, out, top, left, size, results, activation */
export function winogradForward(p: usize, thread: i32, threads: i32, worker: i32): void {
  const x = arg(p, 0), u = arg(p, 1), bias = arg(p, 2), y = arg(p, 3), height = arg(p, 7), width = arg(p, 8);
  const inChannels = arg(p, 9), outHeight = arg(p, 10), outWidth = arg(p, 11), outChannels = arg(p, 12);
  const top = arg(p, 13), left = arg(p, 14), size = arg(p, 15), results = arg(p, 16), activation = arg(p, 17), planes = size * size;
  const v = (arg(p, 4) + arg(p, 5) * worker) as usize;
  const m = v + planes * (planeOfV(inChannels) as i32), scratch = m + planes * (planeOfV(outChannels) as i32);
  const tilesX = (outWidth + results - 1) / results, tilesY = (outHeight + results - 1) / results;
  const tiles = arg(p, 6) * tilesX * tilesY;
  const blocks = (tiles + TILES - 1) / TILES;
  for (let block = blocks * thread / threads; block < blocks * (thread + 1) / threads; block++) {
    transformImages(size, results, x, v, scratch, block, tiles, tilesX, tilesY, height, width, inChannels, top, left);
    multiplyPlanes(planes, v, u, m, inChannels, outChannels);
    transformProducts(size, results, m, y, bias, scratch, block, tiles, tilesX, tilesY, outHeight, outWidth, outChannels, activation);
  }
}

/** x, dy, du, parts, scratch, scratch bytes, images, height, width, in, outHeight, outWidth, out, top, left, size, results */
export function winogradKernelProducts(p: usize, thread: i32, threads: i32, worker: i32): void {
  const x = arg(p, 0), dy = arg(p, 1), parts = arg(p, 3), height = arg(p, 7), width = arg(p, 8);
  const inChannels = arg(p, 9), outHeight = arg(p, 10), outWidth = arg(p, 11), outChannels = arg(p, 12);
  const top = arg(p, 13), left = arg(p, 14), size = arg(p, 15), results = arg(p, 16), planes = size * size;
  const v = (arg(p, 4) + arg(p, 5) * worker) as usize;
  const m = v + planes * (planeOfV(inChannels) as i32), scratch = m + planes * (planeOfV(outChannels) as i32);
  const tilesX = (outWidth + results - 1) / results, tilesY = (outHeight + results - 1) / results;
  const tiles = arg(p, 6) * tilesX * tilesY;
  const blocks = (tiles + TILES - 1) / TILES;
  // A part is a fixed share of the blocks, so that the sums are the same for any number of threads.
  for (let part = parts * thread / threads; part < parts * (thread + 1) / threads; part++) {
    const du = arg(p, 2) + part * (winogradKernelBytes(size, inChannels, outChannels) as i32);
    const first = blocks * part / parts;
    for (let block = first; block < blocks * (part + 1) / parts; block++) {
      transformImages(size, results, x, v, scratch, block, tiles, tilesX, tilesY, height, width, inChannels, top, left);
      transformGradients(size, results, dy, m, scratch, block, tiles, tilesX, tilesY, outHeight, outWidth, outChannels);
      accumulatePlanes(planes, v, m, du, inChannels, outChannels, block > first);
    }
  }
}

/** du, parts, dw, in, out, scratch, scratch bytes, size, results */
export function winogradKernelGradient(p: usize, thread: i32, threads: i32, worker: i32): void {
  const du = arg(p, 0), parts = arg(p, 1), dw = arg(p, 2), inChannels = arg(p, 3), outChannels = arg(p, 4), size = arg(p, 7);
  const scratch = arg(p, 5) + arg(p, 6) * worker;
  const partSize = winogradKernelBytes(size, inChannels, outChannels);
  const first = inChannels * thread / threads, last = inChannels * (thread + 1) / threads;
  transformKernelGradients(size, arg(p, 8), du, parts, partSize, dw, inChannels, outChannels, first, last, scratch);
}
