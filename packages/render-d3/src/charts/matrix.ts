import { fitText, paddedTextWidth } from '../drawing/measure-text.js';
import { encodeRaster } from '../drawing/raster.js';
import { append, appendText, appendTooltip, rotation, round, type Mark } from '../drawing/svg.js';
import { appendVerticalText } from './axis.js';
import { renderRaster } from './framed-raster.js';

/** A matrix of tinted cells, with text in the cells if they are large enough. */
export interface Matrix {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly rowAxisLabel: string;
  readonly columnAxisLabel: string;
  /**
   * Whether the tint of a cell is blue; else it is orange. Both are visible in the light and in the dark
   * theme.
   */
  readonly isBlue: (row: number, column: number) => boolean;
  /** The opacity of the tint, 0 to 1; NaN: no tint. */
  readonly opacity: (row: number, column: number) => number;
  readonly cellText: (row: number, column: number) => string;
  readonly tooltip: (row: number, column: number) => string;
  /** Whether the text of a cell is pale, such as a zero; default: none is. */
  readonly isFaint?: (row: number, column: number) => boolean;
}

export interface MatrixLayout {
  /** The position of the cells in pixels. */
  readonly left: number;
  readonly top: number;
  /** The side of a cell in pixels. */
  readonly cell: number;
  /** Whether the cells have text. */
  readonly hasText: boolean;
  /** The size of all cells in pixels. */
  readonly width: number;
  readonly height: number;
  /** The width of slanted labels to the right of the cells, in pixels. */
  readonly overhang: number;
}

/** With more rows or columns the cells have no text. */
const MAX_CELLS_WITH_TEXT = 20;
/** The size of a cell with text, and the size of all cells without text, in pixels. */
const TEXT_CELL = 46;
const MAX_SIZE = 900;
const MAX_LABEL_WIDTH = 130;
/** In degrees. */
const SLANT = 45;
/** On a stronger orange, text is black in both themes: it has a contrast of at least 4.5 everywhere. */
const BLACK_TEXT_ABOVE = 0.85;
/** No color of a theme, so that a page does not map it. */
const BLACK_TEXT = '#000000';
const BLUE = [46, 116, 213];
const ORANGE = [224, 98, 24];

const labelSize = (cell: number) => Math.min(11, cell);
const fitLabels = (names: readonly string[], size: number) =>
  names.map((name) => fitText(name, MAX_LABEL_WIDTH, { size }));
const widestLabel = (names: readonly string[], size: number) =>
  Math.max(...fitLabels(names, size).map((label) => paddedTextWidth(label, { size })));

/** Column labels wider than their cell are slanted, or vertical without cell text. */
const areSlanted = (columns: readonly string[], cell: number) =>
  widestLabel(columns, labelSize(cell)) > cell - 4;

/** The layout of a matrix. `footer` is the label of a row below the others. */
export function layoutMatrix({
  rows,
  columns,
  footer = '',
}: Pick<Matrix, 'rows' | 'columns'> & { readonly footer?: string }): MatrixLayout {
  const count = Math.max(rows.length, columns.length);
  const hasText = count <= MAX_CELLS_WITH_TEXT;
  const cell = hasText ? TEXT_CELL : Math.max(8, Math.floor(MAX_SIZE / count));
  const size = labelSize(cell);
  const columnLabel = widestLabel(columns, size) + 10;
  const isSlanted = areSlanted(columns, cell);
  const labelHeight = isSlanted ? columnLabel * (hasText ? Math.SQRT1_2 : 1) + 6 : 18;
  const slantedOverhang = hasText ? Math.max(0, columnLabel * Math.SQRT1_2 - cell / 2) : columnLabel * 0.2;
  return {
    left: round(Math.max(widestLabel(rows, size) + 28, paddedTextWidth(footer) + 12)),
    top: round(labelHeight + 18),
    cell,
    hasText,
    width: columns.length * cell,
    height: rows.length * cell,
    overhang: isSlanted ? slantedOverhang : 0,
  };
}

