import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { earlyStopping } from '../../src/index.js';
import { begin } from '../drive.js';
import {
  CHANGES,
  compiled,
  MODELS,
  setWeights,
  square,
  thaw,
  valuesOf,
  variants,
} from '../freezable-models.js';

describe('the best weights of earlyStopping return to their layers', () => {
  it.each(variants)('$kind, if $change after the best epoch', async ({ kind, change }) => {
    const model = compiled(MODELS[kind]);
    const stop = earlyStopping({ monitor: 'loss', patience: 9, restoreBestWeights: true });
    await begin(stop, model);
    setWeights(model, 1);
    const best = valuesOf(model);
    await stop.onEpochEnd(0, { loss: 1 });
    CHANGES[change](model);
    setWeights(model, 2);
    await stop.onEpochEnd(1, { loss: 2 });
    await stop.onTrainEnd();
    expect(valuesOf(model)).toEqual(best);
    model.dispose();
  });

  it.each(variants)(
    '$kind, if $change before, and is unfrozen after the best epoch',
    async ({ kind, change }) => {
      const model = compiled(MODELS[kind]);
      CHANGES[change](model);
      const stop = earlyStopping({ monitor: 'loss', patience: 9, restoreBestWeights: true });
      await begin(stop, model);
      const best = valuesOf(model);
      await stop.onEpochEnd(0, { loss: 1 });
      thaw(model);
      setWeights(model, 2);
      await stop.onTrainEnd();
      expect(valuesOf(model)).toEqual(best);
      model.dispose();
    },
  );

  it.each(variants)(
    '$kind, from a state, if $change in the training that continues',
    async ({ kind, change }) => {
      const [first, second] = [compiled(MODELS[kind]), compiled(MODELS[kind])];
      const stops = [first, second].map(() => earlyStopping({ monitor: 'loss', restoreBestWeights: true }));
      await begin(stops[0], first);
      const best = valuesOf(first);
      await stops[0].onEpochEnd(0, { loss: 1 });
      CHANGES[change](second);
      await begin(stops[1], second);
      stops[1].setState(structuredClone(stops[0].getState()));
      await stops[1].onTrainEnd();
      expect(valuesOf(second)).toEqual(best);
      for (const model of [first, second]) model.dispose();
    },
  );

  it.each([1, 4])('in model.fit, if a callback unfreezes a layer, with %d outputs', async (units) => {
    const linear = (size: number, inputShape?: number[]) =>
      tf.layers.dense({ units: size, inputShape, useBias: false });
    const model = tf.sequential({ layers: [linear(4, [4]), linear(4), linear(units)] });
    model.layers[0].trainable = false;
    model.compile({ optimizer: tf.train.sgd(1e-9), loss: 'meanSquaredError' });
    const before = valuesOf(model);
    const callbacks = [
      new tf.CustomCallback({ onEpochEnd: async (epoch, logs) => void (logs!.loss = epoch + 1) }),
      earlyStopping({ monitor: 'loss', patience: 100, restoreBestWeights: true }),
      new tf.CustomCallback({ onEpochEnd: async () => void (model.layers[0].trainable = true) }),
    ];
    const [x, y] = [tf.ones([4, 4]), tf.ones([4, units])];
    await model.fit(x, y, { epochs: 3, verbose: 0, callbacks });
    valuesOf(model).forEach((values, i) =>
      values.forEach((value, j) => expect(value).toBeCloseTo(before[i][j], 4)),
    );
    tf.dispose([x, y]);
    model.dispose();
  });

  it('by name, if the layers of the training that continues are in another order', async () => {
    const stacked = (...names: string[]) =>
      compiled(() => {
        const layers = names.map((name, i) => square({ name, ...(i === 0 && { inputShape: [3] }) }));
        return tf.sequential({ layers });
      });
    const [first, second] = [stacked('a', 'b', 'c'), stacked('c', 'a', 'b')];
    const stops = [first, second].map(() => earlyStopping({ monitor: 'loss', restoreBestWeights: true }));
    await begin(stops[0], first);
    setWeights(first, 1);
    await stops[0].onEpochEnd(0, { loss: 1 });
    await begin(stops[1], second);
    stops[1].setState(stops[0].getState());
    await stops[1].onTrainEnd();
    const kernelOf = (model: tf.LayersModel, name: string) => model.getLayer(name).getWeights()[0].dataSync();
    for (const name of ['a', 'b', 'c']) expect(kernelOf(second, name)).toEqual(kernelOf(first, name));
  });

  it('and are refused for a model with layers of other names, of which it lists the weights', async () => {
    const named = (name: string) =>
      compiled(() => tf.sequential({ layers: [square({ name, inputShape: [3] })] }));
    const stops = ['a', 'b'].map(() => earlyStopping({ monitor: 'loss', restoreBestWeights: true }));
    await begin(stops[0], named('a'));
    await stops[0].onEpochEnd(0, { loss: 1 });
    await begin(stops[1], named('b'));
    expect(() => stops[1].setState(stops[0].getState())).toThrow(
      new InputError(
        'Expected saved weights with the weights of this model, got one without b/kernel, b/bias, and with a/kernel, a/bias',
      ),
    );
  });
});
