import {
  expectMethods,
  expectObject,
  expectList,
  expectOptions,
  InputError,
  type Images,
  type ImageSet,
  type OptionNames,
} from '@convlens/core';
import {
  FROM_IMAGE_DATA_OPTIONS,
  fromImageData,
  toImageData,
  type FromImageDataOptions,
} from './image-data.js';

export type Canvas = HTMLCanvasElement | OffscreenCanvas;

function contextOf(canvas: Canvas): CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new InputError('Expected a canvas with a 2d context, got one that has another');
  return context as CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
}

/**
 * A set of the contents of canvases of one size.
 *
 * @throws InputError as fromImageData does, or if a canvas has no 2d context.
 */
export function fromCanvas(canvases: readonly Canvas[], options: FromImageDataOptions = {}): ImageSet {
  expectOptions('fromCanvas', options, FROM_IMAGE_DATA_OPTIONS);
  expectList('canvases', canvases, expectCanvas);
  const read = (canvas: Canvas) => contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height);
  return fromImageData(canvases.map(read), options);
}

function expectCanvas(name: string, canvas: unknown): void {
  expectMethods(name, canvas, 'a canvas', ['getContext']);
}

export interface ToCanvasOptions {
  /** The position of the image. */
  readonly index: number;
  /** The canvas to fill; it gets the size of the image. */
  readonly canvas: Canvas;
}

const TO_CANVAS_OPTIONS: OptionNames<ToCanvasOptions> = { index: true, canvas: true };

/**
 * Renders an image onto a canvas.
 *
 * @throws InputError if there is no such image, or the canvas has no 2d context.
 */
export function toCanvas(images: Images, options: ToCanvasOptions): void {
  expectOptions('toCanvas', options, TO_CANVAS_OPTIONS);
  expectObject('the options of toCanvas', options);
  expectCanvas('canvas', options.canvas);
  const { index, canvas } = options;
  const { data, width, height } = toImageData(images, index);
  canvas.width = width;
  canvas.height = height;
  contextOf(canvas).putImageData(new ImageData(data, width, height), 0, 0);
}
