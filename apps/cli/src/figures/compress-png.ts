import { svgToPng } from '@convlens/svg-to-png';
import { decode, encode } from 'fast-png';

/**
 * Renders an SVG to a PNG at pixel ratio 1, with the same pixels as the renderer in about half the bytes: without the alpha
 * channel, which figures do not use, and without row filters, which make flat colors larger.
 */
export async function compressPng(svg: string): Promise<Uint8Array> {
  const { width, height, data } = decode(await svgToPng(svg, { pixelRatio: 1, background: 'white' }));
  const colors = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) colors.set(data.subarray(4 * i, 4 * i + 3), 3 * i);
  return encode({ width, height, data: colors, channels: 3 }, { zlib: { level: 9 } });
}
