/**
 * Assigns each row its own column so that the sum of the gains (rows x rows, row-major) is largest: the
 * Hungarian method by shortest augmenting paths (Kuhn, 1955; Jonker, Volgenant, 1987), in O(rows^3). Returns
 * the column of each row.
 */
export function bestAssignment(gains: ArrayLike<number>, rows: number): number[] {
  // Rows and columns count from 1; 0 is "none". The prices keep every reduced cost >= 0.
  const rowPrices = new Float64Array(rows + 1);
  const columnPrices = new Float64Array(rows + 1);
  const rowOf = new Int32Array(rows + 1);
  const reducedCost = (row: number, column: number) =>
    -gains[(row - 1) * rows + column - 1] - rowPrices[row] - columnPrices[column];

  for (let row = 1; row <= rows; row++) {
    rowOf[0] = row;
    // Dijkstra's search from `row` to the nearest free column.
    const distances = new Float64Array(rows + 1).fill(Infinity);
    const previousColumns = new Int32Array(rows + 1);
    const settled = new Uint8Array(rows + 1);
    let column = 0;
    while (rowOf[column] !== 0) {
      settled[column] = 1;
      let [nearest, nearestDistance] = [0, Infinity];
      for (let c = 1; c <= rows; c++) {
        if (settled[c]) continue;
        const cost = reducedCost(rowOf[column], c);
        if (cost < distances[c]) {
          distances[c] = cost;
          previousColumns[c] = column;
        }
        if (distances[c] < nearestDistance) [nearest, nearestDistance] = [c, distances[c]];
      }
      for (let c = 0; c <= rows; c++)
        if (settled[c]) {
          rowPrices[rowOf[c]] += nearestDistance;
          columnPrices[c] -= nearestDistance;
        } else distances[c] -= nearestDistance;
      column = nearest;
    }
    // Reassign the columns along the path.
    while (column !== 0) {
      rowOf[column] = rowOf[previousColumns[column]];
      column = previousColumns[column];
    }
  }
  const columns = new Array<number>(rows);
  for (let c = 1; c <= rows; c++) columns[rowOf[c] - 1] = c - 1;
  return columns;
}
