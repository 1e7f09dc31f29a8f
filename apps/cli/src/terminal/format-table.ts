import { escapeControls } from '@convlens/core';

/** Formats rows of cells as aligned columns; the first row is the header. A cell with a line feed remains in its row. */
export function formatTable(cells: readonly (readonly (string | number)[])[]): string {
  const rows = cells.map((row) => row.map((cell) => escapeControls(String(cell))));
  const columnWidths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const paddedCells = (row: readonly string[]) => row.map((cell, i) => cell.padEnd(columnWidths[i]));
  return rows.map((row) => paddedCells(row).join('  ').trimEnd()).join('\n');
}
