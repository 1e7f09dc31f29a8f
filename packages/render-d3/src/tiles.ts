import type { Region } from '@convlens/core';
import { expectCount } from './checks.js';
import { drawFigure, roomIn, type FigureOptions, type Heading } from './figure.js';
import { fitText, roomFor } from './measure.js';
import type { Raster } from './raster.js';
import { draw, hint, write, type Attributes, type Mark } from './svg.js';

/** A line under a tile, or beside a row: what stands at the left, and at the right end if there is more. */
export interface Caption {
  readonly text: string;
  readonly end?: string;
  /** Of the text; muted, or ink if it is bold. */
  readonly color?: string;
  readonly bold?: boolean;
}

/** Which image or filter a mark is of. */
export interface Subject {
  /** Where the image stands in its set. */
  readonly index?: number;
  readonly filter?: number;
}

/** A picture with lines under it. */
export interface Tile {
  readonly raster: Raster;
  readonly captions?: readonly Caption[];
  readonly hint?: string;
  /** What it is of, bound to its group as D3 binds data: for whoever listens to it. */
  readonly subject?: Subject;
  /** What is laid over the picture, stretched to its size. */
  readonly over?: { readonly raster: Raster; readonly opacity: number };
  /** A part of the picture to outline, in its pixels. */
  readonly outline?: Region;
}

