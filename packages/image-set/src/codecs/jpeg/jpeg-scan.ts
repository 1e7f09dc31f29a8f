import { JpegBits, type HuffmanTable } from './jpeg-bits.js';
import type { JpegFail } from './jpeg-fail.js';
import { BLOCK_SAMPLES, BLOCK_SIDE, type JpegFrame } from './jpeg-frame.js';
import { fillBlock, inverseDct } from './jpeg-idct.js';
import type { JpegPlane } from './jpeg-planes.js';

/** By the order in a file: the place of a coefficient in a block, row by row (T.81, figure A.6). */
// prettier-ignore
export const ZIGZAG = Uint8Array.of(
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
  12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
  58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
);

const FIRST_RESTART = 0xd0;
const LAST_RESTART = 0xd7;
/** The largest size of a difference of first coefficients, in bits. */
const MAX_DIFFERENCE_BITS = 15;

/** A plane in a scan, with the tables that its coefficients are coded with. */
export interface ScanPlane {
  readonly plane: JpegPlane;
  /** Of the first coefficients, and of the others. */
  readonly firstTable?: HuffmanTable;
  readonly otherTable?: HuffmanTable;
  /** The first coefficient of the last block. */
  prediction: number;
}

export interface JpegScan {
  readonly planes: readonly ScanPlane[];
  /** The coefficients that it codes, in the order of the file. */
  readonly from: number;
  readonly to: number;
  /** The lowest bit that was coded before (0: none), and that is coded now. */
  readonly highBit: number;
  readonly lowBit: number;
  /** The units from one restart to the next; 0: there are none. */
  readonly restartInterval: number;
}

/** Decodes the blocks of a scan, one after another. */
interface BlockDecoder {
  readonly decode: (plane: ScanPlane, column: number, row: number) => void;
  readonly restart: () => void;
}

/**
 * Decodes the data of a scan, which begins at `position`: into samples, or into the coefficients of a progressive image.
 *
 * @returns the position behind the data
 */
export function decodeScan(
  bytes: Uint8Array,
  position: number,
  { frame, scan, fail }: { frame: JpegFrame; scan: JpegScan; fail: JpegFail },
): number {
  const bits = new JpegBits(bytes, position, fail);
  const decoder: BlockDecoder = frame.isProgressive
    ? new ProgressiveDecoder(bits, scan, fail)
    : new SequentialDecoder(bits, fail);
  const [first] = scan.planes;
  const { blockColumns, blockRows } = first.plane.component;
  // A scan of one component has no blocks beyond the image, and one block in a unit.
  const isSingle = scan.planes.length === 1;
  const columns = isSingle ? blockColumns : frame.unitColumns;
  const rows = isSingle ? blockRows : frame.unitRows;
  let untilRestart = scan.restartInterval || Infinity;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      if (untilRestart === 0) {
        bits.restart(restartAfter(bytes, bits.position, fail));
        decoder.restart();
        for (const plane of scan.planes) plane.prediction = 0;
        untilRestart = scan.restartInterval;
      }
      untilRestart--;
      if (isSingle) decoder.decode(first, column, row);
      else decodeUnit(scan.planes, { column, row, decoder });
      if (bits.hasRunOut) fail('data for all blocks', 'an end before them');
    }
  return bits.position;
}

function decodeUnit(
  planes: readonly ScanPlane[],
  { column, row, decoder }: { column: number; row: number; decoder: BlockDecoder },
): void {
  for (const plane of planes) {
    const { h, v } = plane.plane.component;
    for (let y = 0; y < v; y++)
      for (let x = 0; x < h; x++) decoder.decode(plane, column * h + x, row * v + y);
  }
}

/** The position behind the next restart marker. */
function restartAfter(bytes: Uint8Array, position: number, fail: JpegFail): number {
  let start = bytes.indexOf(0xff, position);
  // A 0xff of the data is followed by 0; fill bytes are further ones.
  while (start >= 0 && (bytes[start + 1] === 0 || bytes[start + 1] === 0xff))
    start = bytes.indexOf(0xff, start + 1);
  const marker = start < 0 ? undefined : bytes[start + 1];
  if (marker === undefined || marker < FIRST_RESTART || marker > LAST_RESTART)
    return fail('a restart marker', 'none');
  return start + 2;
}

/** Reads the difference of the first coefficient to that of the last block. */
function readDifference(bits: JpegBits, table: HuffmanTable, fail: JpegFail): number {
  const size = bits.symbol(table);
  if (size > MAX_DIFFERENCE_BITS) fail('a difference of at most 15 bits', `${size}`);
  return size === 0 ? 0 : bits.readSigned(size);
}

/** Decodes whole blocks (T.81, F.2), and transforms each at once. */
class SequentialDecoder implements BlockDecoder {
  readonly #bits: JpegBits;
  readonly #fail: JpegFail;
  readonly #block = new Int16Array(BLOCK_SAMPLES);

  constructor(bits: JpegBits, fail: JpegFail) {
    this.#bits = bits;
    this.#fail = fail;
  }

  restart(): void {
    // Blocks do not depend on others, beside their first coefficient.
  }

