/*
 * Matrix products c = a b, of which either factor may lie transposed. As in Goto and van de Geijn (Anatomy of
 * High-Performance Matrix Multiplication, 2008), blocks of b are packed into panels of 8 columns, which stay in the second
 * cache while blocks of a pass. A thread has rows or columns of its own, so each sum is made in one order.
 */
import { arg, portion, put } from './arguments';
import { tile4x8 } from './gemm';

/** Products that one tile adds up before it goes to memory. */
const DEPTH: i32 = 256;
/** Rows of a, and columns of b, of a block. */
const ROWS: i32 = 64;
const COLUMNS: i32 = 256;

/** Bytes of scratch that one thread needs: the blocks, and a tile that is cut off at an edge. */
export function matMulScratch(): usize { return ((ROWS + COLUMNS) * DEPTH * 4 + 128 + 64) as usize; }

/** a[rows][depth] by its rows */
function tileOfRows(a: usize, row: usize, b: usize, c: usize, cRow: usize, count: i32, add: bool): void {
  tile4x8(a, 4, b, c, cRow, count, row, 2 * row, 3 * row, add);
}

/** The same where fewer than four rows are left: the last stands for those that are not there. */
function tileOfFewRows(a: usize, row: usize, b: usize, c: usize, cRow: usize, count: i32, rows: i32, add: bool): void {
  const a1 = rows > 1 ? row : 0, a2 = rows > 2 ? 2 * row : a1, a3 = rows > 3 ? 3 * row : a2;
  tile4x8(a, 4, b, c, cRow, count, a1, a2, a3, add);
}

/** Four rows that are packed: [depth][4]. */
function tileOfPacked(a: usize, b: usize, c: usize, cRow: usize, count: i32, add: bool): void {
  tile4x8(a, 16, b, c, cRow, count, 4, 8, 12, add);
}

/** b[k][n] to panels [n / 8][count][8] with zeros past the last column. `b` is where the block begins. */
function packColumns(b: usize, row: usize, to: usize, count: i32, columns: i32): void {
  const size = (count as usize) << 5;
  const zero = f32x4.splat(0);
  let n = 0;
  // Two panels are one line of the cache.
  for (; n + 16 <= columns; n += 16) {
    let from = b + (n << 2);
    for (let k = 0; k < count; k++) {
      v128.store(to, v128.load(from)); v128.store(to, v128.load(from, 16), 16);
      v128.store(to + size, v128.load(from, 32)); v128.store(to + size, v128.load(from, 48), 16);
      from += row;
      to += 32;
    }
    to += size;
  }
  for (; n < columns; n += 8) {
    const rest = min(columns - n, 8);
    let from = b + (n << 2);
    for (let k = 0; k < count; k++) {
      if (rest == 8) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
      } else {
        v128.store(to, zero);
        v128.store(to, zero, 16);
        for (let i = 0; i < rest; i++) store<f32>(to + (i << 2), load<f32>(from + (i << 2)));
      }
      from += row;
      to += 32;
    }
  }
}

/** The same of b that lies as [n][k]. */
function packRows(b: usize, row: usize, to: usize, count: i32, columns: i32): void {
  for (let n = 0; n < columns; n += 8) {
    const rest = columns - n;
    for (let half = 0; half < 8; half += 4) {
      const r0 = b + (n + half) * row;
      const left = rest - half;
      // Rows that are not there are read as the first and made zero.
      const r1 = left > 1 ? r0 + row : r0, r2 = left > 2 ? r0 + 2 * row : r0, r3 = left > 3 ? r0 + 3 * row : r0;
      let out = to + (half << 2);
      if (left <= 0) {
        for (let k = 0; k < count; k++) v128.store(out + (k << 5), f32x4.splat(0));
        continue;
      }
      const m1 = i32x4.splat(left > 1 ? -1 : 0), m2 = i32x4.splat(left > 2 ? -1 : 0), m3 = i32x4.splat(left > 3 ? -1 : 0);
      let k: usize = 0;
      const bytes = (count as usize) << 2;
      for (; k + 16 <= bytes; k += 16) {
        const v0 = v128.load(r0 + k), v1 = v128.and(v128.load(r1 + k), m1), v2 = v128.and(v128.load(r2 + k), m2), v3 = v128.and(v128.load(r3 + k), m3);
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
        store<f32>(out, left > 1 ? load<f32>(r1 + k) : 0, 4);
        store<f32>(out, left > 2 ? load<f32>(r2 + k) : 0, 8);
        store<f32>(out, left > 3 ? load<f32>(r3 + k) : 0, 12);
        out += 32;
      }
    }
    to += (count as usize) << 5;
  }
}

/** a that lies as [k][m] to [m / 4][count][4]; what is past the last row is left to what lies there. */
function packTransposed(a: usize, row: usize, to: usize, count: i32, rows: i32): void {
  const size = (count as usize) << 4;
  let m = 0;
  for (; m + 16 <= rows; m += 16) {
    let from = a + (m << 2);
    for (let k = 0; k < count; k++) {
      v128.store(to, v128.load(from));
      v128.store(to + size, v128.load(from, 16));
      v128.store(to + 2 * size, v128.load(from, 32));
      v128.store(to + 3 * size, v128.load(from, 48));
      from += row;
      to += 16;
    }
    to += 3 * size;
  }
  for (; m < rows; m += 4) {
    let from = a + (m << 2);
    for (let k = 0; k < count; k++) {
      v128.store(to, v128.load(from));
      from += row;
      to += 16;
    }
  }
}

