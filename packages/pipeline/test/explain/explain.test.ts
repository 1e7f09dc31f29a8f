import { idsOf, UNIT_RANGE } from '@convlens/core';
import { generateShapes } from '@convlens/image-set/shapes';
import { serialize } from '@convlens/render-d3';
import { createDocument } from '@convlens/render-d3/node';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  explain,
  EXPLAIN_METHODS,
  featureVisualizationFigures,
  heatmapMethod,
  type ExplainMethodOptions,
  type ExplainResult,
  type OpenModel,
} from '../../src/index.js';

const document = createDocument();
const images = generateShapes({ count: 40, seed: 1, split: 'test' });
let opened: OpenModel;

beforeAll(async () => {
  await tf.setBackend('cpu');
  const kernelInitializer = (seed: number) => tf.initializers.glorotUniform({ seed });
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        name: 'conv',
        filters: 3,
        kernelSize: 5,
        strides: 4,
        inputShape: [32, 32, 3],
        kernelInitializer: kernelInitializer(1),
      }),
      tf.layers.reLU({ name: 'relu' }),
      tf.layers.flatten({ name: 'flat' }),
      tf.layers.dense({
        name: 'scores',
        units: 10,
        activation: 'softmax',
        kernelInitializer: kernelInitializer(2),
      }),
    ],
  });
  opened = { model, preprocessing: UNIT_RANGE, classNames: images.classNames };
});
afterAll(() => opened.model.dispose());

/** The names of the figures, after rendering each of them. */
const renderedNames = ({ figures }: Pick<ExplainResult, 'figures'>) =>
  figures.map(({ name, render }) => {
    expect(serialize(render({ document }))).toMatch(/^<svg /);
    return name;
  });

/** Explains image 3 by a method. */
const explainImage = (method: string, options: ExplainMethodOptions = {}) =>
  explain(opened, { method, images, index: 3, ...options });

