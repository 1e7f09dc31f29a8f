import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { buildModel, inputShapeOf } from '../src/index.js';

const modelOf = (...inputShape: (number | null)[]) =>
  tf.sequential({
    name: 'small',
    layers: [tf.layers.globalAveragePooling2d({ inputShape: inputShape as number[] })],
  });

describe('inputShapeOf', () => {
  it('is the height, width and channels of the input', () => {
    const model = buildModel('mnist-small');
    expect(inputShapeOf(model)).toEqual({ height: 28, width: 28, channels: 1 });
    model.dispose();
    expect(inputShapeOf(modelOf(20, 30, 3))).toEqual({ height: 20, width: 30, channels: 3 });
  });

  it('takes openSize for a height or width that the model leaves open', () => {
    expect(inputShapeOf(modelOf(null, null, 3), { openSize: 32 })).toEqual({
      height: 32,
      width: 32,
      channels: 3,
    });
    expect(inputShapeOf(modelOf(20, null, 3), { openSize: 32 })).toEqual({
      height: 20,
      width: 32,
      channels: 3,
    });
    expect(() => inputShapeOf(modelOf(null, null, 3), { openSize: 0 })).toThrow('Expected openSize');
  });

  it('takes a height and a width for openSize, and 1 channel for an input without an axis of channels', () => {
    expect(inputShapeOf(modelOf(null, null, 3), { openSize: { height: 20, width: 30 } })).toEqual({
      height: 20,
      width: 30,
      channels: 3,
    });
    const flat = (...inputShape: (number | null)[]) =>
      tf.sequential({ layers: [tf.layers.flatten({ inputShape: inputShape as number[] })] });
    expect(inputShapeOf(flat(28, 20))).toEqual({ height: 28, width: 20, channels: 1 });
    for (const openSize of [
      { height: 0, width: 5 },
      { height: 5, width: 1.5 },
    ])
      expect(() => inputShapeOf(modelOf(null, null, 3), { openSize })).toThrow('Expected openSize');
  });

  it('refuses a model that does not read single images of one size, of 1 or 3 channels', () => {
    const inputs = [tf.input({ shape: [8, 8, 1] }), tf.input({ shape: [4, 1] })];
    const outputs = inputs.map((input) => tf.layers.flatten().apply(input) as tf.SymbolicTensor);
    const cases: [tf.LayersModel, string][] = [
      [modelOf(null, null, 3), '? x ? x ? x 3'],
      [modelOf(28, 28, 2), '? x 28 x 28 x 2'],
      [tf.sequential({ name: 'small', layers: [tf.layers.dense({ inputShape: [9], units: 1 })] }), '? x 9'],
      [tf.model({ name: 'small', inputs, outputs }), '? x 8 x 8 x 1 and ? x 4 x 1'],
    ];
    for (const [model, shape] of cases)
      expect(() => inputShapeOf(model)).toThrow(
        new InputError(`Expected small to read images of one size, of 1 or 3 channels, got ${shape}`),
      );
  });

  it('names the model in messages as the option name does', () => {
    expect(() => inputShapeOf(modelOf(28, 28, 2), { name: 'mine.h5' })).toThrow(
      'Expected mine.h5 to read images',
    );
  });
});
