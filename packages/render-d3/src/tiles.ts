import type { Region } from '@convlens/core';
import { roomIn, type FigureOptions } from './figure.js';
import { fitText, roomFor } from './measure.js';
import type { Raster } from './raster.js';
import { draw, hint, write, type Mark } from './svg.js';
import type { Palette } from './theme.js';

/** A line under a tile, or beside a row: what stands at the left, and at the right end if there is more. */
export interface Caption {
  readonly text: string;
  readonly end?: string;
  /** Of the text; muted. */
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
  readonly palette: Palette;
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
export const tilesWidth = (columns: number, { size, gap = 8, labelWidth = 0 }: Omit<TileLayout, 'palette'>) =>
  labelWidth + columns * (size.width + gap) - gap;

/** As many columns as were asked for and have room. */
export const fitColumns = (
  columns: number,
  { size, gap = 8, labelWidth = 0, width }: Omit<TileLayout, 'palette'> & Pick<FigureOptions, 'width'>,
): number =>
  Math.max(1, Math.min(columns, Math.floor((roomIn({ width }) - labelWidth + gap) / (size.width + gap))));

/** An image drawn with hard edges between its pixels, unless it must be made smaller; its raster is bound to it. */
export function drawRaster(
  parent: Mark,
  raster: Raster,
  box: { x: number; y: number; width: number; height: number; opacity?: number },
): Mark {
  const mark = draw(parent, 'image', {
    href: raster.href,
    ...box,
    preserveAspectRatio: 'none',
    'image-rendering': box.width >= raster.width ? 'pixelated' : undefined,
  });
  mark.datum(raster);
  return mark;
}

/** The thin line around a picture, that keeps white ones from running into the ground. */
export const drawBorder = (
  parent: Mark,
  box: { x: number; y: number; width: number; height: number },
  color: string,
) =>
  draw(parent, 'rect', {
    x: box.x - 0.5,
    y: box.y - 0.5,
    width: box.width + 1,
    height: box.height + 1,
    fill: 'none',
    stroke: color,
  });

/** Lines of text in a column `width` pixels wide, cut with an ellipsis where they do not fit. */
export function drawCaptions(
  parent: Mark,
  captions: readonly Caption[],
  { x, y, width, palette }: { x: number; y: number; width: number; palette: Palette },
): void {
  captions.forEach(({ text, end = '', color = palette.muted, bold = false }, i) => {
    const style = { ...CAPTION, bold };
    const baseline = y + i * CAPTION_HEIGHT + 11;
    const shownEnd = fitText(end, width, CAPTION);
    const attributes = { y: baseline, 'font-size': CAPTION.size };
    const room = width - (end ? roomFor(shownEnd, CAPTION) + 2 : 0);
    if (text)
      write(parent, fitText(text, room, style), {
        x,
        ...attributes,
        fill: color,
        'font-weight': bold ? 600 : undefined,
      });
    if (end)
      write(parent, shownEnd, { x: x + width, ...attributes, 'text-anchor': 'end', fill: palette.muted });
  });
}

function drawTile(
  parent: Mark,
  tile: Tile,
  place: { x: number; y: number },
  { size, palette }: TileLayout,
): void {
  const { raster, captions = [], outline } = tile;
  const group = draw(parent, 'g');
  if (tile.hint) hint(group, tile.hint);
  if (tile.subject) group.datum(tile.subject);
  drawRaster(group, raster, { ...place, ...size });
  if (tile.over) drawRaster(group, tile.over.raster, { ...place, ...size, opacity: tile.over.opacity });
  drawBorder(group, { ...place, ...size }, palette.border);
  if (outline) {
    const factor = { x: size.width / raster.width, y: size.height / raster.height };
    const left = Math.max(0, outline.left);
    const top = Math.max(0, outline.top);
    const box = {
      x: place.x + left * factor.x + 0.75,
      y: place.y + top * factor.y + 0.75,
      width: (Math.min(raster.width, outline.left + outline.width) - left) * factor.x - 1.5,
      height: (Math.min(raster.height, outline.top + outline.height) - top) * factor.y - 1.5,
    };
    // Dark under bright: seen on any picture.
    draw(group, 'rect', {
      ...box,
      fill: 'none',
      stroke: '#000000',
      'stroke-width': 3,
      'stroke-opacity': 0.55,
    });
    draw(group, 'rect', { ...box, fill: 'none', stroke: '#ffe14d', 'stroke-width': 1.5 });
  }
  drawCaptions(group, captions, { x: place.x, y: place.y + size.height + 3, width: size.width, palette });
}

/** Draws rows of tiles from the top of `parent` and returns their height in pixels. */
export function drawTiles(parent: Mark, rows: readonly TileRow[], layout: TileLayout): number {
  const { size, gap = 8, labelWidth = 0, palette } = layout;
  let y = 0;
  rows.forEach(({ labels = [], tiles, space = 0, indent = 0 }, i) => {
    y += i ? gap + 2 + space : 0;
    const lines = Math.max(0, ...tiles.map((tile) => tile.captions?.length ?? 0));
    drawCaptions(parent, labels, {
      x: 0,
      y: y + (size.height - labels.length * CAPTION_HEIGHT) / 2,
      width: labelWidth - 10,
      palette,
    });
    tiles.forEach((tile, column) =>
      drawTile(parent, tile, { x: labelWidth + (indent + column) * (size.width + gap), y }, layout),
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
