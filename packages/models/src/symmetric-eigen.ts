/** One component of a symmetric matrix: its eigenvalue, and the eigenvector of length 1. */
export interface Component {
  readonly value: number;
  readonly vector: readonly number[];
}

/** Sweeps over all pairs; Jacobi's method converges quadratically, so ten are plenty. */
const SWEEPS = 30;

/**
 * The eigenvalues of a symmetric matrix and their eigenvectors, the largest first, by Jacobi's rotations (Golub and Van
 * Loan, Matrix Computations, section 8.5): short, accurate for small values too, quick enough for some dozens of rows.
 * Of each vector, the entry of the largest size is above 0.
 */
export function symmetricEigen(matrix: readonly (readonly number[])[]): Component[] {
  const size = matrix.length;
  const a = matrix.map((row) => [...row]);
  const vectors = a.map((_, i) => a.map((__, j) => Number(i === j)));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let changed = false;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) {
        // Below this the rotation would change no digit.
        if (Math.abs(a[p][q]) <= 1e-17 * Math.sqrt(Math.abs(a[p][p] * a[q][q]))) continue;
        changed = true;
        rotate(a, vectors, [p, q]);
      }
    if (!changed) break;
  }
  return a
    .map((row, i) => ({ value: row[i], vector: pointed(vectors.map((entries) => entries[i])) }))
    .sort((one, other) => other.value - one.value);
}

/** Turns the plane of axes p and q so that a[p][q] becomes 0. */
function rotate(a: number[][], vectors: number[][], [p, q]: [number, number]): void {
  const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  const turn = (row: number[]) => {
    const [atP, atQ] = [row[p], row[q]];
    row[p] = cosine * atP - sine * atQ;
    row[q] = sine * atP + cosine * atQ;
  };
  a.forEach(turn);
  const [rowP, rowQ] = [a[p], a[q]];
  a[p] = rowP.map((value, i) => cosine * value - sine * rowQ[i]);
  a[q] = rowP.map((value, i) => sine * value + cosine * rowQ[i]);
  vectors.forEach(turn);
}

function pointed(vector: number[]): number[] {
  const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return largest < 0 ? vector.map((value) => -value) : vector;
}
