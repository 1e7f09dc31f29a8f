import { InputError, namedWeights, randomAt, UNIT_RANGE } from '@convlens/core';
import { memoryStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadModel, saveModel } from '../../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

const { dense, batchNormalization, separableConv2d } = tf.layers;
const metadata = { preprocessing: UNIT_RANGE, classNames: [] };

function randomize(model: tf.LayersModel): void {
  const random = randomAt(3, 'weights');
  for (const { weight } of namedWeights(model)) {
    const shape = weight.shape as number[];
    const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => 0.5 + random());
    tf.tidy(() => (weight.read() as tf.Variable).assign(tf.tensor(values, shape)));
  }
}

const valuesOf = (model: tf.LayersModel) =>
  Object.fromEntries(namedWeights(model).map(({ name, weight }) => [name, [...weight.read().dataSync()]]));
const predict = (model: tf.LayersModel, shape: number[]) =>
  tf.tidy(() => [...(model.predict(tf.ones([2, ...shape])) as tf.Tensor).dataSync()]);
const trainableNames = (model: tf.LayersModel) => {
  const names = new Map(namedWeights(model).map(({ name, weight }) => [weight, name]));
  return model.trainableWeights.map((weight) => names.get(weight));
};

async function saveAndLoad(model: tf.LayersModel) {
  const store = memoryStore();
  await saveModel(model, store, metadata);
  return (await loadModel(store)).model;
}

/** A model whose layers at several depths have one name. */
function equalNames() {
  const layer = (inputShape?: number[]) => dense({ name: 'same', units: 3, inputShape });
  const inner = (name: string) => tf.sequential({ name, layers: [layer([3])] });
  const input = tf.input({ shape: [3] });
  const outputs = [inner('left'), inner('right')].map((one) => one.apply(input) as tf.SymbolicTensor);
  const sum = tf.layers.add().apply(outputs);
  return tf.model({ inputs: input, outputs: layer().apply(sum) as tf.SymbolicTensor });
}

