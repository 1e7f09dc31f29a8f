import { fitText, roomFor } from './measure.js';
import { rule, write, type Mark } from './svg.js';

/** Texts in rows and columns, as a figure has them. */
export interface FigureTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How many columns stand left; numbers stand right. */
  readonly left: number;
  /** Of a row, pixels. */
  readonly pitch: number;
}

const WIDEST = 170;
const SPACE = 18;

/** How wide each column is, pixels: names are bold, as heads are. */
const columnWidths = ({ columns, rows }: FigureTable): number[] =>
  columns.map((head, i) =>
    Math.min(
      WIDEST,
      Math.max(roomFor(head, { bold: true }), ...rows.map((row) => roomFor(row[i], { bold: i === 0 }))),
    ),
  );

/** How wide a table is, pixels. */
export const tableWidth = (table: FigureTable): number =>
  columnWidths(table).reduce((sum, width) => sum + width + SPACE, -SPACE);

/** Draws a table from (x, 0) on; returns its height in pixels. */
export function drawTable(parent: Mark, table: FigureTable, x = 0): number {
  const { columns, rows, left, pitch } = table;
  const end = x + tableWidth(table);
  columnWidths(table).forEach((width, i) => {
    const place = i < left ? { x } : { x: x + width, 'text-anchor': 'end' };
    [columns, ...rows].forEach((row, r) => {
      const bold = !r || !i;
      const style = { 'font-weight': bold ? 600 : undefined, fill: r ? 'ink' : 'muted' };
      write(parent, fitText(row[i], width, { bold }), { ...place, ...style, y: (r + 0.5) * pitch + 4 });
    });
    x += width + SPACE;
  });
  rows.forEach((_, r) =>
    rule(parent, [end - tableWidth(table), (r + 1) * pitch, end, (r + 1) * pitch], { stroke: 'grid' }),
  );
  return (rows.length + 1) * pitch;
}
