import { makeShapes } from '@convlens/image-set/shapes';
import { UNIT_RANGE } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explain, methodNames, type Subject } from '../src/index.js';

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

  it('compares methods by the sanity check and by insertion and deletion, in a table', async () => {
    const check = (await look('sanity-check')).table!;
    expect(check.rows.map(([layer]) => layer)).toEqual(['scores', 'conv']);
    const curves = (await look('insertion-deletion')).table!;
    expect(curves.rows.map(([method]) => method)).toEqual(check.columns.slice(1));
    for (const [, inserted, deleted] of curves.rows)
      for (const area of [inserted, deleted]) expect(Number(area)).toBeGreaterThan(0);
    await expect(look('sanity-check', { layer: 'relu' })).rejects.toThrow(
      'Expected no layer for sanity-check',
    );
  });

  it('says in a table what the model may have been trained on', async () => {
    const { columns, rows } = (await look('diagnose-input')).table!;
    expect(columns[0]).toBe('fed with');
    expect(rows).toHaveLength(6 * 2 * 2 + 1);
    expect(rows.at(-1)![0]).toMatch(/Nothing stands out|Most likely trained on/);
  });

  it('knows every method of the package', () => {
    expect(methodNames).toEqual(
      expect.arrayContaining([
        'score-cam',
        'guided-grad-cam',
        'layer-gradients',
        'sanity-check',
        'diagnose-input',
      ]),
    );
  });
});
