/** One component of a symmetric matrix: an eigenvalue and its eigenvector of length 1. */
export interface EigenPair {
  readonly eigenvalue: number;
  readonly eigenvector: readonly number[];
}

/** One sweep rotates each pair of axes. Jacobi's method converges quadratically, mostly within ten sweeps. */
const MAX_SWEEPS = 30;

/**
 * The eigenvalues of a symmetric matrix and their eigenvectors, the largest first, by Jacobi's rotations
 * (Golub and Van Loan, Matrix Computations, section 8.5): accurate for small eigenvalues too, and fast enough
 * for some dozens of rows. The entry of each vector with the largest absolute value is positive.
 */
export function symmetricEigen(matrix: readonly (readonly number[])[]): EigenPair[] {
  const size = matrix.length;
  const a = matrix.map((row) => [...row]);
  const vectors = a.map((_, i) => a.map((__, j) => Number(i === j)));
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let changed = false;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) {
        // A rotation of a smaller entry would change no digit.
        if (Math.abs(a[p][q]) <= 1e-17 * Math.sqrt(Math.abs(a[p][p] * a[q][q]))) continue;
        changed = true;
        jacobiRotate(a, vectors, [p, q]);
      }
    if (!changed) break;
  }
  return a
    .map((row, i) => ({ eigenvalue: row[i], eigenvector: orientSign(vectors.map((entries) => entries[i])) }))
    .sort((first, second) => second.eigenvalue - first.eigenvalue);
}

/** Rotates the plane of axes p and q so that a[p][q] becomes 0. */
function jacobiRotate(a: number[][], vectors: number[][], [p, q]: [number, number]): void {
  const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  const rotateColumns = (row: number[]) => {
    const [valueP, valueQ] = [row[p], row[q]];
    row[p] = cosine * valueP - sine * valueQ;
    row[q] = sine * valueP + cosine * valueQ;
  };
  a.forEach(rotateColumns);
  const [rowP, rowQ] = [a[p], a[q]];
  a[p] = rowP.map((value, i) => cosine * value - sine * rowQ[i]);
  a[q] = rowP.map((value, i) => sine * value + cosine * rowQ[i]);
  vectors.forEach(rotateColumns);
}

function orientSign(vector: number[]): number[] {
  const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return largest < 0 ? vector.map((value) => -value) : vector;
}
