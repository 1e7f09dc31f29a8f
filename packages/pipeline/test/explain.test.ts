import { makeShapes } from '@convlens/image-set/shapes';
import { UNIT_RANGE } from '@convlens/core';
import { serialize } from '@convlens/render-d3';
import { createDocument } from '@convlens/render-d3/node';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explain, methodNames, optimizedFigures, type Explanation, type Subject } from '../src/index.js';

const document = createDocument();
const images = makeShapes({ count: 40, seed: 1, split: 'test' });
let subject: Subject;

beforeAll(async () => {
  await tf.setBackend('cpu');
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ name: 'conv', filters: 3, kernelSize: 5, strides: 4, inputShape: [32, 32, 3] }),
      tf.layers.reLU({ name: 'relu' }),
      tf.layers.flatten({ name: 'flat' }),
      tf.layers.dense({ name: 'scores', units: 10, activation: 'softmax' }),
    ],
  });
  subject = { model, preprocessing: UNIT_RANGE, classNames: images.classNames };
});
afterAll(() => subject.model.dispose());

/** Methods that look at chosen images, not at the whole set. */
const CHOOSES =
  /maps|saliency|gradient|guided|deconvnet|smooth|occlusion|cam|insertion|channel-maximum|progression/;

/** The names of the figures, each of which can be drawn. */
const drawn = ({ figures }: Pick<Explanation, 'figures'>) =>
  figures.map(({ name, draw }) => {
    expect(serialize(draw({ document }))).toMatch(/^<svg /);
    return name;
  });

const look = (method: string, options: object = {}) =>
  explain(subject, { method, images, index: 3, ...options });