/** A tile of `rows` x `columns` from where it was made dense. */
function putTile(tile: usize, c: usize, cRow: usize, rows: i32, columns: i32, add: bool): void {
  for (let r = 0; r < rows; r++) {
    let low = v128.load(tile + (r << 5)), high = v128.load(tile + (r << 5), 16);
    const out = c + r * cRow;
    if (add) {
      // What is read past the row is not written back.
      low = f32x4.add(low, v128.load(out));
      high = f32x4.add(high, v128.load(out, 16));
    }
    put(out, columns, low);
    if (columns > 4) put(out + 16, columns - 4, high);
  }
}

/** Rows of a block of results: bias and activation (0: none, 1: max(0, x), 2: the same up to 6). */
function finish(c: usize, cRow: usize, rows: i32, columns: i32, bias: usize, activation: i32): void {
  const zero = f32x4.splat(0), six = f32x4.splat(6);
  for (let r = 0; r < rows; r++) {
    for (let n = 0; n < columns; n += 4) {
      let v = v128.load(c + (n << 2));
      if (bias) v = f32x4.add(v, v128.load(bias + (n << 2)));
      if (activation) v = f32x4.pmax(v, zero);
      if (activation == 2) v = f32x4.pmin(v, six);
      put(c + (n << 2), columns - n, v);
    }
    c += cRow;
  }
}

/** Rows `top` to `bottom` and columns `left` to `right` of one product. */
function product(a: usize, b: usize, c: usize, bias: usize, activation: i32, m: i32, n: i32, k: i32, isTransposedA: bool, isTransposedB: bool, top: i32, bottom: i32, left: i32, right: i32, scratch: usize): void {
  const aRow = ((isTransposedA ? m : k) as usize) << 2, bRow = ((isTransposedB ? k : n) as usize) << 2, cRow = (n as usize) << 2;
  const panels = scratch + ROWS * DEPTH * 4, edge = panels + COLUMNS * DEPTH * 4;
  for (let depth = 0; depth < k; depth += DEPTH) {
    const count = min(DEPTH, k - depth);
    const add = depth > 0, isLast = depth + count == k;
    for (let column = left; column < right; column += COLUMNS) {
      const columns = min(COLUMNS, right - column);
      if (isTransposedB) packRows(b + (column as usize) * bRow + (depth << 2), bRow, panels, count, columns);
      else packColumns(b + (depth as usize) * bRow + (column << 2), bRow, panels, count, columns);
      for (let row = top; row < bottom; row += ROWS) {
        const rows = min(ROWS, bottom - row);
        if (isTransposedA) packTransposed(a + (depth as usize) * aRow + (row << 2), aRow, scratch, count, rows);
        for (let j = 0; j < columns; j += 8) {
          const panel = panels + (((j as usize) * count) << 2);
          for (let i = 0; i < rows; i += 4) {
            const out = c + (row + i) * cRow + ((column + j) << 2);
            const from = isTransposedA ? scratch + (((i as usize) * count) << 2) : a + (row + i) * aRow + (depth << 2);
            const isWhole = rows - i >= 4 && columns - j >= 8;
            const to = isWhole ? out : edge, toRow = isWhole ? cRow : 32;
            if (isTransposedA) tileOfPacked(from, panel, to, toRow, count, isWhole && add);
            else if (rows - i >= 4) tileOfRows(from, aRow, panel, to, toRow, count, isWhole && add);
            else tileOfFewRows(from, aRow, panel, to, toRow, count, rows - i, isWhole && add);
            if (!isWhole) putTile(edge, out, cRow, min(4, rows - i), min(8, columns - j), add);
          }
        }
        if (isLast && (bias || activation)) finish(c + row * cRow + (column << 2), cRow, rows, columns, bias ? bias + (column << 2) : 0, activation);
      }
    }
  }
}

/** a, b, c, bias or 0, activation, batch, m, n, k, a transposed, b transposed, bytes from one a, b to the next in the batch, scratch */
export function matMul(p: usize, thread: i32, threads: i32, worker: i32): void {
  const batch = arg(p, 5), m = arg(p, 6), n = arg(p, 7), k = arg(p, 8);
  const scratch = (arg(p, 13) as usize) + worker * matMulScratch();
  let first = 0, last = batch, top = 0, bottom = m, left = 0, right = n;
  if (batch >= threads && batch > 1) {
    first = portion(batch, thread, threads);
    last = portion(batch, thread + 1, threads);
  } else if (m > n) {
    top = portion((m + 3) >> 2, thread, threads) << 2;
    bottom = min(m, portion((m + 3) >> 2, thread + 1, threads) << 2);
  } else {
    left = portion((n + 7) >> 3, thread, threads) << 3;
    right = min(n, portion((n + 7) >> 3, thread + 1, threads) << 3);
  }
  for (let i = first; i < last; i++)
    product(
      (arg(p, 0) as usize) + i * arg(p, 11), (arg(p, 1) as usize) + i * arg(p, 12), (arg(p, 2) as usize) + (((i as usize) * m * n) << 2),
      arg(p, 3), arg(p, 4), m, n, k, arg(p, 9) != 0, arg(p, 10) != 0, top, bottom, left, right, scratch,
    );
}