interface Box {
  readonly x: number;
  readonly y: number;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** Tiles side by side, under a heading of their own or beside labels. */
export interface TileRow {
  readonly labels?: readonly Caption[];
  readonly tiles: readonly Tile[];
  /** How many tiles are left out before the first; 0. */
  readonly indent?: number;
  /** Pixels above the row, beyond the usual gap. */
  readonly space?: number;
}

export interface TileLayout {
  /** Of a tile as drawn, pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** Between tiles, pixels; 8. */
  readonly gap?: number;
  /** Of the column of labels, pixels; 0: there is none. */
  readonly labelWidth?: number;
}

export const CAPTION_HEIGHT = 14;
const CAPTION = { size: 10.5 };

/**
 * How large a raster is drawn: a whole multiple of its pixels that is near `target` pixels wide, so that each of them is
 * a square of the same size. Rasters larger than that are drawn at `target`.
 */
export function tileSize(
  raster: { readonly width: number; readonly height: number },
  target: number,
): { width: number; height: number } {
  const side = Math.max(raster.width, raster.height);
  const factor = side > target ? target / side : Math.round(target / side);
  return { width: raster.width * factor, height: raster.height * factor };
}

/** The width of `columns` tiles. */
export const tilesWidth = (columns: number, { size, gap = 8, labelWidth = 0 }: TileLayout) =>
  labelWidth + columns * (size.width + gap) - gap;

/** As many columns as were asked for and have room. */
export const fitColumns = (
  columns: number,
  { size, gap = 8, labelWidth = 0, width }: TileLayout & Pick<FigureOptions, 'width'>,
): number =>
  Math.max(1, Math.min(columns, Math.floor((roomIn({ width }) - labelWidth + gap) / (size.width + gap))));

/** An image drawn with hard edges between its pixels, unless it must be made smaller; its raster is bound to it. */
export function drawRaster(parent: Mark, raster: Raster, box: Box & { opacity?: number }): Mark {
  const mark = draw(parent, 'image', {
    href: raster.href,
    ...box,
    preserveAspectRatio: 'none',
    'image-rendering': box.width >= raster.width ? 'pixelated' : undefined,
  });
  mark.datum(raster);
  return mark;
}

/** A raster within the thin line that keeps white ones from running into the ground; `over` is laid over it. */
export function drawPicture(parent: Mark, raster: Raster, box: Box, over?: Tile['over']): void {
  drawRaster(parent, raster, box);
  if (over) drawRaster(parent, over.raster, { ...box, opacity: over.opacity });
  const { x, y, width, height } = box;
  drawFrame(parent, { x: x - 0.5, y: y - 0.5, width: width + 1, height: height + 1 }, { stroke: 'border' });
}

const drawFrame = (parent: Mark, box: Box, style: Attributes) =>
  draw(parent, 'rect', { ...box, fill: 'none', ...style });

/** Lines of text in a column `width` pixels wide, cut with an ellipsis where they do not fit. */
function drawCaptions(
  parent: Mark,
  captions: readonly Caption[],
  { x, y, width }: { x: number; y: number; width: number },
): void {
  captions.forEach(({ text, end = '', bold = false, color = bold ? 'ink' : 'muted' }, i) => {
    const style = { y: y + i * CAPTION_HEIGHT + 11, 'font-size': CAPTION.size };
    const shownEnd = fitText(end, width, CAPTION);
    const room = width - (end ? roomFor(shownEnd, CAPTION) + 2 : 0);
    const shown = fitText(text, room, { ...CAPTION, bold });
    if (text) write(parent, shown, { x, ...style, fill: color, 'font-weight': bold ? 600 : undefined });
    if (end) write(parent, shownEnd, { x: x + width, ...style, 'text-anchor': 'end' });
  });
}

function drawTile(
  parent: Mark,
  { raster, captions = [], outline, over, subject, hint: said }: Tile,
  { x, y, size }: { x: number; y: number } & TileLayout,
): void {
  const tile = draw(parent, 'g');
  if (said) hint(tile, said);
  if (subject) tile.datum(subject);
  drawPicture(tile, raster, { x, y, ...size }, over);
  if (outline) {
    const factor = { x: size.width / raster.width, y: size.height / raster.height };
    const left = Math.max(0, outline.left);
    const top = Math.max(0, outline.top);
    const box = {
      x: x + left * factor.x + 0.75,
      y: y + top * factor.y + 0.75,
      width: (Math.min(raster.width, outline.left + outline.width) - left) * factor.x - 1.5,
      height: (Math.min(raster.height, outline.top + outline.height) - top) * factor.y - 1.5,
    };
    // Dark under bright: seen on any picture.
    drawFrame(tile, box, { stroke: '#000000', 'stroke-width': 3, 'stroke-opacity': 0.55 });
    drawFrame(tile, box, { stroke: '#ffe14d', 'stroke-width': 1.5 });
  }
  drawCaptions(tile, captions, { x, y: y + size.height + 3, width: size.width });
}

/** Draws rows of tiles from the top of `parent` and returns their height in pixels. */
export function drawTiles(parent: Mark, rows: readonly TileRow[], layout: TileLayout): number {
  const { size, gap = 8, labelWidth = 0 } = layout;
  let y = 0;
  rows.forEach(({ labels = [], tiles, space = 0, indent = 0 }, i) => {
    y += i ? gap + 2 + space : 0;
    const lines = Math.max(0, ...tiles.map((tile) => tile.captions?.length ?? 0));
    drawCaptions(parent, labels, {
      x: 0,
      y: y + (size.height - labels.length * CAPTION_HEIGHT) / 2,
      width: labelWidth - 10,
    });
    tiles.forEach((tile, column) =>
      drawTile(parent, tile, { x: labelWidth + (indent + column) * (size.width + gap), y, size }),
    );
    y += size.height + (lines ? 3 + lines * CAPTION_HEIGHT : 0);
  });
  return y;
}

/** `items` in rows of at most `columns`. */
export const inRows = <T>(items: readonly T[], columns: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / columns) }, (_, i) =>
    items.slice(i * columns, (i + 1) * columns),
  );

export interface TileFigure extends Omit<Heading, 'width'>, TileLayout {
  /** At most, where there is room. */
  readonly columns: number;
  /** How many tiles the longest row would have without a limit. */
  readonly longest: number;
  /** The rows, of at most `across` tiles. */
  readonly rows: (across: number) => readonly TileRow[];
}

/** A figure of tiles in as many columns as there is room for. */
export function drawTileFigure(
  options: FigureOptions,
  { columns, longest, rows, ...figure }: TileFigure,
): SVGSVGElement {
  const across = fitColumns(Math.min(expectCount('columns', columns), longest), { ...figure, ...options });
  const width = tilesWidth(across, figure);
  return drawFigure(options, { ...figure, width }, (body) => drawTiles(body, rows(across), figure));
}

/** A figure of tiles one after the other. */
export const drawTileGrid = (
  options: FigureOptions,
  { tiles, ...figure }: Omit<TileFigure, 'rows' | 'longest'> & { readonly tiles: readonly Tile[] },
): SVGSVGElement =>
  drawTileFigure(options, {
    ...figure,
    longest: tiles.length,
    rows: (across) => inRows(tiles, across).map((row) => ({ tiles: row })),
  });