describe('explain', () => {
  it.each(['score-cam', 'guided-grad-cam', 'layer-gradients'])(
    'has one figure per image by %s',
    async (method) => {
      const { figures } = await explainImage(method, { layer: 'relu', target: 'star' });
      expect(figures).toHaveLength(1);
      expect(figures[0].caption).toMatch(/star in image 3/);
    },
  );

  it('explains a channel of a layer and a class by index, and refuses an unknown class', async () => {
    const { figures } = await explainImage('saliency', { target: 'relu#2' });
    expect(figures[0].caption).toBe('Attribution to relu, channel 2 (mean) in image 3.');
    expect((await explainImage('saliency', { target: '1' })).figures[0].caption).toMatch(
      images.classNames[1],
    );
    await expect(explainImage('saliency', { target: 'cat' })).rejects.toThrow(
      /Expected target to be one of predicted, .*"cat"/,
    );
  });

  it('takes a number that is the name of a class for that class', async () => {
    const classNames = images.classNames.map((_, i) => String(9 - i));
    const { figures } = await explain(
      { ...opened, classNames },
      { method: 'saliency', images: { ...images, classNames }, index: 3, target: '2' },
    );
    expect(figures[0].caption).toBe('Attribution to 2 in image 3.');
  });

  it('finds the top activations by mean and by maximum in one pass over the data set', async () => {
    const done: number[] = [];
    const onProgress = (count: number) => void done.push(count);
    await explain(opened, { method: 'top-activations', images, layer: 'relu', onProgress });
    expect(done).toEqual([40]);
  });

  it('compares methods by the sanity check and by insertion and deletion, in a table', async () => {
    const sanity = await explainImage('sanity-check');
    expect(renderedNames(sanity)).toEqual(['sanity_check']);
    expect(sanity.table!.rows.map(([layer]) => layer)).toEqual(['scores', 'conv']);
    const perturbation = await explainImage('insertion-deletion');
    expect(renderedNames(perturbation)).toEqual(['insertion_deletion']);
    const { rows } = perturbation.table!;
    expect(rows.map(([method]) => method)).toEqual(sanity.table!.columns.slice(1));
    for (const [, insertion, deletion] of rows)
      for (const area of [insertion, deletion]) expect(Number(area)).toBeGreaterThan(0);
    await expect(explainImage('sanity-check', { layer: 'relu' })).rejects.toThrow(
      'Expected no layer: it does not apply to sanity-check',
    );
  });

  it('diagnoses the input, with the accuracy of each trial', async () => {
    const { table, conclusion } = await explain(opened, { method: 'diagnose-input', images });
    expect(table!.columns[0]).toBe('preprocessing');
    expect(table!.rows).toHaveLength(8 * 2 * 2);
    expect(conclusion).toMatch(/^(Nothing stands out|Most likely trained on)/);
  });

  it('optimizes images for classes, with their scores, and for filters of a layer', async () => {
    await tf.setBackend('simd');
    const classes = ['star', 'ring'];
    const result = await featureVisualizationFigures(opened, images, { classes, steps: 40 });
    expect(renderedNames(result)).toEqual(['optimized_classes', 'optimized_scores']);
    expect(result.table!.rows.map(([name]) => name)).toEqual(classes);
    // Each class has a higher score for its own optimized image than for that of the other.
    const scoreOf = (row: number, name: string) =>
      Number(result.table!.rows[row][1 + images.classNames.indexOf(name)]);
    expect(scoreOf(0, 'star')).toBeGreaterThan(scoreOf(1, 'star'));
    expect(scoreOf(1, 'ring')).toBeGreaterThan(scoreOf(0, 'ring'));
    const method = 'feature-visualization';
    const layer = await explain(opened, { method, images, layer: 'relu', filters: [2] });
    expect(renderedNames(layer)).toEqual(['optimized_relu']);
    await expect(explain(opened, { method, images, target: 'star' })).rejects.toThrow(
      'Expected no target: it does not apply to feature-visualization',
    );
    await expect(explain(opened, { method, images, layer: 'relu', score: 'margin' })).rejects.toThrow(
      'Expected no score: it does not apply to feature-visualization of a layer',
    );
    await tf.setBackend('cpu');
  });

  it('optimizes images by the score, steps and recipe that are asked for, and tells which reach their class', async () => {
    await tf.setBackend('simd');
    const method = 'feature-visualization';
    const classes = ['star', 'ring', 'disk'].filter((name) => images.classNames.includes(name));
    const conclusionOf = async (options: ExplainMethodOptions) =>
      (await explain(opened, { method, images, classes, ...options })).conclusion;
    expect(await conclusionOf({ steps: 200 })).toMatch(
      new RegExp(`^All ${classes.length} images reach their class, with a probability of \\d`),
    );
    expect(await conclusionOf({ steps: 1, score: 'logit', recipe: 'cifar10' })).toMatch(
      /^0 of \d images reach their class\..*: star \d.*Try the score margin in place of logit, more steps than 1, or another recipe than cifar10\.$/,
    );
    const { optimizedImages } = await featureVisualizationFigures(opened, images, {
      classes: ['star'],
      score: 'probability',
      steps: 2,
    });
    expect(optimizedImages[0].history).toHaveLength(2);
    expect(optimizedImages[0].initialValue).toBeGreaterThan(0);
    expect(optimizedImages[0].initialValue).toBeLessThan(1);
    await expect(explain(opened, { method, images, recipe: 'lucide' as never })).rejects.toThrow(
      'Expected recipe to be one of mnist, svhn, cifar10, lucid, got "lucide"',
    );
    await expect(explain(opened, { method, images, score: 'odds' as never })).rejects.toThrow(
      'Expected score to be one of logit, margin, probability, got "odds"',
    );
    await expect(explain(opened, { method, images, steps: 0 })).rejects.toThrow('Expected steps to be');
    await tf.setBackend('cpu');
  });

  it('compares two classes, or correct with wrong predictions, layer by layer', async () => {
    const classes = images.classNames.slice(0, 2);
    const { figures, table } = await explain(opened, { method: 'compare-groups', images, classes });
    expect(figures[0].name).toBe(`compared_${classes.join('_')}`);
    expect(table!.rows.map(([layer]) => layer)).toEqual(['relu']);
    const means = await explain(opened, {
      method: 'class-activations',
      images,
      layer: 'relu',
      filters: 'all',
    });
    expect(means.figures).toHaveLength(3);
    const outcome = await explain(opened, { method: 'compare-groups', images });
    expect(outcome.table!.columns.slice(1, 3)).toEqual(['mean of correct', 'mean of wrong']);
    await expect(
      explain(opened, { method: 'compare-groups', images, classes: [...classes, 'star'] }),
    ).rejects.toThrow(/^Expected two classes to compare, got /);
    await expect(
      explain(opened, { method: 'compare-groups', images, classes: [classes[0], 'moon'] }),
    ).rejects.toThrow(/^Expected classes to be one of .*, got "moon"/);
  });

  it.each(['separability', 'mistakes', 'selectivity', 'strongest-filters', 'similar-filters'])(
    'uses the whole set by %s, and refuses the index of an image',
    async (method) => {
      const { figures } = await explain(opened, { method, images });
      expect(figures).toHaveLength(1);
      await expect(explainImage(method)).rejects.toThrow(`Expected no index: it does not apply to ${method}`);
    },
  );

  it('shows the optimal stimuli of the first convolution, or of some of its filters', async () => {
    const { figures } = await explain(opened, { method: 'optimal-stimuli', images, filters: [2] });
    const svg = serialize(figures[0].render({ document }));
    expect(figures[0].name).toBe('optimal_stimuli_conv');
    expect(svg.match(/<image /g)).toHaveLength(1);
    expect(svg).toContain('Optimal stimuli of conv');
  });

  it('shows gradients at a layer around zero, with their class', async () => {
    const { figures } = await explainImage('layer-gradients', { layer: 'relu', target: 'star' });
    const svg = serialize(figures[0].render({ document }));
    expect(svg).toMatch(/<title>Gradients of star at relu: \w+ #3<\/title>/);
    expect(svg).toContain('(diverging)');
  });

  it('renders every figure of every method', async () => {
    const slow = ['sanity-check', 'insertion-deletion', 'diagnose-input', 'feature-visualization'];
    for (const { id: method, options } of EXPLAIN_METHODS.filter(({ id }) => !slow.includes(id))) {
      const result = await explain(opened, {
        method,
        images,
        ...(options.includes('index') && { index: 3 }),
      });
      expect(renderedNames(result).length + (result.table?.rows.length ?? 0)).toBeGreaterThan(0);
    }
  });

  it('shows the outputs of convolutions, pooling and dense layers for an image', async () => {
    const { figures } = await explainImage('layer-progression');
    expect(renderedNames({ figures })).toEqual(['layer_progression_3']);
    const svg = serialize(figures[0].render({ document }));
    for (const part of ['relu', '7×7×3', 'scores', '10 units']) expect(svg).toContain(`>${part}</text>`);
    expect(svg).not.toContain('>flat</text>');
  });

  it('finds convolutions in nested models', async () => {
    const inner = tf.sequential({
      name: 'features',
      layers: [tf.layers.conv2d({ name: 'deep', filters: 2, kernelSize: 3, inputShape: [32, 32, 3] })],
    });
    const pool = tf.layers.globalMaxPooling2d({ name: 'pool' } as never);
    const model = tf.sequential({
      layers: [inner, pool, tf.layers.dense({ units: 10, activation: 'softmax' })],
    });
    const nested = { ...opened, model };
    const { table } = await explain(nested, { method: 'statistics', images });
    expect(table!.rows.map(([layer]) => layer)).toEqual(['features/deep']);
    const maps = await explain(nested, { method: 'feature-maps', images, index: 3 });
    expect(renderedNames(maps)).toEqual(['feature_maps_features-deep_3']);
    model.dispose();
  });

  it('shows feature maps with a color scale, and units as bars, without options of maps', async () => {
    const { figures } = await explainImage('feature-maps', {
      layer: 'relu',
      colorScale: 'standardized',
      columns: 2,
    });
    expect(renderedNames({ figures })).toEqual(['standardized_feature_maps_relu_3']);
    expect(serialize(figures[0].render({ document }))).toContain('Each map is standardized');
    const units = await explainImage('feature-maps', { layer: 'scores' });
    expect(renderedNames(units)).toEqual(['activations_scores_3']);
    expect(serialize(units.figures[0].render({ document }))).toContain('of 10 units above 0.1');
    await expect(explainImage('feature-maps', { layer: 'scores', columns: 2 })).rejects.toThrow(
      'Expected no columns: it does not apply to feature-maps of a dense layer',
    );
    await expect(explain(opened, { method: 'kernels', images, colorScale: 'shared' })).rejects.toThrow(
      'Expected no colorScale: it does not apply to kernels',
    );
  });

  it('lists its methods if a name is not one of them', async () => {
    await expect(explainImage('grad-cma')).rejects.toThrow(
      `Expected method to be one of ${idsOf(EXPLAIN_METHODS).join(', ')}`,
    );
  });

  it('takes other methods as a list', async () => {
    const method = heatmapMethod({
      id: 'edges',
      title: 'Edges',
      family: 'pixel',
      usesLayer: false,
      cost: 'low',
      explain: async (_, { height, width, classNames }) => [
        {
          method: 'edges',
          classIndex: classNames.indexOf('star'),
          index: 3,
          height,
          width,
          values: new Float32Array(height * width).fill(1),
          signed: false,
        },
      ],
    });
    const { figures } = await explain(opened, { method: 'edges', methods: [method], images, index: 3 });
    expect(figures[0].caption).toBe('Attribution to star in image 3.');
    await expect(
      explain(opened, { method: 'edges', methods: [method], images, layer: 'relu' }),
    ).rejects.toThrow('Expected no layer: it does not apply to edges');
    await expect(explainImage('edges')).rejects.toThrow('got "edges"');
  });
});
