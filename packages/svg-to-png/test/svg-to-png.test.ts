import { decode } from 'fast-png';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { svgToPng } from '../src/index.js';

const svgOf = (content: string, { width = 80, height = 20 } = {}) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`;
const text = (content: string) => svgOf(`<text x="2" y="15" font-family="Inter">${content}</text>`);

/** Red, green, blue and alpha of a pixel. */
const pixelAt = ({ data, width }: ReturnType<typeof decode>, [x, y]: [number, number]) => [
  ...data.slice(4 * (y * width + x), 4 * (y * width + x) + 4),
];
const inkOf = (png: Uint8Array) => decode(png).data.filter((level) => level > 0).length;

const FIXTURES = fileURLToPath(new URL('fixtures/', import.meta.url));
const SNAPSHOTS = fileURLToPath(new URL('../../render-d3/test/snapshots/', import.meta.url));

// By scripts/checksums.mjs.
it.each([
  ['confusion-matrix.svg', 'a78557304bbd8198b08074f2f7c1d3e8f56ef812be3f56f992460b1cf3cc08da'],
  ['feature-map-grid.svg', 'ff238ba0ca56b7de10de02209985f5a8a5544e98b3cacaf1a2050dd7c4ea80d8'],
  ['heatmap-comparison.svg', '1aea26c75f185fd945000b91b4077daac46b223e57c72335064b56785f3249e3'],
  ['network-diagram.svg', 'ba3f22c6bbf62641f72e3680a621853c921a422fb5f6ff37d49a3f27f5054565'],
  ['statistics-table.svg', 'fda6d4a958cec5d4d295cfccfdece32601c45657ce454b848acdb5442dc6e0e7'],
  ['training-curves.svg', '019a2b9489b79480a9e5080552a4ee493847b409a527c5d898e644afdce45eab'],
])('renders %s to the bytes of the native build of resvg', async (file, checksum) => {
  const png = await svgToPng(readFileSync(FIXTURES + file, 'utf8'), { pixelRatio: 1 });
  expect(createHash('sha256').update(png).digest('hex')).toBe(checksum);
});

it.each([
  ['text', 'not an SVG'],
  ['nothing', ''],
  ['another element', '<p/>'],
  ['an element that does not end', '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4">'],
  ['no height', svgOf('', { height: 0 })],
])('refuses %s', async (_, svg) => {
  await expect(svgToPng(svg)).rejects.toThrow(/^Expected the text of an SVG file: \S/);
});

it('refuses a PNG of more than 2^27 pixels, and renders the next', async () => {
  await expect(svgToPng(svgOf('', { width: 8000, height: 4500 }))).rejects.toThrow(
    'Expected a PNG of at most 134217728 pixels, got 16000 x 9000: choose a smaller pixelRatio',
  );
  expect(inkOf(await svgToPng(text('Accuracy')))).toBeGreaterThan(500);
});

it('loads no image from a file', async () => {
  const href = fileURLToPath(new URL('../../../docs/report.png', import.meta.url));
  expect(inkOf(await svgToPng(svgOf(`<image href="${href}" width="20" height="20"/>`)))).toBe(0);
});

it('renders text in Inter, in both weights, whatever fonts are installed', async () => {
  expect(inkOf(await svgToPng(text('')))).toBe(0);
  const regular = inkOf(await svgToPng(text('Accuracy')));
  expect(regular).toBeGreaterThan(500);
  expect(inkOf(await svgToPng(text('<tspan font-weight="600">Accuracy</tspan>')))).toBeGreaterThan(
    1.1 * regular,
  );
});

it('takes an additional font, by its path', async () => {
  const font = fileURLToPath(new URL('../fonts/Inter_600SemiBold.ttf', import.meta.url));
  expect((await svgToPng(text('a'), { fontFiles: [font] })).length).toBeGreaterThan(0);
  await expect(svgToPng(text('a'), { fontFiles: ['missing.ttf'] })).rejects.toThrow(
    'Expected fontFiles to be paths of font files, got missing.ttf: ENOENT',
  );
});

it('fills transparent parts with the background', async () => {
  const pixel = async (background?: string) =>
    pixelAt(decode(await svgToPng(svgOf(''), { background })), [1, 1]);
  expect(await pixel('#ff8000')).toEqual([255, 128, 0, 255]);
  expect(await pixel()).toEqual([0, 0, 0, 0]);
});

it.each([
  [undefined, 2],
  [1, 1],
  [0.5, 0.5],
  [3, 3],
])('with pixelRatio %s has %s pixels per pixel', async (pixelRatio, scale) => {
  const { width, height } = decode(await svgToPng(svgOf(''), { pixelRatio }));
  expect([width, height]).toEqual([80 * scale, 20 * scale]);
});

it('gives the same bytes each time, also at once', async () => {
  const [first, ...others] = await Promise.all([1, 2, 3].map(() => svgToPng(text('Loss'))));
  for (const other of others) expect(other).toEqual(first);
});

it.each([
  [undefined, {}, 'Expected the text of an SVG file, got undefined'],
  [null, {}, 'Expected the text of an SVG file, got null'],
  [new Uint8Array(3), {}, 'Expected the text of an SVG file, got Uint8Array'],
  [text('a'), { pixelRatio: 0 }, 'Expected pixelRatio to be a number from 0.01 to 32, got 0'],
  [text('a'), { pixelRation: 1 }, 'did you mean pixelRatio?'],
  [text('a'), { background: 3 }, 'Expected background to be a color, got 3'],
  [text('a'), { background: 'no color' }, 'Expected background to be a color, got "no color"'],
  [text('a'), { fontFiles: [3] }, 'Expected fontFiles to be a list of paths, got Array'],
  [text('a'), { fontFiles: 'a.ttf' }, 'Expected fontFiles to be a list of paths, got "a.ttf"'],
])('refuses %s with %o', async (svg, options, message) => {
  const call = svgToPng(svg as string, options as object);
  await expect(call).rejects.toMatchObject({ name: 'InputError', message: expect.stringContaining(message) });
});

it('ships the fonts that figures use, and their licence', () => {
  const weights = new Set<string>();
  for (const file of readdirSync(SNAPSHOTS, { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.svg'))
      for (const [, weight] of readFileSync(`${SNAPSHOTS}${file}`, 'utf8').matchAll(/font-weight="(\w+)"/g))
        weights.add(weight);
  expect([...weights].sort()).toEqual(['400', '600']);
  expect(readdirSync(fileURLToPath(new URL('../fonts/', import.meta.url))).sort()).toEqual([
    'Inter_400Regular.ttf',
    'Inter_600SemiBold.ttf',
    'OFL.txt',
  ]);
});
