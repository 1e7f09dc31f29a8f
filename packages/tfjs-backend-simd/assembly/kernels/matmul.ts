/*
 * Matrix products c = a b, where a and b may be stored transposed. As in Goto and van de Geijn (Anatomy of
 * High-Performance Matrix Multiplication, 2008), blocks of b are packed into panels of 8 columns, which stay
 * in the L2 cache while blocks of a pass. Each chunk has its own rows or columns, so the order of each sum is
 * fixed.
 */
import { activate } from '../common/activations';
import { arg } from '../common/arguments';
import { chunkStart } from '../common/chunks';
import { storeLanes } from '../common/lanes';
import { tile4x8 } from '../common/gemm';

/** Block size along k: products that a tile accumulates before it is stored. */
const BLOCK_DEPTH: i32 = 256;
/** Rows of a block of a, and columns of a block of b. */
const BLOCK_ROWS: i32 = 64;
const BLOCK_COLUMNS: i32 = 256;

/** The bytes of scratch memory that a thread needs: the packed blocks, and a partial tile. */
export function matMulScratch(): usize {
  return ((BLOCK_ROWS + BLOCK_COLUMNS) * BLOCK_DEPTH * 4 + 128 + 64) as usize;
}

/** A tile of four rows of a[m][k]. */
function tileOfRows(a: usize, rowBytes: usize, b: usize, c: usize, cRow: usize, count: i32, add: bool): void {
  tile4x8(a, 4, b, c, cRow, count, rowBytes, 2 * rowBytes, 3 * rowBytes, add);
}

/** The same for fewer than four rows: the last row is used in place of the missing ones. */
function tileOfFewRows(
  a: usize, rowBytes: usize, b: usize, c: usize, cRow: usize, count: i32, rows: i32, add: bool,
): void {
  const a1 = rows > 1 ? rowBytes : 0, a2 = rows > 2 ? 2 * rowBytes : a1, a3 = rows > 3 ? 3 * rowBytes : a2;
  tile4x8(a, 4, b, c, cRow, count, a1, a2, a3, add);
}

/** A tile of four rows of a packed block [k][4]. */
function tileOfPacked(a: usize, b: usize, c: usize, cRow: usize, count: i32, add: bool): void {
  tile4x8(a, 16, b, c, cRow, count, 4, 8, 12, add);
}

/**
 * Packs a block of b[k][n], which begins at `b`, into panels [n / 8][count][8], with zeros past the last
 * column.
 */
function packColumns(b: usize, rowBytes: usize, target: usize, count: i32, columns: i32): void {
  const panelBytes = (count as usize) << 5;
  const zero = f32x4.splat(0);
  let n = 0;
  // Two panels at a time read one cache line (64 bytes).
  for (; n + 16 <= columns; n += 16) {
    let source = b + (n << 2);
    for (let k = 0; k < count; k++) {
      v128.store(target, v128.load(source)); v128.store(target, v128.load(source, 16), 16);
      v128.store(target + panelBytes, v128.load(source, 32));
      v128.store(target + panelBytes, v128.load(source, 48), 16);
      source += rowBytes;
      target += 32;
    }
    target += panelBytes;
  }
  for (; n < columns; n += 8) {
    const remaining = min(columns - n, 8);
    let source = b + (n << 2);
    for (let k = 0; k < count; k++) {
      if (remaining == 8) {
        v128.store(target, v128.load(source));
        v128.store(target, v128.load(source, 16), 16);
      } else {
        v128.store(target, zero);
        v128.store(target, zero, 16);
        for (let i = 0; i < remaining; i++) store<f32>(target + (i << 2), load<f32>(source + (i << 2)));
      }
      source += rowBytes;
      target += 32;
    }
  }
}

