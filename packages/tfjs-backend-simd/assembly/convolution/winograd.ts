/*
 * The exported kernels of Winograd's algorithm: (arguments, chunk, chunks, worker). `worker` selects the
 * scratch memory. Tile sizes as in winograd-tiles.ts.
 */
import { arg } from '../common/arguments';
import {
  accumulatePlanes, multiplyPlanes, planeBytesU, planeBytesV, scratchBytes, TILES_PER_BLOCK,
  transformGradients, transformImages, transformProducts, zeroWindowsIn,
} from './winograd-tiles';
import { transformFilterGradient, transformFilter } from './winograd-filters';
import { findZeroWindows, storeZeroWindows } from './winograd-zeros';

export function winogradTilesPerBlock(): i32 { return TILES_PER_BLOCK; }
export function winogradScratchBytes(inChannels: i32, outChannels: i32): usize {
  return scratchBytes(inChannels, outChannels);
}
export function winogradFilterBytes(inputSize: i32, inChannels: i32, outChannels: i32): usize {
  return inputSize * inputSize * (planeBytesU(inChannels, outChannels) as i32);
}

/** w, u, in, out, flip, scratch, scratch bytes, inputSize, outputSize */
export function winogradTransformFilter(p: usize, chunk: i32, chunks: i32, worker: i32): void {
  const w = arg(p, 0), u = arg(p, 1), inChannels = arg(p, 2), outChannels = arg(p, 3), flip = arg(p, 4);
  const scratch = arg(p, 5) + arg(p, 6) * worker;
  const firstInChannel = inChannels * chunk / chunks, endInChannel = inChannels * (chunk + 1) / chunks;
  transformFilter(
    arg(p, 7), arg(p, 8), w, u, inChannels, outChannels, flip, firstInChannel, endInChannel, scratch,
  );
}

/**
 * x, u, bias or 0, y, scratch, scratch bytes, images, height, width, in, outHeight, outWidth, out, top, left,
 * inputSize, outputSize, activation
 */
export function winogradForward(p: usize, chunk: i32, chunks: i32, worker: i32): void {
  const x = arg(p, 0), u = arg(p, 1), bias = arg(p, 2), y = arg(p, 3), height = arg(p, 7), width = arg(p, 8);
  const inChannels = arg(p, 9), outHeight = arg(p, 10), outWidth = arg(p, 11), outChannels = arg(p, 12);
  const top = arg(p, 13), left = arg(p, 14), inputSize = arg(p, 15), outputSize = arg(p, 16);
  const activation = arg(p, 17), planes = inputSize * inputSize;
  const v = (arg(p, 4) + arg(p, 5) * worker) as usize;
  const m = v + planes * (planeBytesV(inChannels) as i32);
  const tileScratch = m + planes * (planeBytesV(outChannels) as i32);
  const tilesX = (outWidth + outputSize - 1) / outputSize, tilesY = (outHeight + outputSize - 1) / outputSize;
  const tiles = arg(p, 6) * tilesX * tilesY;
  const blocks = (tiles + TILES_PER_BLOCK - 1) / TILES_PER_BLOCK;
  const zeroWindows = zeroWindowsIn(tileScratch);
  for (let block = blocks * chunk / chunks; block < blocks * (chunk + 1) / chunks; block++) {
    const hasZeroWindows = outputSize == 4 && findZeroWindows(
      x, zeroWindows, block, tiles, tilesX, tilesY, height, width, inChannels, outHeight, outWidth, top, left,
    );
    transformImages(
      inputSize, outputSize, x, v, tileScratch, block, tiles, tilesX, tilesY, height, width, inChannels, top,
      left,
    );
    multiplyPlanes(planes, v, u, m, inChannels, outChannels);
    transformProducts(
      inputSize, outputSize, m, y, bias, tileScratch, block, tiles, tilesX, tilesY, outHeight, outWidth,
      outChannels, activation,
    );
    if (hasZeroWindows)
      storeZeroWindows(
        zeroWindows, y, bias, block, tiles, tilesX, tilesY, outHeight, outWidth, outChannels, activation,
      );
  }
}

/**
 * x, dy, du, parts, scratch, scratch bytes, images, height, width, in, outHeight, outWidth, out, top, left,
 * inputSize, outputSize
 */
export function winogradFilterGradientParts(p: usize, chunk: i32, chunks: i32, worker: i32): void {
  const x = arg(p, 0), dy = arg(p, 1), parts = arg(p, 3), height = arg(p, 7), width = arg(p, 8);
  const inChannels = arg(p, 9), outHeight = arg(p, 10), outWidth = arg(p, 11), outChannels = arg(p, 12);
  const top = arg(p, 13), left = arg(p, 14), inputSize = arg(p, 15), outputSize = arg(p, 16);
  const planes = inputSize * inputSize;
  const v = (arg(p, 4) + arg(p, 5) * worker) as usize;
  const m = v + planes * (planeBytesV(inChannels) as i32);
  const tileScratch = m + planes * (planeBytesV(outChannels) as i32);
  const tilesX = (outWidth + outputSize - 1) / outputSize, tilesY = (outHeight + outputSize - 1) / outputSize;
  const tiles = arg(p, 6) * tilesX * tilesY;
  const blocks = (tiles + TILES_PER_BLOCK - 1) / TILES_PER_BLOCK;
  // A part is a fixed range of the blocks, so that sums do not depend on the number of threads.
  for (let part = parts * chunk / chunks; part < parts * (chunk + 1) / chunks; part++) {
    const du = arg(p, 2) + part * (winogradFilterBytes(inputSize, inChannels, outChannels) as i32);
    const firstBlock = blocks * part / parts;
    for (let block = firstBlock; block < blocks * (part + 1) / parts; block++) {
      transformImages(
        inputSize, outputSize, x, v, tileScratch, block, tiles, tilesX, tilesY, height, width, inChannels,
        top, left,
      );
      transformGradients(
        inputSize, outputSize, dy, m, tileScratch, block, tiles, tilesX, tilesY, outHeight, outWidth,
        outChannels,
      );
      accumulatePlanes(planes, v, m, du, inChannels, outChannels, block > firstBlock);
    }
  }
}

/** du, parts, dw, in, out, scratch, scratch bytes, inputSize, outputSize */
export function winogradFilterGradientReduce(p: usize, chunk: i32, chunks: i32, worker: i32): void {
  const du = arg(p, 0), parts = arg(p, 1), dw = arg(p, 2), inChannels = arg(p, 3), outChannels = arg(p, 4);
  const inputSize = arg(p, 7);
  const scratch = arg(p, 5) + arg(p, 6) * worker;
  const partBytes = winogradFilterBytes(inputSize, inChannels, outChannels);
  const firstInChannel = inChannels * chunk / chunks, endInChannel = inChannels * (chunk + 1) / chunks;
  transformFilterGradient(
    inputSize, arg(p, 8), du, parts, partBytes, dw, inChannels, outChannels, firstInChannel, endInChannel,
    scratch,
  );
}
