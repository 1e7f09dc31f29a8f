import { UNIT_RANGE } from '@convlens/core';
import { generateShapes } from '@convlens/image-set/shapes';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explain, EXPLAIN_METHODS, type ExplainMethodOptions, type OpenModel } from '../../src/index.js';

const images = generateShapes({ count: 20, seed: 1, split: 'test' });
let opened: OpenModel;

beforeAll(async () => {
  await tf.setBackend('simd');
  const conv = (name: string, inputShape?: number[]) =>
    tf.layers.conv2d({ name, filters: 3, kernelSize: 5, strides: 3, inputShape, activation: 'relu' });
  const layers = [
    conv('conv1', [32, 32, 3]),
    tf.layers.conv2d({ name: 'conv2', filters: 3, kernelSize: 3, activation: 'relu' }),
    tf.layers.conv2d({ name: 'conv3', filters: 3, kernelSize: 3, activation: 'relu' }),
    tf.layers.flatten({ name: 'flat' }),
    tf.layers.dense({ name: 'scores', units: 10, activation: 'softmax' }),
  ];
  opened = { model: tf.sequential({ layers }), preprocessing: UNIT_RANGE, classNames: images.classNames };
});
afterAll(() => opened.model.dispose());

const IMAGES = ['classes', 'nth', 'index'];
const TARGET = ['target', ...IMAGES];
const FILTERS = ['layer', 'filters'];

/** The options that each method takes. All others are refused. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  'grad-cam': ['layer', ...TARGET],
  'grad-cam-plus-plus': ['layer', ...TARGET],
  'layer-cam': ['layer', ...TARGET],
  'score-cam': ['layer', ...TARGET],
  'guided-grad-cam': ['layer', ...TARGET],
  saliency: TARGET,
  'gradient-times-input': TARGET,
  'integrated-gradients': TARGET,
  'smooth-grad': TARGET,
  'guided-backprop': TARGET,
  deconvnet: TARGET,
  occlusion: TARGET,
  'layer-gradients': [...FILTERS, ...TARGET],
  'diagnose-input': [],
  'sanity-check': TARGET,
  'insertion-deletion': TARGET,
  'feature-maps': [...FILTERS, 'colorScale', 'columns', ...IMAGES],
  'channel-maximum': ['layer', ...IMAGES],
  'layer-progression': ['layer', ...IMAGES],
  kernels: FILTERS,
  'feature-visualization': [...FILTERS, 'classes', 'score', 'steps', 'recipe'],
  'top-activations': FILTERS,
  'top-activation-bars': FILTERS,
  'class-activations': FILTERS,
  selectivity: FILTERS,
  'strongest-filters': ['layer'],
  'optimal-stimuli': FILTERS,
  'similar-filters': ['layer'],
  statistics: ['layer'],
  separability: ['layer'],
  'compare-groups': ['layer', 'classes'],
  mistakes: [],
};

/** A value of each option that some method takes. */
const VALUES: Required<ExplainMethodOptions> = {
  layer: 'conv1',
  filters: [0],
  target: '1',
  classes: ['star'],
  nth: 1,
  index: 1,
  colorScale: 'shared',
  columns: 4,
  score: 'margin',
  steps: 1,
  recipe: 'lucid',
};

describe('the options of an explain method', () => {
  it('are known for every method', () => {
    const accepted = EXPLAIN_METHODS.map(({ id, options }) => [id, [...options].sort()]);
    const known = Object.entries(OPTIONS).map(([id, names]) => [id, [...names].sort()]);
    expect(Object.fromEntries(accepted)).toEqual(Object.fromEntries(known));
  });

  it.each(Object.entries(OPTIONS))('are refused if %s does not take them', async (method, accepted) => {
    for (const [name, value] of Object.entries(VALUES).filter(([name]) => !accepted.includes(name)))
      await expect(explain(opened, { method, images, [name]: value })).rejects.toThrow(
        `Expected no ${name}: it does not apply to ${method}`,
      );
  });
});

describe('without a layer', () => {
  it.each([
    ['channel-maximum', 'channel_maximum_conv3_3'],
    ['feature-maps', 'feature_maps_conv1_3'],
    ['layer-progression', 'layer_progression_3'],
  ])('%s of an image shows that of its default: %s', async (method, name) => {
    const { figures } = await explain(opened, { method, images, index: 3 });
    expect(figures.map((figure) => figure.name)).toEqual([name]);
  });

  it.each([
    ['kernels', 'kernels_conv1'],
    ['optimal-stimuli', 'optimal_stimuli_conv1'],
    ['selectivity', 'selectivity_conv2'],
    ['similar-filters', 'similar_filters_conv2'],
    ['strongest-filters', 'strongest_filters_conv2'],
    ['class-activations', 'class_activations_conv2_0'],
    ['top-activations', 'top_activations_conv2_0'],
    ['top-activation-bars', 'top_activation_bars_conv2_0'],
  ])('%s shows that of its default: %s', async (method, name) => {
    const { figures } = await explain(opened, { method, images });
    expect(figures[0].name).toBe(name);
  });
});