  decode(scanned: ScanPlane, column: number, row: number): void {
    const { plane, firstTable, otherTable } = scanned;
    const { samples, stride } = plane;
    const quantization = plane.quantization!;
    const block = this.#block;
    scanned.prediction += readDifference(this.#bits, firstTable!, this.#fail);
    const last = this.#readOthers(block, otherTable!);
    const target = { samples, stride, offset: row * BLOCK_SIDE * stride + column * BLOCK_SIDE };
    if (last === 0) {
      fillBlock(Math.imul((scanned.prediction << 16) >> 16, quantization[0]), target);
      return;
    }
    block[0] = scanned.prediction;
    inverseDct(block, quantization, target);
    block.fill(0);
  }

  /** Reads all coefficients but the first; returns the order of the last that is coded. */
  #readOthers(block: Int16Array, table: HuffmanTable): number {
    const bits = this.#bits;
    let last = 0;
    for (let k = 1; k < BLOCK_SAMPLES; k++) {
      const symbol = bits.symbol(table);
      const size = symbol & 15;
      const zeros = symbol >> 4;
      if (size === 0) {
        if (zeros < 15) break;
        k += 15;
        continue;
      }
      k += zeros;
      if (k >= BLOCK_SAMPLES) this.#fail('64 coefficients in a block', 'more');
      block[ZIGZAG[k]] = bits.readSigned(size);
      last = k;
    }
    return last;
  }
}

/** Decodes some coefficients of blocks, or a further bit of them (T.81, annex G). */
class ProgressiveDecoder implements BlockDecoder {
  readonly #bits: JpegBits;
  readonly #scan: JpegScan;
  readonly #fail: JpegFail;
  /** The blocks from here on that have no further coefficients. */
  #emptyBlocks = 0;

  constructor(bits: JpegBits, scan: JpegScan, fail: JpegFail) {
    this.#bits = bits;
    this.#scan = scan;
    this.#fail = fail;
  }

  restart(): void {
    this.#emptyBlocks = 0;
  }

  decode(scanned: ScanPlane, column: number, row: number): void {
    const { component, coefficients } = scanned.plane;
    const start = (row * component.storedColumns + column) * BLOCK_SAMPLES;
    const { from, highBit, lowBit } = this.#scan;
    if (from > 0) {
      if (highBit === 0) this.#readOthers(coefficients!, start, scanned.otherTable!);
      else this.#refineOthers(coefficients!, start, scanned.otherTable!);
    } else if (highBit === 0) {
      scanned.prediction += readDifference(this.#bits, scanned.firstTable!, this.#fail);
      coefficients![start] = scanned.prediction << lowBit;
    } else if (this.#bits.read(1)) coefficients![start] |= 1 << lowBit;
  }

  #readOthers(coefficients: Int16Array, start: number, table: HuffmanTable): void {
    if (this.#emptyBlocks > 0) {
      this.#emptyBlocks--;
      return;
    }
    const { from, to, lowBit } = this.#scan;
    for (let k = from; k <= to; k++) {
      const symbol = this.#bits.symbol(table);
      const size = symbol & 15;
      const zeros = symbol >> 4;
      if (size === 0 && zeros < 15) {
        this.#emptyBlocks = this.#readEmptyBlocks(zeros) - 1;
        return;
      }
      k += zeros;
      if (size === 0) continue;
      if (k >= BLOCK_SAMPLES) this.#fail('64 coefficients in a block', 'more');
      coefficients[start + ZIGZAG[k]] = this.#bits.readSigned(size) << lowBit;
    }
  }

  #readEmptyBlocks(size: number): number {
    return (1 << size) + (size === 0 ? 0 : this.#bits.read(size));
  }

  #refineOthers(coefficients: Int16Array, start: number, table: HuffmanTable): void {
    const { from, to, lowBit } = this.#scan;
    const bit = 1 << lowBit;
    let k = from;
    while (k <= to && this.#emptyBlocks === 0) {
      const symbol = this.#bits.symbol(table);
      const size = symbol & 15;
      const zeros = symbol >> 4;
      if (size === 0 && zeros < 15) {
        this.#emptyBlocks = this.#readEmptyBlocks(zeros);
        break;
      }
      const value = size === 0 ? 0 : this.#bits.read(1) ? bit : -bit;
      k = this.#skip(coefficients, { start, k, zeros });
      if (value !== 0 && k <= to) coefficients[start + ZIGZAG[k]] = value;
      k++;
    }
    if (this.#emptyBlocks === 0) return;
    this.#skip(coefficients, { start, k, zeros: Infinity });
    this.#emptyBlocks--;
  }

  /** Refines coefficients from `k` on, up to the zero behind `zeros` others; returns its order. */
  #skip(coefficients: Int16Array, { start, k, zeros }: { start: number; k: number; zeros: number }): number {
    const { to, lowBit } = this.#scan;
    const bit = 1 << lowBit;
    for (; k <= to; k++) {
      const at = start + ZIGZAG[k];
      const value = coefficients[at];
      if (value === 0) {
        if (zeros === 0) return k;
        zeros--;
      } else if (this.#bits.read(1) && (value & bit) === 0) coefficients[at] += value > 0 ? bit : -bit;
    }
    return k;
  }
}
