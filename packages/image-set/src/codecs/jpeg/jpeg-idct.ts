import { BLOCK_SIDE } from './jpeg-frame.js';

/** Bits behind the point of the factors, and of the values between the passes. */
const FACTOR_BITS = 13;
const PASS_BITS = 2;
const COLUMN_SHIFT = FACTOR_BITS - PASS_BITS;
const ROW_SHIFT = FACTOR_BITS + PASS_BITS + 3;
const COLUMN_HALF = 1 << (COLUMN_SHIFT - 1);
/** Rounding, and the 128 that samples are shifted by. */
const ROW_BIAS = (1 << (ROW_SHIFT - 1)) + (128 << ROW_SHIFT);

/** The factors of Loeffler, Ligtenberg and Moschytz (1989), times 2^13. */
const F_0_298 = 2446;
const F_0_390 = 3196;
const F_0_541 = 4433;
const F_0_765 = 6270;
const F_0_899 = 7373;
const F_1_175 = 9633;
const F_1_501 = 12299;
const F_1_847 = 15137;
const F_1_961 = 16069;
const F_2_053 = 16819;
const F_2_562 = 20995;
const F_3_072 = 25172;

const { imul } = Math;

/** The values between the passes. */
const columns = new Int32Array(BLOCK_SIDE * BLOCK_SIDE);

interface Target {
  readonly samples: Uint8ClampedArray;
  /** Where the block begins, and the distance between its rows. */
  readonly offset: number;
  readonly stride: number;
}

/**
 * The inverse discrete cosine transform of a block, in integers: equal to the accurate one of libjpeg ("islow") to the last bit.
 *
 * Source: Loeffler, Ligtenberg and Moschytz, "Practical fast 1-D DCT algorithms with 11 multiplications", 1989.
 */
export function inverseDct(
  block: Int16Array,
  quantization: Uint16Array,
  { samples, offset, stride }: Target,
): void {
  for (let i = 0; i < BLOCK_SIDE; i++) transformColumn(block, quantization, i);
  for (let row = 0, to = offset; row < BLOCK_SIDE; row++, to += stride) transformRow(8 * row, samples, to);
}

/** A block whose only coefficient is the first: one value. */
export function fillBlock(first: number, { samples, offset, stride }: Target): void {
  const value = ((first + 4) >> 3) + 128;
  for (let row = 0, to = offset; row < BLOCK_SIDE; row++, to += stride)
    for (let i = 0; i < BLOCK_SIDE; i++) samples[to + i] = value;
}

function transformColumn(block: Int16Array, quantization: Uint16Array, i: number): void {
  const c1 = block[i + 8];
  const c2 = block[i + 16];
  const c3 = block[i + 24];
  const c4 = block[i + 32];
  const c5 = block[i + 40];
  const c6 = block[i + 48];
  const c7 = block[i + 56];
  const s0 = imul(block[i], quantization[i]);
  if ((c1 | c2 | c3 | c4 | c5 | c6 | c7) === 0) {
    const value = s0 << PASS_BITS;
    for (let to = i; to < 64; to += 8) columns[to] = value;
    return;
  }
  const s2 = imul(c2, quantization[i + 16]);
  const s6 = imul(c6, quantization[i + 48]);
  const s4 = imul(c4, quantization[i + 32]);
  const even = imul(s2 + s6, F_0_541);
  const even2 = even - imul(s6, F_1_847);
  const even3 = even + imul(s2, F_0_765);
  const sum04 = (s0 + s4) << FACTOR_BITS;
  const difference04 = (s0 - s4) << FACTOR_BITS;
  const t10 = sum04 + even3 + COLUMN_HALF;
  const t13 = sum04 - even3 + COLUMN_HALF;
  const t11 = difference04 + even2 + COLUMN_HALF;
  const t12 = difference04 - even2 + COLUMN_HALF;

  const s7 = imul(c7, quantization[i + 56]);
  const s5 = imul(c5, quantization[i + 40]);
  const s3 = imul(c3, quantization[i + 24]);
  const s1 = imul(c1, quantization[i + 8]);
  const z5 = imul(s7 + s3 + s5 + s1, F_1_175);
  const z1 = -imul(s7 + s1, F_0_899);
  const z2 = -imul(s5 + s3, F_2_562);
  const z3 = z5 - imul(s7 + s3, F_1_961);
  const z4 = z5 - imul(s5 + s1, F_0_390);
  const odd0 = imul(s7, F_0_298) + z1 + z3;
  const odd1 = imul(s5, F_2_053) + z2 + z4;
  const odd2 = imul(s3, F_3_072) + z2 + z3;
  const odd3 = imul(s1, F_1_501) + z1 + z4;

  columns[i] = (t10 + odd3) >> COLUMN_SHIFT;
  columns[i + 56] = (t10 - odd3) >> COLUMN_SHIFT;
  columns[i + 8] = (t11 + odd2) >> COLUMN_SHIFT;
  columns[i + 48] = (t11 - odd2) >> COLUMN_SHIFT;
  columns[i + 16] = (t12 + odd1) >> COLUMN_SHIFT;
  columns[i + 40] = (t12 - odd1) >> COLUMN_SHIFT;
  columns[i + 24] = (t13 + odd0) >> COLUMN_SHIFT;
  columns[i + 32] = (t13 - odd0) >> COLUMN_SHIFT;
}

function transformRow(from: number, samples: Uint8ClampedArray, to: number): void {
  const s0 = columns[from];
  const s1 = columns[from + 1];
  const s2 = columns[from + 2];
  const s3 = columns[from + 3];
  const s4 = columns[from + 4];
  const s5 = columns[from + 5];
  const s6 = columns[from + 6];
  const s7 = columns[from + 7];

  const even = imul(s2 + s6, F_0_541);
  const even2 = even - imul(s6, F_1_847);
  const even3 = even + imul(s2, F_0_765);
  const sum04 = (s0 + s4) << FACTOR_BITS;
  const difference04 = (s0 - s4) << FACTOR_BITS;
  const t10 = sum04 + even3 + ROW_BIAS;
  const t13 = sum04 - even3 + ROW_BIAS;
  const t11 = difference04 + even2 + ROW_BIAS;
  const t12 = difference04 - even2 + ROW_BIAS;

  const z5 = imul(s7 + s3 + s5 + s1, F_1_175);
  const z1 = -imul(s7 + s1, F_0_899);
  const z2 = -imul(s5 + s3, F_2_562);
  const z3 = z5 - imul(s7 + s3, F_1_961);
  const z4 = z5 - imul(s5 + s1, F_0_390);
  const odd0 = imul(s7, F_0_298) + z1 + z3;
  const odd1 = imul(s5, F_2_053) + z2 + z4;
  const odd2 = imul(s3, F_3_072) + z2 + z3;
  const odd3 = imul(s1, F_1_501) + z1 + z4;

  samples[to] = (t10 + odd3) >> ROW_SHIFT;
  samples[to + 7] = (t10 - odd3) >> ROW_SHIFT;
  samples[to + 1] = (t11 + odd2) >> ROW_SHIFT;
  samples[to + 6] = (t11 - odd2) >> ROW_SHIFT;
  samples[to + 2] = (t12 + odd1) >> ROW_SHIFT;
  samples[to + 5] = (t12 - odd1) >> ROW_SHIFT;
  samples[to + 3] = (t13 + odd0) >> ROW_SHIFT;
  samples[to + 4] = (t13 - odd0) >> ROW_SHIFT;
}
