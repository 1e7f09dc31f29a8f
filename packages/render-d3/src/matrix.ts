import { writeUpwards } from './axis.js';
import { fitText, roomFor } from './measure.js';
import { rasterOf } from './raster.js';
import { draw, hint, round, turn, write, type Mark } from './svg.js';
import { drawRaster } from './tiles.js';

/** A table whose cells are tinted and, where they are large enough, hold a text. */
export interface Matrix {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly rowsAre: string;
  readonly columnsAre: string;
  /** Whether a cell is tinted blue; else it is orange. Both show on a light and on a dark ground. */
  readonly isBlue: (row: number, column: number) => boolean;
  /** Of its tint, 0 to 1; NaN: none. */
  readonly strength: (row: number, column: number) => number;
  /** Left out beyond 20 rows or columns. */
  readonly text: (row: number, column: number) => string;
  readonly hint: (row: number, column: number) => string;
  /** Whether nothing stands in the cell that is worth ink. */
  readonly isFaint?: (row: number, column: number) => boolean;
}

export interface MatrixPlace {
  readonly left: number;
  readonly top: number;
  readonly cell: number;
  /** Whether the cells hold texts. */
  readonly hasTexts: boolean;
  readonly width: number;
  readonly height: number;
  /** What slanted labels need beyond the right end. */
  readonly tail: number;
}

/** Beyond so many rows or columns the cells hold no texts. */
const MOST_TEXTS = 20;
const SLANT = 45;
/** Tints stronger than that take white letters, whatever the theme. */
const STRONG = 0.62;
const BLUE = [47, 118, 214];
const ORANGE = [224, 98, 24];

const shorten = (names: readonly string[], size: number) => names.map((name) => fitText(name, 130, { size }));
const widestOf = (names: readonly string[], size: number) =>
  Math.max(...shorten(names, size).map((label) => roomFor(label, { size })));

/** Where a matrix stands, before it is drawn. */
export function placeMatrix({ rows, columns }: Pick<Matrix, 'rows' | 'columns'>): MatrixPlace {
  const most = Math.max(rows.length, columns.length);
  const hasTexts = most <= MOST_TEXTS;
  const cell = hasTexts ? 46 : Math.max(8, Math.floor(900 / most));
  const size = Math.min(11, cell);
  const across = widestOf(columns, size) + 10;
  const slanted = across - 10 > cell - 4;
  return {
    left: round(widestOf(rows, size) + 28),
    top: round((slanted ? across * (hasTexts ? Math.SQRT1_2 : 1) + 6 : 18) + 18),
    cell,
    hasTexts,
    width: columns.length * cell,
    height: rows.length * cell,
    tail: slanted ? (hasTexts ? Math.max(0, across * Math.SQRT1_2 - cell / 2) : across * 0.2) : 0,
  };
}

/** Draws a matrix where `placeMatrix` says. */
export function drawMatrix(parent: Mark, matrix: Matrix, place: MatrixPlace): void {
  const { rows, columns, rowsAre, columnsAre } = matrix;
  const { left, top, cell, hasTexts, width, height } = place;
  const size = Math.min(11, cell);
  const cells = rows.flatMap((_, row) => columns.map((_name, column) => [row, column] as const));
  const tintOf = (row: number, column: number) => [
    ...(matrix.isBlue(row, column) ? BLUE : ORANGE),
    Math.min(255, Math.round(255 * matrix.strength(row, column))) || 0,
  ];
  const bytes = Uint8Array.from(cells.flatMap(([row, column]) => tintOf(row, column)));
  const raster = rasterOf(bytes, { width: columns.length, height: rows.length, channels: 4 });
  drawRaster(parent, raster, { x: left, y: top, width, height });
  write(parent, columnsAre, { x: left + width / 2, y: 10, 'text-anchor': 'middle' });
  writeUpwards(parent, rowsAre, { x: 10, y: top + height / 2 });
  const label = { 'font-size': size, fill: 'ink' };
  shorten(rows, size).forEach((text, row) => {
    const y = top + (row + 0.5) * cell + size * 0.35;
    write(parent, text, { ...label, x: left - 8, y, 'text-anchor': 'end' });
  });
  const slanted = widestOf(columns, size) > cell - 4;
  shorten(columns, size).forEach((text, column) => {
    const at = { x: left + (column + 0.5) * cell + (slanted && !hasTexts ? size * 0.35 : 0), y: top - 7 };
    const turned = { transform: turn(hasTexts ? -SLANT : -90, at) };
    write(parent, text, { ...label, ...at, ...(slanted ? turned : { 'text-anchor': 'middle' }) });
  });
  if (hasTexts) {
    const across = [...rows, ''].map((_, i) => `M${left},${round(top + i * cell)}h${width}`);
    const down = [...columns, ''].map((_, i) => `M${round(left + i * cell)},${top}v${height}`);
    draw(parent, 'path', { d: [...across, ...down].join(''), stroke: 'grid' });
  }
  draw(parent, 'rect', { x: left, y: top, width, height, fill: 'none', stroke: 'axis' });
  if (!hasTexts) return;
  for (const [row, column] of cells) {
    const text = matrix.text(row, column);
    const at = { x: left + (column + 0.5) * cell, y: top + (row + 0.5) * cell + 4, 'text-anchor': 'middle' };
    const fill = matrix.isFaint?.(row, column)
      ? 'axis'
      : matrix.strength(row, column) > STRONG
        ? '#fffffe'
        : 'ink';
    const mark = draw(parent, 'g');
    write(mark, text, { ...at, 'font-size': text.length > 5 ? 9 : 11, fill });
    hint(mark, matrix.hint(row, column));
  }
}
