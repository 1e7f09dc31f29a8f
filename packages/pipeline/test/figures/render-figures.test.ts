import { generateShapes } from '@convlens/image-set/shapes';
import { imageGrid } from '@convlens/render-d3';
import { createDocument } from '@convlens/render-d3/node';
import { memoryStore, readText } from '@convlens/storage';
import { expect, it } from 'vitest';
import { renderFigures, type FigureSpec } from '../../src/index.js';

const images = generateShapes({ count: 3, seed: 1 });
const gridOf = (name: string, index: number): FigureSpec => ({
  name,
  caption: '',
  render: (options) => imageGrid(images, { ...options, indices: [index] }),
});

it('writes every figure into its own file, even if names differ only in case', async () => {
  const store = memoryStore();
  const names: string[] = [];
  const svgs = await renderFigures([gridOf('maps_a-b', 0), gridOf('maps_A-b', 1), gridOf('maps_a-b', 2)], {
    store,
    document: createDocument(),
    onFigure: (name) => names.push(name),
  });
  expect(names).toEqual(['maps_a-b', 'maps_A-b-2', 'maps_a-b-3']);
  const written = await Promise.all(names.map((name) => readText(store, `${name}.svg`)));
  expect(written).toEqual(svgs);
  expect(new Set(svgs).size).toBe(3);
});
