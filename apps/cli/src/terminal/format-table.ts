/** Formats rows of cells as aligned columns; the first row is the header. */
export function formatTable(rows: readonly (readonly (string | number)[])[]): string {
  const columnWidths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  const paddedCells = (row: readonly (string | number)[]) =>
    row.map((cell, i) => String(cell).padEnd(columnWidths[i]));
  return rows.map((row) => paddedCells(row).join('  ').trimEnd()).join('\n');
}