/** The same for b stored as [n][k]. */
function packRows(b: usize, rowBytes: usize, target: usize, count: i32, columns: i32): void {
  for (let n = 0; n < columns; n += 8) {
    const columnsLeft = columns - n;
    for (let half = 0; half < 8; half += 4) {
      const r0 = b + (n + half) * rowBytes;
      const rowsLeft = columnsLeft - half;
      // The first row is read in place of missing ones, and masked to zero.
      const r1 = rowsLeft > 1 ? r0 + rowBytes : r0, r2 = rowsLeft > 2 ? r0 + 2 * rowBytes : r0;
      const r3 = rowsLeft > 3 ? r0 + 3 * rowBytes : r0;
      let out = target + (half << 2);
      if (rowsLeft <= 0) {
        for (let k = 0; k < count; k++) v128.store(out + (k << 5), f32x4.splat(0));
        continue;
      }
      const m1 = i32x4.splat(rowsLeft > 1 ? -1 : 0), m2 = i32x4.splat(rowsLeft > 2 ? -1 : 0);
      const m3 = i32x4.splat(rowsLeft > 3 ? -1 : 0);
      let k: usize = 0;
      const bytes = (count as usize) << 2;
      for (; k + 16 <= bytes; k += 16) {
        const v0 = v128.load(r0 + k), v1 = v128.and(v128.load(r1 + k), m1);
        const v2 = v128.and(v128.load(r2 + k), m2), v3 = v128.and(v128.load(r3 + k), m3);
        const a = i32x4.shuffle(v0, v1, 0, 4, 1, 5), b = i32x4.shuffle(v2, v3, 0, 4, 1, 5);
        const c = i32x4.shuffle(v0, v1, 2, 6, 3, 7), d = i32x4.shuffle(v2, v3, 2, 6, 3, 7);
        v128.store(out, i64x2.shuffle(a, b, 0, 2));
        v128.store(out, i64x2.shuffle(a, b, 1, 3), 32);
        v128.store(out, i64x2.shuffle(c, d, 0, 2), 64);
        v128.store(out, i64x2.shuffle(c, d, 1, 3), 96);
        out += 128;
      }
      for (; k < bytes; k += 4) {
        store<f32>(out, load<f32>(r0 + k));
        store<f32>(out, rowsLeft > 1 ? load<f32>(r1 + k) : 0, 4);
        store<f32>(out, rowsLeft > 2 ? load<f32>(r2 + k) : 0, 8);
        store<f32>(out, rowsLeft > 3 ? load<f32>(r3 + k) : 0, 12);
        out += 32;
      }
    }
    target += (count as usize) << 5;
  }
}

/** Packs a, stored as [k][m], into [m / 4][count][4]; lanes past the last row hold arbitrary values. */
function packTransposed(a: usize, rowBytes: usize, target: usize, count: i32, rows: i32): void {
  const panelBytes = (count as usize) << 4;
  let m = 0;
  for (; m + 16 <= rows; m += 16) {
    let source = a + (m << 2);
    for (let k = 0; k < count; k++) {
      v128.store(target, v128.load(source));
      v128.store(target + panelBytes, v128.load(source, 16));
      v128.store(target + 2 * panelBytes, v128.load(source, 32));
      v128.store(target + 3 * panelBytes, v128.load(source, 48));
      source += rowBytes;
      target += 16;
    }
    target += 3 * panelBytes;
  }
  for (; m < rows; m += 4) {
    let source = a + (m << 2);
    for (let k = 0; k < count; k++) {
      v128.store(target, v128.load(source));
      source += rowBytes;
      target += 16;
    }
  }
}

/** Copies a partial tile (`rows` x `columns`) from its dense buffer to the result. */
function storeTile(tile: usize, c: usize, cRow: usize, rows: i32, columns: i32, add: bool): void {
  for (let r = 0; r < rows; r++) {
    let low = v128.load(tile + (r << 5)), high = v128.load(tile + (r << 5), 16);
    const out = c + r * cRow;
    if (add) {
      // Values read past the row are not stored.
      low = f32x4.add(low, v128.load(out));
      high = f32x4.add(high, v128.load(out, 16));
    }
    storeLanes(out, columns, low);
    if (columns > 4) storeLanes(out + 16, columns - 4, high);
  }
}

/** Adds the bias, if any, to a block of results, and applies the activation (0: none, 1: relu, 2: relu6). */
function addBiasAndActivate(
  c: usize, cRow: usize, rows: i32, columns: i32, bias: usize, activation: i32,
): void {
  for (let r = 0; r < rows; r++) {
    for (let n = 0; n < columns; n += 4) {
      let v = v128.load(c + (n << 2));
      if (bias) v = f32x4.add(v, v128.load(bias + (n << 2)));
      storeLanes(c + (n << 2), columns - n, activate(v, activation));
    }
    c += cRow;
  }
}

