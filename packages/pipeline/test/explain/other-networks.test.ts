import { ATTRIBUTION_METHODS } from '@convlens/activations';
import { IDENTITY, isInputError } from '@convlens/core';
import { generateShapes } from '@convlens/image-set/shapes';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { explain, EXPLAIN_METHODS, type ExplainMethodOptions } from '../../src/index.js';

const images = generateShapes({ count: 20, seed: 1, split: 'test' });

beforeAll(() => tf.setBackend('simd'));

type Build = (image: tf.SymbolicTensor) => tf.SymbolicTensor | tf.SymbolicTensor[];

const apply = (layer: tf.layers.Layer, x: tf.SymbolicTensor) => layer.apply(x) as tf.SymbolicTensor;
const conv = (name: string, activation: string, x: tf.SymbolicTensor) =>
  apply(
    tf.layers.conv2d({ name, filters: 3, kernelSize: 5, strides: 3, activation: activation as 'relu' }),
    x,
  );
const dense = (name: string, units: number, activation: string, x: tf.SymbolicTensor) =>
  apply(tf.layers.dense({ name, units, activation: activation as 'relu' }), x);
const flat = (x: tf.SymbolicTensor) => apply(tf.layers.flatten(), x);

async function run(build: Build, method: string, options: ExplainMethodOptions & { output?: string } = {}) {
  const image = tf.input({ name: 'image', shape: [32, 32, 3] });
  const model = tf.model({ inputs: image, outputs: build(image) });
  const { output, ...methodOptions } = options;
  const opened = { model, preprocessing: IDENTITY, ...(output !== undefined && { output }) };
  try {
    return await explain(opened, { method, images, ...methodOptions });
  } finally {
    model.dispose();
  }
}

/** Dense layers only, as the first network of many courses. */
const denseNetwork: Build = (image) =>
  dense('scores', 10, 'softmax', dense('hidden', 6, 'relu', flat(image)));
/** A network with an activation function that is no rectifier. */
const smoothNetwork: Build = (image) => dense('scores', 10, 'softmax', flat(conv('conv', 'tanh', image)));
const twoHeads: Build = (image) => {
  const features = flat(conv('conv', 'relu', image));
  return [dense('age', 1, 'linear', features), dense('mood', 10, 'softmax', features)];
};

describe('a network of dense layers', () => {
  it.each([
    'statistics',
    'separability',
    'compare-groups',
    'strongest-filters',
    'class-activations',
    'selectivity',
    'top-activation-bars',
  ])('is explained by its dense layers: %s', async (method) => {
    const classes = method === 'compare-groups' ? { classes: images.classNames.slice(0, 2) } : {};
    const { figures, table } = await run(denseNetwork, method, classes);
    if (figures.length > 0) expect(figures[0].name).toMatch(/scores|layer_separability|compared/);
    if (table) expect(table.rows.map(([layer]) => layer)).toEqual(['hidden', 'scores']);
  });

  it('has the outputs of its first dense layer as feature maps', async () => {
    const { figures } = await run(denseNetwork, 'feature-maps', { index: 3 });
    expect(figures.map(({ name }) => name)).toEqual(['activations_hidden_3']);
  });

  it.each(['grad-cam', 'grad-cam-plus-plus', 'layer-cam', 'score-cam', 'channel-maximum'])(
    'is refused by what needs a convolution, which says what to use: %s',
    async (method) => {
      await expect(run(denseNetwork, method, { index: 3 })).rejects.toThrow(
        'Expected a model with a 2D convolution for the layer last-conv, got none: choose a layer by its name, or a method that needs no layer, such as saliency',
      );
    },
  );
});

/** The methods that do not apply to a network, by the lines of a warning. */
const leftOut = (warning: string | undefined) => warning?.split('\n').map((line) => line.split(' ')[0]);

describe('comparisons of methods', () => {
  const compared = ATTRIBUTION_METHODS.filter(({ isCompared }) => isCompared).map(({ id }) => id);
  const idsOf = (
    method: string,
    { columns, rows }: { columns: readonly string[]; rows: readonly unknown[][] },
  ) => (method === 'sanity-check' ? columns.slice(1) : rows.map(([id]) => id));

  it.each([
    ['sanity-check', 'rectifiers', smoothNetwork, /^guided|^deconvnet/],
    ['insertion-deletion', 'a 2D convolution', denseNetwork, /cam/],
  ])(
    'leave out those that do not apply, with a warning: %s of a network without %s',
    async (method, missing, build, pattern) => {
      const { table, warning } = await run(build, method, { index: 3 });
      const expected = compared.filter((id) => pattern.test(id));
      expect(expected.length).toBeGreaterThan(0);
      expect(leftOut(warning)).toEqual(expected);
      expect(warning).toContain(`Expected a model with ${missing}`);
      expect(idsOf(method, table as never)).toEqual(compared.filter((id) => !pattern.test(id)));
    },
  );

  it.each(['sanity-check', 'insertion-deletion'])('explain the chosen output: %s', async (method) => {
    await expect(run(twoHeads, method, { index: 3 })).rejects.toThrow(/^Expected the option output/);
    const { warning, table } = await run(twoHeads, method, { index: 3, output: 'mood' });
    expect(warning).toBeUndefined();
    expect(idsOf(method, table as never)).toEqual(compared);
  });
});

describe('a network that outputs a map', () => {
  const map: Build = (image) => conv('mask', 'sigmoid', image);

  it('explains a channel of a layer, by the methods that take a target', async () => {
    const methods = EXPLAIN_METHODS.filter(
      ({ id, options }) =>
        options.includes('target') &&
        !['deconvnet', 'sanity-check', 'insertion-deletion'].includes(id) &&
        !id.startsWith('guided'),
    );
    expect(methods.length).toBeGreaterThanOrEqual(9);
    for (const { id } of methods) {
      const { figures } = await run(map, id, { index: 3, target: 'mask#0' });
      expect(figures.length, id).toBe(1);
    }
  });

  it('is refused without a target, by a sentence that names one', async () => {
    const refusal = await run(map, 'saliency', { index: 3 }).catch((error: unknown) => error);
    expect(isInputError(refusal)).toBe(true);
    expect((refusal as Error).message).toBe(
      'Expected a model that outputs one score per class, got an output of shape [10, 10, 3]: it has no classes; ' +
        'a channel of a layer can be explained in their place, such as the target mask#0',
    );
  });
});