const cellsOf = ({ rows, columns }: Matrix): [row: number, column: number][] =>
  rows.flatMap((_, row) => columns.map((_name, column): [number, number] => [row, column]));

/** All tints as one image. */
function renderTints(parent: Mark, matrix: Matrix, { left: x, top: y, width, height }: MatrixLayout): void {
  const bytes = cellsOf(matrix).flatMap(([row, column]) => [
    ...(matrix.isBlue(row, column) ? BLUE : ORANGE),
    Math.min(255, Math.round(255 * matrix.opacity(row, column))) || 0,
  ]);
  const size = { width: matrix.columns.length, height: matrix.rows.length, channels: 4 };
  renderRaster(parent, encodeRaster(Uint8Array.from(bytes), size), { x, y, width, height });
}

function renderLabels(
  parent: Mark,
  { rows, columns }: Matrix,
  { left, top, cell, hasText }: MatrixLayout,
): void {
  const size = labelSize(cell);
  const style = { 'font-size': size, fill: 'ink' };
  fitLabels(rows, size).forEach((text, row) => {
    const y = top + (row + 0.5) * cell + size * 0.35;
    appendText(parent, text, { ...style, x: left - 8, y, 'text-anchor': 'end' });
  });
  const isSlanted = areSlanted(columns, cell);
  fitLabels(columns, size).forEach((text, column) => {
    const center = left + (column + 0.5) * cell;
    // A vertical label has its baseline at the right of its center.
    const position = { x: isSlanted && !hasText ? center + size * 0.35 : center, y: top - 7 };
    const orientation = isSlanted
      ? { transform: rotation(hasText ? -SLANT : -90, position) }
      : { 'text-anchor': 'middle' };
    appendText(parent, text, { ...style, ...position, ...orientation });
  });
}

function renderGrid(
  parent: Mark,
  { rows, columns }: Matrix,
  { left, top, cell, width, height }: MatrixLayout,
): void {
  const horizontal = [...rows, ''].map((_, i) => `M${left},${round(top + i * cell)}h${width}`);
  const vertical = [...columns, ''].map((_, i) => `M${round(left + i * cell)},${top}v${height}`);
  append(parent, 'path', { d: [...horizontal, ...vertical].join(''), stroke: 'grid' });
}

function textColor(matrix: Matrix, row: number, column: number): string {
  if (matrix.isFaint?.(row, column)) return 'muted';
  const isStrongOrange = !matrix.isBlue(row, column) && matrix.opacity(row, column) > BLACK_TEXT_ABOVE;
  return isStrongOrange ? BLACK_TEXT : 'cellText';
}

function renderCellText(parent: Mark, matrix: Matrix, { left, top, cell }: MatrixLayout): void {
  for (const [row, column] of cellsOf(matrix)) {
    const text = matrix.cellText(row, column);
    const center = { x: left + (column + 0.5) * cell, y: top + (row + 0.5) * cell + 4 };
    const style = { 'font-size': text.length > 5 ? 9 : 11, fill: textColor(matrix, row, column) };
    const mark = append(parent, 'g');
    appendText(mark, text, { ...center, 'text-anchor': 'middle', ...style });
    appendTooltip(mark, matrix.tooltip(row, column));
  }
}

/** Renders a matrix in the layout of `layoutMatrix`. */
export function renderMatrix(parent: Mark, matrix: Matrix, layout: MatrixLayout): void {
  const { left, top, hasText, width, height } = layout;
  renderTints(parent, matrix, layout);
  appendText(parent, matrix.columnAxisLabel, { x: left + width / 2, y: 10, 'text-anchor': 'middle' });
  appendVerticalText(parent, matrix.rowAxisLabel, { x: 10, y: top + height / 2 });
  renderLabels(parent, matrix, layout);
  if (hasText) renderGrid(parent, matrix, layout);
  append(parent, 'rect', { x: left, y: top, width, height, fill: 'none', stroke: 'axis' });
  if (hasText) renderCellText(parent, matrix, layout);
}