/** Computes rows `top` to `bottom` and columns `left` to `right` of one product. */
function product(
  a: usize, b: usize, c: usize, bias: usize, activation: i32, m: i32, n: i32, k: i32, isTransposedA: bool,
  isTransposedB: bool, top: i32, bottom: i32, left: i32, right: i32, scratch: usize,
): void {
  const aRow = ((isTransposedA ? m : k) as usize) << 2, bRow = ((isTransposedB ? k : n) as usize) << 2;
  const cRow = (n as usize) << 2;
  const panels = scratch + BLOCK_ROWS * BLOCK_DEPTH * 4, edge = panels + BLOCK_COLUMNS * BLOCK_DEPTH * 4;
  for (let depth = 0; depth < k; depth += BLOCK_DEPTH) {
    const count = min(BLOCK_DEPTH, k - depth);
    const add = depth > 0, isLast = depth + count == k;
    for (let column = left; column < right; column += BLOCK_COLUMNS) {
      const columns = min(BLOCK_COLUMNS, right - column);
      if (isTransposedB) packRows(b + (column as usize) * bRow + (depth << 2), bRow, panels, count, columns);
      else packColumns(b + (depth as usize) * bRow + (column << 2), bRow, panels, count, columns);
      for (let row = top; row < bottom; row += BLOCK_ROWS) {
        const rows = min(BLOCK_ROWS, bottom - row);
        if (isTransposedA)
          packTransposed(a + (depth as usize) * aRow + (row << 2), aRow, scratch, count, rows);
        for (let j = 0; j < columns; j += 8) {
          const panel = panels + (((j as usize) * count) << 2);
          for (let i = 0; i < rows; i += 4) {
            const result = c + (row + i) * cRow + ((column + j) << 2);
            const source = isTransposedA
              ? scratch + (((i as usize) * count) << 2)
              : a + (row + i) * aRow + (depth << 2);
            const isWhole = rows - i >= 4 && columns - j >= 8;
            const target = isWhole ? result : edge, targetRow = isWhole ? cRow : 32;
            if (isTransposedA) tileOfPacked(source, panel, target, targetRow, count, isWhole && add);
            else if (rows - i >= 4) tileOfRows(source, aRow, panel, target, targetRow, count, isWhole && add);
            else tileOfFewRows(source, aRow, panel, target, targetRow, count, rows - i, isWhole && add);
            if (!isWhole) storeTile(edge, result, cRow, min(4, rows - i), min(8, columns - j), add);
          }
        }
        if (isLast && (bias || activation))
          addBiasAndActivate(
            c + row * cRow + (column << 2), cRow, rows, columns, bias ? bias + (column << 2) : 0, activation,
          );
      }
    }
  }
}

/**
 * a, b, c, bias or 0, activation, batch, m, n, k, a transposed, b transposed, bytes between the matrices of a
 * batch of a and of b, scratch
 */
export function matMul(p: usize, chunk: i32, chunks: i32, worker: i32): void {
  const batch = arg(p, 5), m = arg(p, 6), n = arg(p, 7), k = arg(p, 8);
  const scratch = (arg(p, 13) as usize) + worker * matMulScratch();
  let first = 0, last = batch, top = 0, bottom = m, left = 0, right = n;
  if (batch >= chunks && batch > 1) {
    first = chunkStart(batch, chunk, chunks);
    last = chunkStart(batch, chunk + 1, chunks);
  } else if (m > n) {
    top = chunkStart((m + 3) >> 2, chunk, chunks) << 2;
    bottom = min(m, chunkStart((m + 3) >> 2, chunk + 1, chunks) << 2);
  } else {
    left = chunkStart((n + 7) >> 3, chunk, chunks) << 3;
    right = min(n, chunkStart((n + 7) >> 3, chunk + 1, chunks) << 3);
  }
  for (let i = first; i < last; i++)
    product(
      (arg(p, 0) as usize) + i * arg(p, 11),
      (arg(p, 1) as usize) + i * arg(p, 12),
      (arg(p, 2) as usize) + (((i as usize) * m * n) << 2),
      arg(p, 3), arg(p, 4), m, n, k, arg(p, 9) != 0, arg(p, 10) != 0, top, bottom, left, right, scratch,
    );
}
