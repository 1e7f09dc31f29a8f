import type { Matrix } from './separable.js';

/**
 * The real Fourier basis of a line of `size` places: orthonormal columns 1, cos, sin, cos, sin ... of rising frequency,
 * and for an even size the alternating one last. `cycles` are their frequencies, per place. Products of two of them span
 * the same spaces as the plane waves of a two-dimensional DFT whose frequencies are theirs, up to sign.
 */
export function fourierBasis(size: number): { columns: Matrix; cycles: readonly number[] } {
  const cycles = Array.from({ length: size }, (_, k) => Math.ceil(k / 2) / size);
  const wave = (place: number, k: number) => {
    if (k === 0) return Math.sqrt(1 / size);
    const angle = 2 * Math.PI * cycles[k] * place;
    if (2 * cycles[k] === 1) return Math.sqrt(1 / size) * Math.cos(angle);
    return Math.sqrt(2 / size) * (k % 2 ? Math.cos(angle) : Math.sin(angle));
  };
  const columns = Array.from({ length: size }, (_, place) =>
    Array.from({ length: size }, (_, k) => wave(place, k)),
  );
  return { columns, cycles };
}

/**
 * How strongly each pair of frequencies enters an image: 1 / frequency^decay, height x width, and for the mean of the
 * image that of a wave as long as its longer side.
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
