import type { Region } from '@convlens/core';
import { availableWidth, renderFigure, type FigureOptions, type Heading } from '../drawing/figure.js';
import { expectCount } from '../drawing/guards.js';
import type { Raster } from '../drawing/raster.js';
import type { MarkDatum } from '../drawing/mark-datum.js';
import { append, appendTooltip, type Mark } from '../drawing/svg.js';
import { CAPTION_HEIGHT, captionWidth, renderCaptions, type Caption } from './captions.js';
import { appendFrame, renderFramedRaster, type Box, type Overlay } from './framed-raster.js';

/** A raster with captions below. */
export interface Tile {
  readonly raster: Raster;
  readonly captions?: readonly Caption[];
  readonly tooltip?: string;
  /** Bound to the group of the tile. */
  readonly datum?: MarkDatum;
  readonly overlay?: Overlay;
  /** A region to outline, in pixels of the raster. */
  readonly outline?: Region;
}

/** Tiles that belong together, in as many rows as they need. */
export interface TileBand {
  readonly tiles: readonly Tile[];
  /** The first tile of the band; its column is empty in further rows. */
  readonly lead?: Tile;
  /** Beside the first row. */
  readonly labels?: readonly Caption[];
  /** Space above the band in addition to `gap`, in pixels; default 0. */
  readonly spaceAbove?: number;
}

export interface TileLayout {
  /** The size of a rendered raster in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** Between tiles, in pixels; default 8. */
  readonly gap?: number;
  /** The width of the column of labels in pixels; default 0 (no labels). */
  readonly labelWidth?: number;
}

/** Tiles with their final number of columns. */
export interface TileGrid extends TileLayout {
  readonly bands: readonly TileBand[];
  readonly tilesPerRow: number;
  readonly columnWidth: number;
  /** The width of the grid in pixels. */
  readonly width: number;
}

/** Captions up to this width are never cut, however narrow their tiles are. */
const MAX_RESERVED_CAPTION = 90;
/** Between a raster and its captions, in pixels. */
const CAPTION_GAP = 3;
/** Added to `gap` between rows, in pixels. */
const EXTRA_ROW_GAP = 2;

/**
 * The rendered size of a raster: the whole multiple of its size that is nearest to `target` pixels, so that
 * all pixels are equal squares. A larger raster is scaled down to `target`.
 */
export function tileSize(
  raster: { readonly width: number; readonly height: number },
  target: number,
): { width: number; height: number } {
  const side = Math.max(raster.width, raster.height);
  const factor = side > target ? target / side : Math.round(target / side);
  return { width: raster.width * factor, height: raster.height * factor };
}

/** Divides `items` into rows of at most `columns`. */
export const chunkRows = <T>(items: readonly T[], columns: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / columns) }, (_, i) =>
    items.slice(i * columns, (i + 1) * columns),
  );

/**
 * The width of a column in pixels: narrow tiles are spaced out so that the numbers below them are readable.
 */
function columnWidthOf(bands: readonly TileBand[], { size }: TileLayout): number {
  const captions = bands.flatMap(({ tiles }) => tiles.flatMap((tile) => tile.captions ?? []));
  const widestCaption = Math.max(0, ...captions.map(captionWidth));
  return Math.max(size.width, Math.min(MAX_RESERVED_CAPTION, widestCaption));
}

/**
 * Chooses the number of columns: at most `columns`, and only as many as fit into a figure of `width` pixels.
 */
export function layoutTiles(
  bands: readonly TileBand[],
  { columns = Infinity, width: limit, ...layout }: TileLayout & { columns?: number; width?: number },
): TileGrid {
  const { gap = 8, labelWidth = 0 } = layout;
  const columnWidth = columnWidthOf(bands, layout);
  const longest = Math.max(1, ...bands.map(({ tiles, lead }) => tiles.length + (lead ? 1 : 0)));
  const fitting = Math.floor((availableWidth({ width: limit }) - labelWidth + gap) / (columnWidth + gap));
  const tilesPerRow = Math.max(1, Math.min(columns, longest, fitting));
  const width = labelWidth + tilesPerRow * (columnWidth + gap) - gap;
  return { ...layout, bands, tilesPerRow, columnWidth, width };
}

