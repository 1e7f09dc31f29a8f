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

/** Tiles that belong together, in as many rows as they need. */
export interface TileBand {
  readonly tiles: readonly Tile[];
  /** Stands before the others; further rows leave its place free. */
  readonly lead?: Tile;
  /** Beside the first row. */
  readonly labels?: readonly Caption[];
  /** Pixels above the band, beyond the usual gap. */
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

/** Captions that need no more than that are never cut, however narrow their tiles are. */
const SHORT_CAPTION = 90;

/** How wide a column is, pixels: narrow tiles stand further apart, so that the numbers under them can be read. */
function columnOf(bands: readonly TileBand[], { size }: TileLayout): number {
  const captions = bands.flatMap(({ tiles }) => tiles.flatMap((tile) => tile.captions ?? []));
  const needed = captions.map(
    ({ text, end, bold }) => roomFor(text, { ...CAPTION, bold }) + (end ? roomFor(end, CAPTION) + 4 : 0),
  );
  return Math.max(size.width, Math.min(SHORT_CAPTION, Math.max(0, ...needed)));
}

/** Where tiles stand: how many side by side, and how wide that is, pixels. */
export interface TilePlace extends TileLayout {
  readonly bands: readonly TileBand[];
  readonly across: number;
  readonly column: number;
  readonly width: number;
}

/** Makes room for as many columns as were asked for and fit in. */
export function placeTiles(
  bands: readonly TileBand[],
  { columns = Infinity, width: limit, ...layout }: TileLayout & { columns?: number; width?: number },
): TilePlace {
  const { gap = 8, labelWidth = 0 } = layout;
  const column = columnOf(bands, layout);
  const longest = Math.max(1, ...bands.map(({ tiles, lead }) => tiles.length + (lead ? 1 : 0)));
  const fitting = Math.floor((roomIn({ width: limit }) - labelWidth + gap) / (column + gap));
  const across = Math.max(1, Math.min(columns, longest, fitting));
  return { ...layout, bands, across, column, width: labelWidth + across * (column + gap) - gap };
}

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
  { x, y, size, column }: { x: number; y: number } & TilePlace,
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
  drawCaptions(tile, captions, { x, y: y + size.height + 3, width: column });
}

/** Draws tiles from the top of `parent` and returns their height in pixels. */
export function drawTiles(parent: Mark, place: TilePlace): number {
  const { bands, size, gap = 8, labelWidth = 0, across, column } = place;
  let y = -gap - 2;
  bands.forEach(({ tiles, lead, labels = [], space = 0 }, band) => {
    const indent = lead && across > 1 ? 1 : 0;
    const rows = inRows(tiles, across - indent);
    // What has no room beside its lead stands under it.
    if (lead && !indent) rows.unshift([]);
    rows.forEach((row, i) => {
      y += gap + 2 + (i || !band ? 0 : space);
      if (!i)
        drawCaptions(parent, labels, {
          x: 0,
          y: y + (size.height - labels.length * CAPTION_HEIGHT) / 2,
          width: labelWidth - 10,
        });
      const first = i ? undefined : lead;
      const all = first ? [first, ...row] : row;
      const start = first ? 0 : indent;
      all.forEach((tile, c) =>
        drawTile(parent, tile, { ...place, x: labelWidth + (start + c) * (column + gap), y }),
      );
      const lines = Math.max(0, ...all.map(({ captions = [] }) => captions.length));
      y += size.height + (lines ? 3 + lines * CAPTION_HEIGHT : 0);
    });
  });
  return Math.max(0, y);
}

/** `items` in rows of at most `columns`. */
export const inRows = <T>(items: readonly T[], columns: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / columns) }, (_, i) =>
    items.slice(i * columns, (i + 1) * columns),
  );

export interface TileFigure extends Omit<Heading, 'width'>, TileLayout {
  /** At most, where there is room; no limit. */
  readonly columns?: number;
  readonly bands: readonly TileBand[];
}

/** A figure of tiles in as many columns as there is room for. */
export function drawTileFigure(
  options: FigureOptions,
  { columns, bands, ...figure }: TileFigure,
): SVGSVGElement {
  if (columns !== undefined) expectCount('columns', columns);
  const place = placeTiles(bands, { ...figure, columns, width: options.width });
  return drawFigure(options, { ...figure, width: place.width }, (body) => drawTiles(body, place));
}