describe('saveModel and loadModel', () => {
  it('keep the weights of layers with equal names in models inside the model', async () => {
    const model = equalNames();
    randomize(model);
    const loaded = await saveAndLoad(model);
    expect(Object.keys(valuesOf(loaded))).toEqual([
      'left/same/kernel',
      'left/same/bias',
      'right/same/kernel',
      'right/same/bias',
      'same/kernel',
      'same/bias',
    ]);
    expect(valuesOf(loaded)).toEqual(valuesOf(model));
    expect(predict(loaded, [3])).toEqual(predict(model, [3]));
  });

  it('keep them if some are frozen, which changes the order of weights', async () => {
    const model = equalNames();
    model.getLayer('left').trainable = false;
    randomize(model);
    const loaded = await saveAndLoad(model);
    expect(valuesOf(loaded)).toEqual(valuesOf(model));
    expect(trainableNames(loaded)).toEqual(trainableNames(model));
  });

  it.each([
    ['a layer', (model: tf.LayersModel) => model.getLayer('base')],
    [
      'a layer of the model inside',
      (model: tf.LayersModel) => (model.getLayer('base') as tf.LayersModel).layers[1],
    ],
    ['the whole model', (model: tf.LayersModel) => model],
    ['the last layer', (model: tf.LayersModel) => model.getLayer('last')],
    ['the batch norm', (model: tf.LayersModel) => model.getLayer('norm')],
  ])('keep what is frozen: %s', async (_, find) => {
    const base = tf.sequential({
      name: 'base',
      layers: [dense({ units: 3, inputShape: [3] }), dense({ units: 3 })],
    });
    const layers = [dense({ units: 3, inputShape: [3] }), base, batchNormalization({ name: 'norm' })];
    const model = tf.sequential({ layers: [...layers, dense({ name: 'last', units: 2 })] });
    find(model).trainable = false;
    const loaded = await saveAndLoad(model);
    expect(trainableNames(loaded)).toEqual(trainableNames(model));
    expect(trainableNames(loaded).length).toBeLessThan(10);
    find(model).trainable = true;
    find(loaded).trainable = true;
    expect(trainableNames(loaded)).toEqual(trainableNames(model));
  });

  it.each(['unitNorm', 'nonNeg', 'maxNorm', 'minMaxNorm'] as const)(
    'keep weights that do not meet their constraint %s, as after a step of training',
    async (kernelConstraint) => {
      const model = tf.sequential({ layers: [dense({ units: 4, inputShape: [3], kernelConstraint })] });
      const x = tf.randomNormal([8, 3], 0, 9, 'float32', 1);
      const y = tf.randomNormal([8, 4], 0, 9, 'float32', 2);
      model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
      await model.fit(x, y, { verbose: 0 });
      expect(valuesOf(await saveAndLoad(model))).toEqual(valuesOf(model));
    },
  );

  it('write a depth multiplier that plain tf.loadLayersModel reads', async () => {
    const store = memoryStore();
    const layers = [1, 2, 4].map((depthMultiplier, i) =>
      separableConv2d({
        filters: 3,
        kernelSize: 2,
        depthMultiplier,
        ...(i === 0 && { inputShape: [6, 6, 2] }),
      }),
    );
    const model = tf.sequential({ layers });
    await saveModel(model, store, metadata);
    const { modelTopology, weightsManifest } = JSON.parse(
      new TextDecoder().decode(await store.read('model.json')),
    );
    const weightData = (await store.read('weights.bin'))!.slice().buffer;
    const plain = await tf.loadLayersModel(
      tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }),
    );
    expect(predict(plain, [6, 6, 2])).toEqual(predict(model, [6, 6, 2]));
  });

  it('keep no tensor, with equal names', async () => {
    const model = equalNames();
    const before = tf.memory().numTensors;
    (await saveAndLoad(model)).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('saveModel refuses at once', () => {
  const save = (model: tf.LayersModel) => saveModel(model, memoryStore(), metadata);

  it('a layer that two models inside the model share, which would be loaded as two', async () => {
    const shared = dense({ name: 'shared', units: 3 });
    const input = tf.input({ shape: [3] });
    const outputs = ['a', 'b'].map((name) => {
      const x = tf.input({ shape: [3] });
      const inner = tf.model({ name, inputs: x, outputs: shared.apply(x) as tf.SymbolicTensor });
      return inner.apply(input) as tf.SymbolicTensor;
    });
    const model = tf.model({ inputs: input, outputs: tf.layers.add().apply(outputs) as tf.SymbolicTensor });
    await expect(save(model)).rejects.toThrow(
      new InputError(
        'Expected a model whose layers belong to one model each, got the weight shared/kernel in two models inside it,' +
          ' which would be loaded as two layers: apply one inner model twice instead',
      ),
    );
  });

  it.each([
    [
      () => tf.layers.thresholdedReLU({ theta: Infinity, inputShape: [3] } as never),
      'Infinity as config.layers.0.config.theta',
    ],
    [
      () => tf.layers.leakyReLU({ alpha: NaN, inputShape: [3] } as never),
      'NaN as config.layers.0.config.alpha',
    ],
    [
      () => tf.layers.masking({ maskValue: -Infinity, inputShape: [2, 3] }),
      '-Infinity as config.layers.0.config.mask_value',
    ],
    [
      () => tf.layers.rescaling({ scale: NaN, inputShape: [3] } as never),
      'NaN as config.layers.0.config.scale',
    ],
    [
      () =>
        dense({
          units: 1,
          inputShape: [3],
          kernelConstraint: tf.constraints.maxNorm({ maxValue: -Infinity }),
        }),
      '-Infinity as config.layers.0.config.kernel_constraint.config.max_value',
    ],
  ])('an option that JSON has not: %#', async (layer, found) => {
    await expect(save(tf.sequential({ layers: [layer()] }))).rejects.toThrow(
      `Expected options of layers that model.json can hold, got ${found}`,
    );
  });

  it('but not a maximum that is infinite, which is none', async () => {
    const model = tf.sequential({
      layers: [tf.layers.reLU({ maxValue: Infinity, inputShape: [3] } as never)],
    });
    expect(predict(await saveAndLoad(model), [3])).toEqual(predict(model, [3]));
  });

  it.each([
    ['is not complete', {}, 'units'],
    ['has another size', { units: 5 }, 'Shape mismatch: [3,5] vs. [3,2]'],
  ])("a layer of the caller's own whose getConfig %s", async (_, config, reason) => {
    class Projection extends tf.layers.Layer {
      static readonly className = `TestProjection${Object.keys(config).length}`;
      readonly #units: number;
      #kernel?: tf.LayerVariable;
      constructor({ units, ...rest }: { units: number; name?: string; inputShape?: number[] }) {
        super(rest);
        if (units === undefined) throw new Error('units is missing');
        this.#units = units;
      }
      override build() {
        this.#kernel = this.addWeight('kernel', [3, this.#units], 'float32', tf.initializers.zeros());
        this.built = true;
      }
      override computeOutputShape() {
        return [null, this.#units];
      }
      override call(inputs: tf.Tensor[]) {
        return tf.matMul(inputs[0], this.#kernel!.read());
      }
      override getConfig() {
        return { ...super.getConfig(), ...config };
      }
    }
    const model = () => tf.sequential({ layers: [new Projection({ units: 2, inputShape: [3] })] });
    // The class cannot be tried before it is registered.
    await save(model());
    tf.serialization.registerClass(Projection as never);
    await expect(save(model())).rejects.toThrow(
      /Expected a model that TensorFlow.js can load again, got one whose loading fails: .*a layer class of your own needs a complete getConfig/,
    );
    await expect(save(model())).rejects.toThrow(reason);
  });
});