/** Outlines a region of a raster that is rendered in `box`, cut at the edges of the raster. */
function renderOutline(tile: Mark, region: Region, raster: Raster, box: Box): void {
  const scale = { x: box.width / raster.width, y: box.height / raster.height };
  const left = Math.max(0, region.left);
  const top = Math.max(0, region.top);
  const outline = {
    x: box.x + left * scale.x + 0.75,
    y: box.y + top * scale.y + 0.75,
    width: (Math.min(raster.width, region.left + region.width) - left) * scale.x - 1.5,
    height: (Math.min(raster.height, region.top + region.height) - top) * scale.y - 1.5,
  };
  // A dark line under a bright one is visible on any image.
  appendFrame(tile, outline, { stroke: '#000000', 'stroke-width': 3, 'stroke-opacity': 0.55 });
  appendFrame(tile, outline, { stroke: '#ffe14d', 'stroke-width': 1.5 });
}

function renderTile(parent: Mark, content: Tile, box: Box, columnWidth: number): void {
  const { raster, captions = [], outline, overlay, datum, tooltip } = content;
  const tile = append(parent, 'g');
  if (tooltip) appendTooltip(tile, tooltip);
  if (datum) tile.datum(datum);
  renderFramedRaster(tile, raster, box, overlay);
  if (outline) renderOutline(tile, outline, raster, box);
  renderCaptions(tile, captions, { x: box.x, y: box.y + box.height + CAPTION_GAP, width: columnWidth });
}

interface TileRow {
  /** The columns of the row, from the left; undefined for an empty column. */
  readonly tiles: readonly (Tile | undefined)[];
  readonly labels: readonly Caption[];
  /** Space above the row in pixels. */
  readonly space: number;
}

/** The rows of a band. If only one tile fits beside the other, the lead has a row of its own. */
function bandRows(
  { tiles, lead, labels = [], spaceAbove = 0 }: TileBand,
  grid: TileGrid,
  isFirst: boolean,
): TileRow[] {
  const { gap = 8, tilesPerRow } = grid;
  const hasLeadColumn = lead !== undefined && tilesPerRow > 1;
  const rows: (Tile | undefined)[][] = chunkRows(tiles, hasLeadColumn ? tilesPerRow - 1 : tilesPerRow);
  if (hasLeadColumn) rows.forEach((row, i) => row.unshift(i === 0 ? lead : undefined));
  else if (lead) rows.unshift([lead]);
  return rows.map((row, i) => ({
    tiles: row,
    labels: i === 0 ? labels : [],
    space: gap + EXTRA_ROW_GAP + (i === 0 && !isFirst ? spaceAbove : 0),
  }));
}

/** Renders tiles from the top of `parent`; returns their height in pixels. */
export function renderTiles(parent: Mark, grid: TileGrid): number {
  const { bands, size, gap = 8, labelWidth = 0, columnWidth } = grid;
  let y = -gap - EXTRA_ROW_GAP;
  for (const { tiles, labels, space } of bands.flatMap((band, i) => bandRows(band, grid, i === 0))) {
    y += space;
    const labelTop = y + (size.height - labels.length * CAPTION_HEIGHT) / 2;
    renderCaptions(parent, labels, { x: 0, y: labelTop, width: labelWidth - 10 });
    tiles.forEach((tile, column) => {
      const box = { x: labelWidth + column * (columnWidth + gap), y, ...size };
      if (tile) renderTile(parent, tile, box, columnWidth);
    });
    const lines = Math.max(0, ...tiles.map((tile) => tile?.captions?.length ?? 0));
    y += size.height + (lines ? CAPTION_GAP + lines * CAPTION_HEIGHT : 0);
  }
  return Math.max(0, y);
}

export interface TileFigure extends Omit<Heading, 'width'>, TileLayout {
  /** The largest number of columns; default: no limit. */
  readonly columns?: number;
  readonly bands: readonly TileBand[];
}

/** A figure of tiles in as many columns as fit. */
export function renderTileFigure(
  options: FigureOptions,
  { columns, bands, ...figure }: TileFigure,
): SVGSVGElement {
  if (columns !== undefined) expectCount('columns', columns);
  const grid = layoutTiles(bands, { ...figure, columns, width: options.width });
  return renderFigure(options, { ...figure, width: grid.width }, (body) => renderTiles(body, grid));
}
