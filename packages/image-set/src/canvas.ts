import { InputError, type Images, type ImageSet } from '@convlens/core';
import { fromImageData, toImageData, type FromImageDataOptions } from './image-data.js';

/** What both kinds of canvas have. */
type Canvas = HTMLCanvasElement | OffscreenCanvas;

const contextOf = (canvas: Canvas) => {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new InputError('Expected a canvas with a 2d context, got one that has another');
  return context as CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
};

/** A set of what is drawn on canvases of one size. */
export const fromCanvas = (canvases: readonly Canvas[], options: FromImageDataOptions = {}): ImageSet =>
  fromImageData(
    canvases.map((canvas) => contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height)),
    options,
  );

/** Draws an image onto a canvas, which gets its size. */
export function toCanvas(images: Images, { index, canvas }: { index: number; canvas: Canvas }): void {
  const { data, width, height } = toImageData(images, index);
  canvas.width = width;
  canvas.height = height;
  contextOf(canvas).putImageData(new ImageData(data, width, height), 0, 0);
}
