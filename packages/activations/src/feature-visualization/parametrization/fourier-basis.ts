import type { Matrix } from '../separable-product.js';

/** The value at `position` of the k-th function of the real Fourier basis of `size` positions. */
function basisValue(size: number, k: number, position: number): number {
  const cycles = cyclesOf(size, k);
  const angle = 2 * Math.PI * cycles * position;
  if (k === 0) return Math.sqrt(1 / size);
  if (2 * cycles === 1) return Math.sqrt(1 / size) * Math.cos(angle);
  return Math.sqrt(2 / size) * (k % 2 ? Math.cos(angle) : Math.sin(angle));
}

/** The frequency of the k-th function, in cycles per position. */
const cyclesOf = (size: number, k: number) => Math.ceil(k / 2) / size;

/**
 * The real Fourier basis of `size` positions: orthonormal columns 1, cos, sin, cos, sin, ... of rising
 * frequency; the last one of an even size alternates. `cycles` are their frequencies, in cycles per position.
 * The products of a vertical and a horizontal function span the same spaces as the plane waves of the
 * two-dimensional DFT of those frequencies.
 */
export function fourierBasis(size: number): { columns: Matrix; cycles: readonly number[] } {
  const numbers = Array.from({ length: size }, (_, i) => i);
  return {
    columns: numbers.map((position) => numbers.map((k) => basisValue(size, k, position))),
    cycles: numbers.map((k) => cyclesOf(size, k)),
  };
}

/**
 * The scale of each pair of vertical and horizontal frequencies, height x width: 1 / frequency^decay. The
 * frequency of the mean is taken as that of a wave as long as the longer side.
 */
export function frequencyScale(
  rows: readonly number[],
  columns: readonly number[],
  { decay }: { decay: number },
): Float32Array {
  const lowest = 1 / Math.max(rows.length, columns.length);
  return Float32Array.from({ length: rows.length * columns.length }, (_, i) => {
    const frequency = Math.hypot(rows[Math.floor(i / columns.length)], columns[i % columns.length]);
    return Math.max(frequency, lowest) ** -decay;
  });
}
