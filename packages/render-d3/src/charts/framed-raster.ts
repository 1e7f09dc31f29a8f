import type { Raster } from '../drawing/raster.js';
import { append, type Attributes, type Mark } from '../drawing/svg.js';

/** A rectangle in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A raster on top of another one, stretched to its size. */
export interface Overlay {
  readonly raster: Raster;
  /** 0 to 1. */
  readonly opacity: number;
}

/** An image with hard edges between its pixels, unless it is scaled down. The raster is its datum. */
export function renderRaster(parent: Mark, raster: Raster, box: Box & { opacity?: number }): Mark {
  const mark = append(parent, 'image', {
    href: raster.href,
    ...box,
    preserveAspectRatio: 'none',
    'image-rendering': box.width >= raster.width ? 'pixelated' : undefined,
  });
  mark.datum(raster);
  return mark;
}

/** The outline of a box. */
export const appendFrame = (parent: Mark, box: Box, style: Attributes): Mark =>
  append(parent, 'rect', { ...box, fill: 'none', ...style });

/** A raster in a thin frame, which separates a white one from the background, with an optional overlay. */
export function renderFramedRaster(parent: Mark, raster: Raster, box: Box, overlay?: Overlay): void {
  renderRaster(parent, raster, box);
  if (overlay) renderRaster(parent, overlay.raster, { ...box, opacity: overlay.opacity });
  const { x, y, width, height } = box;
  appendFrame(parent, { x: x - 0.5, y: y - 0.5, width: width + 1, height: height + 1 }, { stroke: 'border' });
}