describe('explain', () => {
  it.each(['score-cam', 'guided-grad-cam', 'layer-gradients'])(
    'draws one figure an image by %s',
    async (method) => {
      const { figures } = await look(method, { layer: 'relu', target: 'star' });
      expect(figures).toHaveLength(1);
      expect(figures[0].caption).toMatch(/star in image 3/);
    },
  );

  it('explains a channel of a layer, a class by index, and refuses what is neither', async () => {
    const { figures } = await look('saliency', { target: 'relu#2' });
    expect(figures[0].caption).toBe('What speaks for relu, channel 2 (mean) in image 3.');
    expect((await look('saliency', { target: '1' })).figures[0].caption).toMatch(images.classNames[1]);
    await expect(look('saliency', { target: 'cat' })).rejects.toThrow(
      /Expected target to be one of predicted, .*"cat"/,
    );
  });

  it('takes a number that is the name of a class for that class', async () => {
    const classNames = images.classNames.map((_, i) => String(9 - i));
    const numbered = { ...subject, classNames };
    const found = await explain(numbered, {
      method: 'saliency',
      images: { ...images, classNames },
      index: 3,
      target: '2',
    });
    expect(found.figures[0].caption).toBe('What speaks for 2 in image 3.');
  });

  it('finds the top images by mean and by maximum in one pass over the data set', async () => {
    const done: number[] = [];
    const onProgress = (now: number) => void done.push(now);
    await explain(subject, { method: 'top-images', images, layer: 'relu', onProgress });
    expect(done).toEqual([40]);
  });

  it('compares methods by the sanity check and by insertion and deletion, in a table', async () => {
    const checked = await look('sanity-check');
    expect(drawn(checked)).toEqual(['sanity_check']);
    const check = checked.table!;
    expect(check.rows.map(([layer]) => layer)).toEqual(['scores', 'conv']);
    const changed = await look('insertion-deletion');
    expect(drawn(changed)).toEqual(['insertion_deletion']);
    const curves = changed.table!;
    expect(curves.rows.map(([method]) => method)).toEqual(check.columns.slice(1));
    for (const [, inserted, deleted] of curves.rows)
      for (const area of [inserted, deleted]) expect(Number(area)).toBeGreaterThan(0);
    await expect(look('sanity-check', { layer: 'relu' })).rejects.toThrow(
      'Expected no layer for sanity-check',
    );
  });

  it('says what the model may have been trained on, and what each way to feed it gives', async () => {
    const { table, conclusion } = await explain(subject, { method: 'diagnose-input', images });
    expect(table!.columns[0]).toBe('fed with');
    expect(table!.rows).toHaveLength(6 * 2 * 2);
    expect(conclusion).toMatch(/^(Nothing stands out|Most likely trained on)/);
  });

  it('makes images for classes, with the scores they get, and for filters of a layer', async () => {
    await tf.setBackend('simd');
    const classes = ['star', 'ring'];
    const made = await optimizedFigures(subject, images, { classes, steps: 40 });
    expect(drawn(made)).toEqual(['optimized_classes', 'optimized_scores']);
    expect(made.table!.rows.map(([name]) => name)).toEqual(classes);
    // Each class gets more of the image that was made for it than of the other's.
    const scoreOf = (row: number, name: string) =>
      Number(made.table!.rows[row][1 + images.classNames.indexOf(name)]);
    expect(scoreOf(0, 'star')).toBeGreaterThan(scoreOf(1, 'star'));
    expect(scoreOf(1, 'ring')).toBeGreaterThan(scoreOf(0, 'ring'));
    const layer = await explain(subject, { method: 'optimize', images, layer: 'relu', filters: [2] });
    expect(drawn(layer)).toEqual(['optimized_relu']);
    await expect(explain(subject, { method: 'optimize', images, target: 'star' })).rejects.toThrow(
      'Expected no target for optimize, which looks at none',
    );
    await tf.setBackend('cpu');
  });

  it('compares two classes, or right with wrong, layer by layer', async () => {
    const classes = images.classNames.slice(0, 2);
    const { figures, table } = await explain(subject, { method: 'compare-groups', images, classes });
    expect(figures[0].name).toBe(`compared_${classes.join('_')}`);
    expect(table!.rows.map(([layer]) => layer)).toEqual(['relu']);
    const means = await explain(subject, { method: 'class-means', images, layer: 'relu', filters: 'all' });
    expect(means.figures).toHaveLength(3);
    const outcome = await explain(subject, { method: 'compare-groups', images });
    expect(outcome.table!.columns.slice(1, 3)).toEqual(['mean of right', 'mean of wrong']);
    await expect(
      explain(subject, { method: 'compare-groups', images, classes: [...classes, 'star'] }),
    ).rejects.toThrow(/^Expected two classes to compare, got /);
    await expect(
      explain(subject, { method: 'compare-groups', images, classes: [classes[0], 'moon'] }),
    ).rejects.toThrow(/^Expected classes to be among .*, got "moon"/);
  });

  it.each(['separability', 'mistakes', 'selectivity', 'strongest-filters', 'similar-filters'])(
    'looks at the whole set by %s, and refuses an image',
    async (method) => {
      const { figures } = await explain(subject, { method, images });
      expect(figures).toHaveLength(1);
      await expect(look(method)).rejects.toThrow(`Expected no index for ${method}, which looks at none`);
    },
  );

  it('draws what the filters of the first convolution, or some of them, answer to most', async () => {
    const { figures } = await explain(subject, { method: 'exact-inputs', images, filters: [2] });
    const svg = serialize(figures[0].draw({ document }));
    expect(figures[0].name).toBe('exact_inputs_conv');
    expect(svg.match(/<image /g)).toHaveLength(1);
    expect(svg).toContain('What filters of conv answer to most');
  });

  it('draws gradients at a layer around zero, and says of which class', async () => {
    const { figures } = await look('layer-gradients', { layer: 'relu', target: 'star' });
    const svg = serialize(figures[0].draw({ document }));
    expect(svg).toMatch(/<title>Gradients of star at relu: \w+ #3<\/title>/);
    expect(svg).toContain('(diverging)');
  });

  it('draws every figure of every method', async () => {
    const seenAbove = ['sanity-check', 'insertion-deletion', 'diagnose-input', 'optimize'];
    for (const method of methodNames.filter((name) => !seenAbove.includes(name))) {
      const found = await explain(subject, { method, images, ...(CHOOSES.test(method) && { index: 3 }) });
      expect(drawn(found).length + (found.table?.rows.length ?? 0)).toBeGreaterThan(0);
    }
  });

  it('follows an image through what convolutions, pooling and dense layers put out', async () => {
    const { figures } = await look('layer-progression');
    expect(drawn({ figures })).toEqual(['layer_progression_3']);
    const svg = serialize(figures[0].draw({ document }));
    for (const part of ['relu', '7×7×3', 'scores', '10 units']) expect(svg).toContain(`>${part}</text>`);
    expect(svg).not.toContain('>flat</text>');
  });

  it('looks at convolutions inside nested models unless a layer is named', async () => {
    const inner = tf.sequential({
      name: 'features',
      layers: [tf.layers.conv2d({ name: 'deep', filters: 2, kernelSize: 3, inputShape: [32, 32, 3] })],
    });
    const pool = tf.layers.globalMaxPooling2d({ name: 'pool' } as never);
    const model = tf.sequential({
      layers: [inner, pool, tf.layers.dense({ units: 10, activation: 'softmax' })],
    });
    const nested = { ...subject, model };
    const { table } = await explain(nested, { method: 'statistics', images });
    expect(table!.rows.map(([layer]) => layer)).toEqual(['features/deep']);
    const maps = await explain(nested, { method: 'feature-maps', images, index: 3 });
    expect(drawn(maps)).toEqual(['feature_maps_features-deep_3']);
    model.dispose();
  });

  it('draws maps as they are asked for, units as bars, and refuses what a method has no maps for', async () => {
    const options = { layer: 'relu', scale: 'standardized', columns: 2 };
    const { figures } = await look('feature-maps', options);
    expect(drawn({ figures })).toEqual(['standardized_feature_maps_relu_3']);
    expect(serialize(figures[0].draw({ document }))).toContain('Each map is standardized');
    const units = await look('feature-maps', { layer: 'scores' });
    expect(drawn(units)).toEqual(['activations_scores_3']);
    expect(serialize(units.figures[0].draw({ document }))).toContain('of 10 units over 0.1');
    await expect(look('feature-maps', { layer: 'scores', columns: 2 })).rejects.toThrow(
      'Expected no columns for feature-maps',
    );
    await expect(look('kernels', { scale: 'shared', index: undefined })).rejects.toThrow(
      'Expected no scale for kernels',
    );
  });

  it('lists its methods if a name is not one of them', async () => {
    await expect(look('grad-cma')).rejects.toThrow(`Expected method to be one of ${methodNames.join(', ')}`);
  });
});
