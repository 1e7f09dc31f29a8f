import { describe, expect, it } from 'vitest';
import { imageGrid, serialize, THEMES, trainingCurves, type Figure, type Theme } from '../src/index.js';
import { createDocument, svgToPng } from '../src/node.js';
import { document, parseFigure } from './dom.js';
import { drawGallery } from './gallery.js';
import { makeHistory, makeImages } from './records.js';

/** Drawn as it is in Node, looked into as it is in a page. */
const draw = (theme: Theme) =>
  Object.entries(drawGallery({ document: createDocument(), theme })).map(([name, svg]) => {
    const text = serialize(svg);
    return { name, text, svg: parseFigure(text) };
  });
const figures = draw('light');
const again = new Map(draw('light').map(({ name, text }) => [name, text]));
const dark = new Map(draw('dark').map(({ name, svg }) => [name, svg]));

describe.each(figures)('$name', ({ name, text, svg }) => {
  it('has the same bytes each time it is drawn', () => {
    expect(again.get(name) === text).toBe(true);
  });

  it('looks as its snapshot does (npm run gallery shows the two side by side)', async () => {
    await expect(text).toMatchFileSnapshot(`snapshots/${name}.svg`);
  });

  it('is of the same size in the dark theme, with no colour of the light one', () => {
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

  it('has presentation attributes only, of at most three decimals, and no ids to clash', () => {
    for (const element of svg.querySelectorAll('*')) {
      for (const { name: attribute, value } of element.attributes) {
        expect(['style', 'class', 'id']).not.toContain(attribute);
        if (attribute !== 'href') expect(value).not.toMatch(/\.\d{4}|NaN|undefined|Infinity/);
      }
    }
    expect(svg.querySelector('style, script, foreignObject')).toBeNull();
  });

  it('is a PNG as large as it says', () => {
    const png = svgToPng(text, { pixelRatio: 1 });
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
])('%s says so where there is no document to draw in', (_name, figure, records) => {
  expect(() => figure(records)).toThrow('Expected options.document to be a Document, got none');
});

it('refuses a theme there is none of', () => {
  expect(() =>
    trainingCurves(makeHistory(), { document: createDocument(), theme: 'sepia' as 'dark' }),
  ).toThrow('Expected theme to be one of light, dark, got "sepia"');
});

it('is in no document', () => {
  expect(trainingCurves(makeHistory(), { document }).isConnected).toBe(false);
});

it('takes the title it is given', () => {
  const svg = trainingCurves(makeHistory(), { document: createDocument(), title: 'A & B' });
  expect(serialize(svg)).toContain('<title>A &amp; B</title>');
});
