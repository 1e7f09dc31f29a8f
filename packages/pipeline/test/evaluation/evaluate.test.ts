import { UNIT_RANGE } from '@convlens/core';
import { generateShapes, SHAPES_CLASSES } from '@convlens/image-set/shapes';
import { buildModel } from '@convlens/models';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { evaluateOpenModel } from '../../src/index.js';

const images = generateShapes({ count: 4 });
const reversed = [...SHAPES_CLASSES].reverse();
let model: tf.LayersModel;

beforeAll(async () => {
  await tf.setBackend('cpu');
  model = buildModel('shapes-3conv', { seed: 1 });
});
afterAll(() => model.dispose());

it('evaluates images of the classes that the model was trained on, and of a model that does not name its classes', async () => {
  const preprocessing = UNIT_RANGE;
  for (const classNames of [SHAPES_CLASSES, undefined])
    expect((await evaluateOpenModel({ model, preprocessing, classNames }, images)).count).toBe(4);
});

it('refuses images of other classes, and of the same classes in another order: accuracy would mean nothing', async () => {
  await expect(
    evaluateOpenModel({ model, preprocessing: UNIT_RANGE, classNames: reversed }, images),
  ).rejects.toThrow(
    `Expected images of ${reversed.join(', ')}, as the model was trained on, got ${SHAPES_CLASSES.join(', ')}`,
  );
});
