import { svgToPng } from '@convlens/svg-to-png';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { compressPng } from '../../src/figures/compress-png.js';

describe('compressPng', () => {
  it('has the pixels of svgToPng in fewer bytes', async () => {
    const stripes = Array.from({ length: 40 }, (_, i) => `<rect x="${5 * i}" y="${3 * i}" width="90" height="7" fill="hsl(${9 * i} 70% 50%)"/>`); // prettier-ignore
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><rect width="300" height="200" fill="#fff"/><text x="9" y="150">conv1</text>${stripes.join('')}</svg>`;
    const [small, large] = [await compressPng(svg), await svgToPng(svg, { pixelRatio: 1 })];
    const [ours, theirs] = [decode(small), decode(large)];
    expect([ours.width, ours.height, ours.channels]).toEqual([300, 200, 3]);
    const opaque = theirs.data.filter((_, i) => i % 4 < 3);
    expect(ours.data).toEqual(opaque);
    expect(small.length).toBeLessThan(large.length);
  });
});
