import type * as Webp from '@cwasm/webp';
import { applyOrientation } from '../apply-orientation.js';
import type { DecodedImage } from '../decoded-image.js';
import { orientationOf } from '../exif-orientation.js';
import { imageFail } from '../image-fail.js';
import type { DecoderOptions } from '../image-limits.js';
import { toRgb, type RgbColor } from '../to-rgb.js';
import { readWebpHeader } from './webp-header.js';

/** libwebp in WebAssembly. */
type WebpModule = Pick<typeof Webp, 'decode'>;

/** Browsers decode WebP themselves; elsewhere the package is loaded when the first WebP is met. */
const PACKAGE = '@cwasm/webp';
let loaded: Promise<WebpModule> | undefined;

/**
 * Decodes a WebP, lossy or lossless, with alpha: in a browser with its own decoder, else with libwebp.
 *
 * @throws InputError if it is damaged, too large, or an animation.
 */
export async function decodeWebp(
  bytes: Uint8Array,
  { background, applyExifOrientation, ...limits }: DecoderOptions & { applyExifOrientation: boolean },
): Promise<DecodedImage> {
  const fail = imageFail(limits.name);
  const { width, height, exif } = readWebpHeader(bytes, limits, fail);
  const isBrowser = typeof createImageBitmap === 'function' && typeof OffscreenCanvas === 'function';
  const decode = isBrowser ? decodeInBrowser : decodeByPackage;
  const image = await decode(bytes, background).catch((error: Error) =>
    fail('a WebP image', `a damaged one: ${error.message}`),
  );
  if (image.width !== width || image.height !== height)
    fail(`${width} x ${height} pixels`, `${image.width} x ${image.height}`);
  return applyExifOrientation && exif ? applyOrientation(image, orientationOf(exif)) : image;
}

async function decodeByPackage(bytes: Uint8Array, background: RgbColor): Promise<DecodedImage> {
  loaded ??= import(/* @vite-ignore */ /* webpackIgnore: true */ PACKAGE) as Promise<WebpModule>;
  const { data, width, height } = (await loaded).decode(bytes);
  const samples = new Uint8Array(data.buffer, data.byteOffset, data.length);
  return { width, height, pixels: toRgb(samples, { channels: 4, depth: 8, background }) };
}

/** The canvas blends with the background, since it does not keep the colors of transparent pixels to the last bit. */
async function decodeInBrowser(bytes: Uint8Array, background: RgbColor): Promise<DecodedImage> {
  const bitmap = await createImageBitmap(new Blob([bytes.slice()], { type: 'image/webp' }), {
    colorSpaceConversion: 'none',
    imageOrientation: 'none' as ImageOrientation,
  });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = `rgb(${background.join(' ')})`;
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const pixels = new Uint8Array(3 * width * height);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    pixels[to] = data[from];
    pixels[to + 1] = data[from + 1];
    pixels[to + 2] = data[from + 2];
  }
  return { width, height, pixels };
}
