/**
 * Gives each row a column of its own so that the sum of the gains is largest: gains are rows x rows, row-major. The
 * Hungarian method by shortest augmenting paths (Kuhn 1955; Jonker, Volgenant 1987), in rows^3 steps.
 */
export function bestAssignment(gains: ArrayLike<number>, rows: number): number[] {
  // Row and column 0 stand for "none yet"; prices keep every reduced cost at or above zero.
  const rowPrices = new Float64Array(rows + 1);
  const columnPrices = new Float64Array(rows + 1);
  const rowOf = new Int32Array(rows + 1);
  for (let row = 1; row <= rows; row++) {
    rowOf[0] = row;
    const distances = new Float64Array(rows + 1).fill(Infinity);
    const before = new Int32Array(rows + 1);
    const settled = new Uint8Array(rows + 1);
    let column = 0;
    while (rowOf[column] !== 0) {
      settled[column] = 1;
      const current = rowOf[column];
      let [nearest, step] = [0, Infinity];
      for (let c = 1; c <= rows; c++) {
        if (settled[c]) continue;
        const cost = -gains[(current - 1) * rows + c - 1] - rowPrices[current] - columnPrices[c];
        if (cost < distances[c]) {
          distances[c] = cost;
          before[c] = column;
        }
        if (distances[c] < step) [nearest, step] = [c, distances[c]];
      }
      for (let c = 0; c <= rows; c++)
        if (settled[c]) {
          rowPrices[rowOf[c]] += step;
          columnPrices[c] -= step;
        } else distances[c] -= step;
      column = nearest;
    }
    while (column !== 0) {
      rowOf[column] = rowOf[before[column]];
      column = before[column];
    }
  }
  const columns = new Array<number>(rows);
  for (let c = 1; c <= rows; c++) columns[rowOf[c] - 1] = c - 1;
  return columns;
}
