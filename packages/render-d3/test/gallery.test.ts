import { svgToPng } from '@convlens/svg-to-png';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FIGURES } from '../src/figures.js';
import { imageGrid, serialize, THEMES, trainingCurves, type Figure, type Theme } from '../src/index.js';
import { createDocument } from '../src/node.js';
import { GALLERY } from './gallery/gallery.js';
import { document, parseFigure } from './support/dom.js';
import { makeHistory, makeImages } from './support/records.js';

/** Figures are rendered as in Node and queried as in a page. */
const renderAll = (theme: Theme) =>
  GALLERY.map(({ name, render }) => {
    const text = serialize(render({ document: createDocument(), theme }));
    return { name, text, svg: parseFigure(text) };
  });
const figures = renderAll('light');
const again = new Map(renderAll('light').map(({ name, text }) => [name, text]));
const dark = new Map(renderAll('dark').map(({ name, svg }) => [name, svg]));

it('the gallery has a default case of every figure of the registry', () => {
  const names = GALLERY.map(({ name }) => name);
  expect(FIGURES.map(({ id }) => `${id}/default`).filter((name) => !names.includes(name))).toEqual([]);
});

it('every snapshot belongs to a case of the gallery', () => {
  const files = readdirSync(new URL('snapshots', import.meta.url), { recursive: true, encoding: 'utf8' });
  const snapshots = files.filter((file) => file.endsWith('.svg')).map((file) => file.replaceAll('\\', '/'));
  expect(snapshots.sort()).toEqual(GALLERY.map(({ name }) => `${name}.svg`).sort());
});

describe.each(figures)('$name', ({ name, text, svg }) => {
  it('has the same bytes each time it is rendered', () => {
    expect(again.get(name) === text).toBe(true);
  });

  it('equals its snapshot (npm run gallery shows both)', async () => {
    await expect(text).toMatchFileSnapshot(`snapshots/${name}.svg`);
  });

  it('has the same size in the dark theme, and no color of the light theme there', () => {
    const other = dark.get(name)!;
    expect(other.getAttribute('viewBox')).toBe(svg.getAttribute('viewBox'));
    const light = new Set<string>(Object.values(THEMES.light));
    const colors = [...other.querySelectorAll('[fill], [stroke]')].flatMap((mark) => [
      mark.getAttribute('fill'),
      mark.getAttribute('stroke'),
    ]);
    expect(colors.filter((color) => light.has(color!))).toEqual([]);
  });

  it('is an image with a title and a description', () => {
    expect(svg.getAttribute('role')).toBe('img');
    const [title, description] = svg.children;
    expect([title.localName, description.localName]).toEqual(['title', 'desc']);
    expect(title.textContent!.length).toBeGreaterThan(5);
    expect(description.textContent!.length).toBeGreaterThan(20);
  });

  it('has presentation attributes with at most three decimals, and no ids that could clash', () => {
    for (const element of svg.querySelectorAll('*')) {
      for (const { name: attribute, value } of element.attributes) {
        expect(['style', 'class', 'id']).not.toContain(attribute);
        if (attribute !== 'href') expect(value).not.toMatch(/\.\d{4}|NaN|undefined|Infinity/);
      }
    }
    expect(svg.querySelector('style, script, foreignObject')).toBeNull();
  });

  it('becomes a PNG of its own size', async () => {
    const png = await svgToPng(text, { pixelRatio: 1 });
    const view = new DataView(png.buffer, png.byteOffset);
    expect([view.getUint32(16), view.getUint32(20)]).toEqual([
      Number(svg.getAttribute('width')),
      Number(svg.getAttribute('height')),
    ]);
  });
});

it.each([
  ['trainingCurves', trainingCurves as Figure<unknown>, makeHistory()],
  ['imageGrid', imageGrid as Figure<unknown>, makeImages()],
])('%s refuses to render without a document', (_name, figure, records) => {
  expect(() => figure(records)).toThrow('Expected options.document to be a Document, got none');
});

it('an unknown theme is refused', () => {
  expect(() =>
    trainingCurves(makeHistory(), { document: createDocument(), theme: 'sepia' as 'dark' }),
  ).toThrow('Expected theme to be one of light, dark, got "sepia"');
});

it('a figure is not in the document', () => {
  expect(trainingCurves(makeHistory(), { document }).isConnected).toBe(false);
});

it('the option title replaces the title', () => {
  const svg = trainingCurves(makeHistory(), { document: createDocument(), title: 'A & B' });
  expect(serialize(svg)).toContain('<title>A &amp; B</title>');
});
