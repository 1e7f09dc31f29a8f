import { IDENTITY, InputError } from '@convlens/core';
import { classActivations } from '@convlens/activations';
import { generateShapes } from '@convlens/image-set/shapes';
import { serialize } from '@convlens/render-d3';
import { createDocument } from '@convlens/render-d3/node';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explain, type ExplainMethodOptions, type OpenModel } from '../../src/index.js';

const images = generateShapes({ count: 20, seed: 1, split: 'test' });
const document = createDocument();
let opened: OpenModel;

beforeAll(async () => {
  await tf.setBackend('simd');
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 3 });
  const layers = [
    tf.layers.conv2d({
      ...{ name: 'wide', filters: 70, kernelSize: 3, strides: 4, inputShape: [32, 32, 3] },
      kernelInitializer,
    }),
    tf.layers.conv2d({ name: 'narrow', filters: 3, kernelSize: 3, kernelInitializer }),
    tf.layers.globalAveragePooling2d({ name: 'pool' } as never),
    tf.layers.dense({ name: 'scores', units: 10, activation: 'softmax', kernelInitializer }),
  ];
  opened = { model: tf.sequential({ layers }), preprocessing: IDENTITY, classNames: images.classNames };
});
afterAll(() => opened.model.dispose());

const run = (method: string, options: ExplainMethodOptions) =>
  explain(opened, { method, images, ...options });

/** The numbers of the filters in a figure. */
async function filtersOf(method: string, options: ExplainMethodOptions): Promise<number[]> {
  const { figures } = await run(method, options);
  const svg = serialize(figures[0].render({ document }));
  return [...new Set([...svg.matchAll(/<title>filter (\d+)/g)].map(([, filter]) => Number(filter)))];
}

const GRIDS: [string, ExplainMethodOptions][] = [
  ['feature-maps', { index: 3, layer: 'wide' }],
  ['layer-gradients', { index: 3, layer: 'wide' }],
  ['kernels', { layer: 'wide' }],
  ['optimal-stimuli', { layer: 'wide' }],
];

describe.each(GRIDS)('%s of 70 filters', (method, options) => {
  it('shows the first 64, and tells how to see others', async () => {
    const { warning } = await run(method, options);
    expect(warning).toBe(
      'The first 64 of the 70 filters of wide are shown: choose filters by index (0,10,25), the strongest (top:32), or all',
    );
    expect(await filtersOf(method, options)).toHaveLength(64);
  });

  it('shows all, some, or the strongest, without a warning', async () => {
    for (const [filters, count] of [
      ['all', 70],
      [[69, 3, 69], 2],
      [{ top: 5 }, 5],
    ] as const) {
      expect((await run(method, { ...options, filters })).warning).toBeUndefined();
      expect(await filtersOf(method, { ...options, filters })).toHaveLength(count);
    }
    await expect(
      run(method, { ...options, filters: { top: 0 } }).then(({ figures }) => figures[0].render({ document })),
    ).rejects.toThrow(InputError);
  });
});

it('a layer of few filters has no warning', async () => {
  expect((await run('feature-maps', { index: 3, layer: 'narrow' })).warning).toBeUndefined();
  expect(await filtersOf('feature-maps', { index: 3, layer: 'narrow' })).toEqual([0, 1, 2]);
});

describe('the strongest filters over a data set', () => {
  it.each(['top-activations', 'top-activation-bars', 'class-activations'])(
    'are those with the highest mean activation: %s',
    async (method) => {
      const { means, filters, classNames } = await classActivations(opened.model, images, {
        layer: 'wide',
        preprocessing: IDENTITY,
      });
      // Each class has as many images as the others.
      const meanOf = (f: number) => classNames.reduce((sum, _, c) => sum + means[c * filters.length + f], 0);
      const ranked = [...filters].sort((a, b) => meanOf(b) - meanOf(a));
      const { figures } = await run(method, { layer: 'wide', filters: { top: 3 } });
      expect(figures.map(({ name }) => Number(/\d+$/.exec(name)![0]))).toEqual(ranked.slice(0, 3));
    },
  );
});
