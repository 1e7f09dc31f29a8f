/*
 * Outputs whose window is zero in all channels, which are exactly the bias. In a tile with other content the
 * transforms leave rounding errors of either sign there, and a ReLU would pass half of them. Padding counts as
 * zero. Tile sizes as in winograd-tiles.ts.
 *
 * The outputs of a tile are bits of an integer: 4 i + j for row i and column j.
 */
import { activate } from '../common/activations';
import { TILES_PER_BLOCK } from './winograd-tiles';

/** Whether all channels of a pixel are 0 or -0. Most pixels differ from 0 in the first channels. */
// @ts-ignore: decorator
@inline
function isZeroPixel(pixel: usize, bytes: usize): bool {
  for (let c: usize = 0; c < bytes; c += 16)
    if (v128.any_true(i32x4.shl(v128.load(pixel + c), 1))) return false;
  return true;
}

/**
 * The first central row of a tile with `rows` rows of outputs; the last is the larger of it and rows - 1. Every
 * window has a central row and, likewise, a central column.
 */
// @ts-ignore: decorator
@inline
function firstCentralRow(filterSize: i32, rows: i32): i32 {
  return min(filterSize - 1, max(rows - 1, filterSize >> 1));
}

/** Four bits per row: those of `windowSize` consecutive ones are combined, `shift` bits apart. */
// @ts-ignore: decorator
@inline
function andWindow(bits: i32, windowSize: i32, shift: i32): i32 {
  let result = bits;
  for (let i = 1; i < windowSize; i++) result &= bits >> (i * shift);
  return result;
}

/** The outputs of one tile, `rows` x `columns`, whose window is zero. */
function zeroWindowsOf(
  filterSize: i32, image: usize, firstRow: i32, firstColumn: i32, rows: i32, columns: i32, height: i32,
  width: i32, pixelBytes: usize,
): i32 {
  let zeroRows = 0;
  for (let i = 0; i < rows + filterSize - 1; i++) {
    const row = firstRow + i;
    let zeroPixels = 0;
    for (let j = 0; j < columns + filterSize - 1; j++) {
      const column = firstColumn + j;
      const isInside = <u32>row < <u32>height && <u32>column < <u32>width;
      if (!isInside || isZeroPixel(image + (row * width + column) * pixelBytes, pixelBytes))
        zeroPixels |= 1 << j;
    }
    zeroRows |= (andWindow(zeroPixels, filterSize, 1) & ((1 << columns) - 1)) << (4 * i);
  }
  return andWindow(zeroRows, filterSize, 4) & ((1 << (4 * rows)) - 1);
}

/**
 * Writes the zero windows of each tile of a block; returns whether there are any. A window can be zero only if one of
 * the central pixels of its tile is: of other tiles only these are read, up to the first value that is not 0.
 */
export function findZeroWindows(
  inputSize: i32, outputSize: i32, x: usize, zeroWindows: usize, block: i32, tiles: i32, tilesX: i32,
  tilesY: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32, top: i32, left: i32,
): bool {
  const filterSize = inputSize - outputSize + 1, pixelBytes = (channels * 4) as usize;
  const firstTile = block * TILES_PER_BLOCK, count = min(TILES_PER_BLOCK, tiles - firstTile);
  let tileX = firstTile % tilesX, tileY = firstTile / tilesX % tilesY;
  let image = x + (firstTile / tilesX / tilesY) * height * width * pixelBytes;
  let isAny = false;
  for (let t = 0; t < count; t++) {
    const firstRow = tileY * outputSize - top, firstColumn = tileX * outputSize - left;
    const rows = min(outputSize, outHeight - tileY * outputSize);
    const columns = min(outputSize, outWidth - tileX * outputSize);
    const i0 = firstCentralRow(filterSize, rows), i1 = max(i0, rows - 1);
    const j0 = firstCentralRow(filterSize, columns), j1 = max(j0, columns - 1);
    const first = image + ((firstRow + i0) * width + firstColumn + j0) * pixelBytes;
    const down = (i1 - i0) * width * pixelBytes, across = (j1 - j0) * pixelBytes;
    const isInside = firstRow + i0 >= 0 && firstRow + i1 < height && firstColumn + j0 >= 0 && firstColumn + j1 < width;
    const isCentralZero = !isInside || isZeroPixel(first, pixelBytes) || isZeroPixel(first + across, pixelBytes)
      || isZeroPixel(first + down, pixelBytes) || isZeroPixel(first + down + across, pixelBytes);
    const windows = isCentralZero
      ? zeroWindowsOf(filterSize, image, firstRow, firstColumn, rows, columns, height, width, pixelBytes)
      : 0;
    store<i32>(zeroWindows + t * 4, windows);
    if (windows) isAny = true;
    if (++tileX == tilesX) {
      tileX = 0;
      if (++tileY == tilesY) {
        tileY = 0;
        image += height * width * pixelBytes;
      }
    }
  }
  return isAny;
}

/**
 * Replaces the outputs of the zero windows of a block, which transformProducts has stored, by the bias, activated.
 * Where they are NaN, from a weight that is not finite, they stay NaN.
 */
export function storeZeroWindows(
  outputSize: i32, zeroWindows: usize, y: usize, bias: usize, block: i32, tiles: i32, tilesX: i32, tilesY: i32,
  height: i32, width: i32, channels: i32, activation: i32,
): void {
  const firstTile = block * TILES_PER_BLOCK, count = min(TILES_PER_BLOCK, tiles - firstTile);
  for (let t = 0; t < count; t++) {
    const tile = firstTile + t, tileRow = tile / tilesX;
    const image = tileRow / tilesY;
    const top = (tileRow - image * tilesY) * outputSize, left = (tile - tileRow * tilesX) * outputSize;
    for (let windows = load<i32>(zeroWindows + t * 4); windows; windows &= windows - 1) {
      const output = ctz(windows);
      const row = top + (output >> 2), column = left + (output & 3);
      const pixel = y + ((image * height + row) * width + column) * channels * 4;
      for (let c = 0; c < channels; c += 4) {
        const value = v128.load(pixel + c * 4), zero = f32x4.sub(value, value);
        const b = bias ? v128.load(bias + c * 4) : f32x4.splat(0);
        v128.store(pixel + c * 4, activate(f32x4.add(zero, b), activation));
      }
    }
  }
}
