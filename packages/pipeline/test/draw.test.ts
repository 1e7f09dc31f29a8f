import { memoryStore } from '@convlens/storage';
import { imageGrid } from '@convlens/render-d3';
import { createDocument } from '@convlens/render-d3/node';
import { makeShapes } from '@convlens/image-set/shapes';
import { expect, it } from 'vitest';
import { drawFigures, readRun } from '../src/index.js';

const images = makeShapes({ count: 3, seed: 1 });
const planOf = (name: string, index: number) => ({
  name,
  caption: '',
  draw: (options: object) => imageGrid(images, { ...options, indices: [index] }),
});

it('writes every figure into a file of its own, also where names are the same but for capital letters', async () => {
  const store = memoryStore();
  const told: string[] = [];
  const svgs = await drawFigures([planOf('maps_a-b', 0), planOf('maps_A-b', 1), planOf('maps_a-b', 2)], {
    store,
    document: createDocument(),
    onFigure: (name) => told.push(name),
  });
  expect(told).toEqual(['maps_a-b', 'maps_A-b-2', 'maps_a-b-3']);
  const written = await Promise.all(told.map((name) => store.read(`${name}.svg`)));
  expect(written.map((bytes) => new TextDecoder().decode(bytes))).toEqual(svgs);
  expect(new Set(svgs).size).toBe(3);
});

it('reads what a diverged run measured as no number, as it was before JSON made it null', async () => {
  const store = memoryStore();
  const write = (name: string, value: unknown) =>
    store.write(name, new TextEncoder().encode(JSON.stringify(value)));
  await write('run.json', { settings: {} });
  await write('history.json', [
    { epoch: 0, learningRate: 0.1, loss: NaN, accuracy: 0.1, seconds: 1, metrics: {} },
  ]);
  const [record] = (await readRun(store)).history;
  expect(record).toEqual({
    epoch: 0,
    learningRate: 0.1,
    loss: NaN,
    accuracy: 0.1,
    seconds: 1,
    metrics: {},
  });
});
