/*
 * Outputs of F(4x4, 3x3) whose window is zero in all channels: they are exactly the bias. In a tile with other
 * content the transforms leave rounding errors of either sign there, and a ReLU would pass half of them. Padding
 * counts as zero. F(2x2, 3x3) and F(2x2, 5x5) need none of this: two outputs share no transformed value that depends
 * on a pixel in the window of one of them only.
 *
 * The outputs of a tile are bits of an integer: 4 i + j for row i and column j.
 */
import { activate } from '../common/activations';
import { TILES_PER_BLOCK } from './winograd-tiles';

const OUTPUT_SIZE: i32 = 4;
const FILTER_SIZE: i32 = 3;
/** Every window has this row of its tile, or the next one, and likewise a column. */
const FIRST_CENTRAL: i32 = 2;

/** Whether all channels of a pixel are 0 or -0. Most pixels differ from 0 in the first channels. */
// @ts-ignore: decorator
@inline
function isZeroPixel(pixel: usize, bytes: usize): bool {
  for (let c: usize = 0; c < bytes; c += 16)
    if (v128.any_true(i32x4.shl(v128.load(pixel + c), 1))) return false;
  return true;
}

/** The bits that are set in a row and in the next two, `shift` bits apart. */
// @ts-ignore: decorator
@inline
function andWindow(bits: i32, shift: i32): i32 { return bits & (bits >> shift) & (bits >> (2 * shift)); }

/** The outputs of one tile, `rows` x `columns`, whose window is zero. */
function zeroWindowsOf(
  image: usize, firstRow: i32, firstColumn: i32, rows: i32, columns: i32, height: i32, width: i32,
  pixelBytes: usize,
): i32 {
  let zeroRows = 0;
  for (let i = 0; i < rows + FILTER_SIZE - 1; i++) {
    const row = firstRow + i;
    let zeroPixels = 0;
    for (let j = 0; j < columns + FILTER_SIZE - 1; j++) {
      const column = firstColumn + j;
      const isInside = row >= 0 && row < height && column >= 0 && column < width;
      if (!isInside || isZeroPixel(image + (row * width + column) * pixelBytes, pixelBytes))
        zeroPixels |= 1 << j;
    }
    zeroRows |= (andWindow(zeroPixels, 1) & ((1 << columns) - 1)) << (4 * i);
  }
  return andWindow(zeroRows, 4) & ((1 << (4 * rows)) - 1);
}

/**
 * Writes the zero windows of each tile of a block; returns whether there are any. A window can be zero only if one of
 * the central pixels of its tile is: of other tiles only these are read, up to the first value that is not 0.
 */
export function findZeroWindows(
  x: usize, zeroWindows: usize, block: i32, tiles: i32, tilesX: i32, tilesY: i32, height: i32, width: i32,
  channels: i32, outHeight: i32, outWidth: i32, top: i32, left: i32,
): bool {
  const pixelBytes = (channels * 4) as usize, rowBytes = width * pixelBytes;
  const firstTile = block * TILES_PER_BLOCK, count = min(TILES_PER_BLOCK, tiles - firstTile);
  let tileX = firstTile % tilesX, tileY = firstTile / tilesX % tilesY;
  let image = x + (firstTile / tilesX / tilesY) * height * rowBytes;
  let isAny = false;
  for (let t = 0; t < count; t++) {
    const firstRow = tileY * OUTPUT_SIZE - top, firstColumn = tileX * OUTPUT_SIZE - left;
    const row = firstRow + FIRST_CENTRAL, column = firstColumn + FIRST_CENTRAL;
    const isInside = row >= 0 && row + 1 < height && column >= 0 && column + 1 < width;
    const p = image + row * rowBytes + column * pixelBytes;
    const isCentralZero = !isInside || isZeroPixel(p, pixelBytes) || isZeroPixel(p + pixelBytes, pixelBytes)
      || isZeroPixel(p + rowBytes, pixelBytes) || isZeroPixel(p + rowBytes + pixelBytes, pixelBytes);
    let windows = 0;
    if (isCentralZero)
      windows = zeroWindowsOf(
        image, firstRow, firstColumn, min(OUTPUT_SIZE, outHeight - tileY * OUTPUT_SIZE),
        min(OUTPUT_SIZE, outWidth - tileX * OUTPUT_SIZE), height, width, pixelBytes,
      );
    store<i32>(zeroWindows + t * 4, windows);
    if (windows) isAny = true;
    if (++tileX == tilesX) {
      tileX = 0;
      if (++tileY == tilesY) {
        tileY = 0;
        image += height * rowBytes;
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
  zeroWindows: usize, y: usize, bias: usize, block: i32, tiles: i32, tilesX: i32, tilesY: i32, height: i32,
  width: i32, channels: i32, activation: i32,
): void {
  const firstTile = block * TILES_PER_BLOCK, count = min(TILES_PER_BLOCK, tiles - firstTile);
  for (let t = 0; t < count; t++) {
    const tile = firstTile + t, tileRow = tile / tilesX;
    const image = tileRow / tilesY;
    const top = (tileRow - image * tilesY) * OUTPUT_SIZE, left = (tile - tileRow * tilesX) * OUTPUT_SIZE;
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
