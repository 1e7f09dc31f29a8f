import { broadcastShape, sourceIndices } from './broadcasting.js';
import { expect, rootMeanSquare, sizeOf, zeros, type Gradient, type Result, type Values } from './values.js';

interface Transposes {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** Products of the matrices in the last two dimensions; the dimensions before broadcast. */
export function matMul(
  a: Values,
  b: Values,
  { transposeA = false, transposeB = false }: Transposes = {},
): Result {
  const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const batch = broadcastShape(batchA, batchB);
  const [indexA, indexB] = [batchA, batchB].map((shape) => sourceIndices(shape, batch));
  const [m, k] = transposeA ? [a.shape.at(-1)!, a.shape.at(-2)!] : [a.shape.at(-2)!, a.shape.at(-1)!];
  const [k2, n] = transposeB ? [b.shape.at(-1)!, b.shape.at(-2)!] : [b.shape.at(-2)!, b.shape.at(-1)!];
  expect(k === k2, `Matrices [${a.shape}] and [${b.shape}] do not multiply`);
  const [rowA, columnA] = transposeA ? [1, m] : [k, 1];
  const [rowB, columnB] = transposeB ? [1, k] : [n, 1];

  /** Calls `visit` with the indices of each product a * b that is added to y. */
  const forEachProduct = (visit: (a: number, b: number, y: number) => void) => {
    for (let matrix = 0; matrix < sizeOf(batch); matrix++)
      for (let i = 0; i < m; i++)
        for (let l = 0; l < k; l++) {
          const at = indexA[matrix] * m * k + i * rowA + l * columnA;
          const startB = indexB[matrix] * k * n + l * rowB;
          const startY = (matrix * m + i) * n;
          for (let j = 0; j < n; j++) visit(at, startB + j * columnB, startY + j);
        }
  };
  const y = zeros([...batch, m, n]);
  forEachProduct((atA, atB, atY) => (y.data[atY] += a.data[atA] * b.data[atB]));
  const product = (p: Values, q: Values, terms: number) =>
    rootMeanSquare(p.data) * rootMeanSquare(q.data) * Math.sqrt(terms);
  const repeats = (shape: readonly number[]) => sizeOf(batch) / Math.max(1, sizeOf(shape));
  return {
    value: y,
    precision: 'rounded',
    scale: product(a, b, k),
    gradient: (dy): Gradient[] => {
      const [da, db] = [zeros(a.shape), zeros(b.shape)];
      forEachProduct((atA, atB, atY) => {
        da.data[atA] += dy.data[atY] * b.data[atB];
        db.data[atB] += dy.data[atY] * a.data[atA];
      });
      return [
        { value: da, precision: 'rounded', scale: product(dy, b, n * repeats(batchA)) },
        { value: db, precision: 'rounded', scale: product(dy, a, m * repeats(batchB)) },
      ];
    },
  };
}
