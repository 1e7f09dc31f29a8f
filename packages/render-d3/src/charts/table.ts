import { fitText, paddedTextWidth } from '../drawing/measure-text.js';
import { appendLine, appendText, type Mark } from '../drawing/svg.js';

/** Text in rows and columns. */
export interface FigureTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The number of left-aligned columns; the others hold numbers and are right-aligned. */
  readonly leftAligned: number;
  /** In pixels. */
  readonly rowHeight: number;
  /** The largest width of a column in pixels; longer texts are cut. Default 170. */
  readonly maxColumnWidth?: number;
}

const MAX_COLUMN_WIDTH = 170;
const COLUMN_GAP = 18;

/** The header and the first column are bold. */
const isBold = (row: number, column: number) => row === 0 || column === 0;

/** The width of each column in pixels. */
const columnWidths = ({ columns, rows, maxColumnWidth = MAX_COLUMN_WIDTH }: FigureTable): number[] =>
  columns.map((_, column) => {
    const widths = [columns, ...rows].map((row, r) =>
      paddedTextWidth(row[column], { bold: isBold(r, column) }),
    );
    return Math.min(maxColumnWidth, Math.max(...widths));
  });

/** The width of a table in pixels. */
export const tableWidth = (table: FigureTable): number =>
  columnWidths(table).reduce((sum, width) => sum + width + COLUMN_GAP, -COLUMN_GAP);

/** Renders a table with its left edge at x = `left`; returns its height in pixels. */
export function renderTable(parent: Mark, table: FigureTable, left = 0): number {
  const { columns, rows, leftAligned, rowHeight } = table;
  let x = left;
  columnWidths(table).forEach((width, column) => {
    const position = column < leftAligned ? { x } : { x: x + width, 'text-anchor': 'end' };
    [columns, ...rows].forEach((row, r) => {
      const bold = isBold(r, column);
      const style = { 'font-weight': bold ? 600 : undefined, fill: r ? 'ink' : 'muted' };
      const y = (r + 0.5) * rowHeight + 4;
      appendText(parent, fitText(row[column], width, { bold }), { ...position, ...style, y });
    });
    x += width + COLUMN_GAP;
  });
  const right = left + tableWidth(table);
  rows.forEach((_, r) => {
    const y = (r + 1) * rowHeight;
    appendLine(parent, [left, y, right, y], { stroke: 'grid' });
  });
  return (rows.length + 1) * rowHeight;
}
