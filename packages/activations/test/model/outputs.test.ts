import * as tf from '@tensorflow/tfjs';
import { normal, randomAt, type Images } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ATTRIBUTION_METHODS,
  attributions,
  deletionCurves,
  diagnoseInput,
  evaluateModel,
  featureMaps,
  findLayer,
  gradCam,
  layerGradients,
  layerStatistics,
  mistakes,
  occlusion,
  predictions,
  saliency,
  scoresOf,
  topActivations,
  visualizeFeatures,
} from '../../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

const { layers } = tf;
const [SIZE, COUNT] = [6, 4];
const random = randomAt(11, 'outputs');

const images: Images & { labels: Int32Array } = {
  name: 'noise',
  pixels: Uint8Array.from({ length: COUNT * SIZE * SIZE * 3 }, () => 256 * random()),
  count: COUNT,
  height: SIZE,
  width: SIZE,
  channels: 3,
  labels: Int32Array.of(0, 1, 1, 0),
  classNames: ['cat', 'dog'],
};

/** A model with random weights. */
function withWeights(model: tf.LayersModel, scale = 1): tf.LayersModel {
  const values = randomAt(13, 'weights');
  tf.tidy(() =>
    model.setWeights(
      model.getWeights().map(({ shape, size }) =>
        tf.tensor(
          Array.from({ length: size }, () => scale * normal(values)),
          shape,
        ),
      ),
    ),
  );
  return model;
}

const image = () => tf.input({ shape: [SIZE, SIZE, 3] });
const flat = (x: tf.SymbolicTensor) => layers.flatten().apply(x) as tf.SymbolicTensor;
const dense = (units: number, activation: 'linear' | 'sigmoid' | 'softmax', name?: string) =>
  layers.dense({ units, activation, name });

/** Flatten and one dense layer: the gradient of its pre-activation is its kernel. */
const affine = (units: number, activation: 'linear' | 'sigmoid' | 'softmax') =>
  withWeights(
    tf.sequential({ layers: [layers.flatten({ inputShape: [SIZE, SIZE, 3] }), dense(units, activation)] }),
    0.1,
  );

/** What the model outputs by itself, one row per image. */
function outputsOf(model: tf.LayersModel, output = 0): number[][] {
  return tf.tidy(() => {
    const x = tf.div(tf.tensor4d(Float32Array.from(images.pixels), [COUNT, SIZE, SIZE, 3]), 255);
    const result = [model.predict(x)].flat()[output] as tf.Tensor2D;
    return result.arraySync();
  });
}

const expectClose = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5) => {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < actual.length; i++) expect(Math.abs(actual[i] - expected[i])).toBeLessThan(tolerance);
};

describe('one sigmoid unit, of a binary classifier', () => {
  const model = affine(1, 'sigmoid');
  const kernel = model.getWeights()[0].dataSync();

  it('is class 1 with p and class 0 with 1 - p', async () => {
    const results = await predictions(model, images);
    outputsOf(model).forEach(([p], i) => {
      expectClose(results[i].probabilities, [1 - p, p]);
      expect(results[i].predicted).toBe(p > 0.5 ? 1 : 0);
      expect(results[i].confidence).toBeCloseTo(Math.max(p, 1 - p), 5);
    });
  });

  it('has loss, accuracy, confusion matrix and mistakes, as binary cross-entropy has', async () => {
    const ps = outputsOf(model).map(([p]) => p);
    const { loss, accuracy, confusion } = await evaluateModel(model, images);
    const losses = ps.map((p, i) => -Math.log(images.labels[i] === 1 ? p : 1 - p));
    expect(loss).toBeCloseTo(losses.reduce((sum, one) => sum + one) / COUNT, 5);
    const wrong = ps.filter((p, i) => Number(p > 0.5) !== images.labels[i]).length;
    expect(accuracy).toBe((COUNT - wrong) / COUNT);
    expect(confusion.counts).toHaveLength(4);
    expect((await mistakes(model, images)).wrong).toBe(wrong);
  });

  it('has the kernel as the gradient of the unit and of class 1, and its negative of class 0', async () => {
    for (const target of [0, 1, 'dog', [1, 1, 1, 1]] as const)
      for (const { values, classIndex } of await attributions(model, images, { target })) {
        expectClose(values, kernel);
        expect(classIndex).toBe(1);
      }
    const negative = kernel.map((weight) => -weight);
    for (const target of ['cat', [0, 0, 0, 0]] as const)
      for (const { values, classIndex } of await attributions(model, images, { target })) {
        expectClose(values, negative);
        expect(classIndex).toBe(0);
      }
  });

  it('has the gradient of the probabilities: p (1 - p) times the kernel', async () => {
    const ps = outputsOf(model).map(([p]) => p);
    const ofClass = await Promise.all(
      ['cat', 'dog'].map((target) => attributions(model, images, { target, score: 'probability' })),
    );
    ps.forEach((p, i) => {
      expectClose(
        ofClass[0][i].values,
        kernel.map((weight) => -p * (1 - p) * weight),
      );
      expectClose(
        ofClass[1][i].values,
        kernel.map((weight) => p * (1 - p) * weight),
      );
    });
  });

  it('follows the labels and the predictions', async () => {
    const byLabel = await attributions(model, images, { target: 'label' });
    expect(byLabel.map(({ classIndex }) => classIndex)).toEqual([...images.labels]);
    const predicted = await attributions(model, images);
    const expected = outputsOf(model).map(([p]) => Number(p > 0.5));
    expect(predicted.map(({ classIndex }) => classIndex)).toEqual(expected);
  });

  it('refuses a class that it does not have', async () => {
    await expect(saliency(model, images, { target: 2 })).rejects.toThrow(
      'Expected target to be an integer from 0 to 1 (cat, dog), got 2',
    );
    await expect(saliency(model, images, { target: 'bird' })).rejects.toThrow('cat, dog');
  });

  it('is explained by every method, of a convolutional network, with opposite maps of both classes', async () => {
    const network = withWeights(
      tf.sequential({
        layers: [
          layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu', inputShape: [SIZE, SIZE, 3] }),
          layers.flatten(),
          dense(1, 'sigmoid'),
        ],
      }),
      0.2,
    );
    for (const { id, explain } of ATTRIBUTION_METHODS) {
      const maps = await explain(network, images, { target: 'cat' });
      expect(maps, id).toHaveLength(COUNT);
      for (const { values } of maps) expect(values.every(Number.isFinite), id).toBe(true);
    }
    const [cat, dog] = await Promise.all(
      ['cat', 'dog'].map((target) => layerGradients(network, images, { target })),
    );
    expectClose(
      cat.values,
      dog.values.map((value) => -value),
    );
    const [ofCat, ofDog] = await Promise.all(
      ['cat', 'dog'].map((target) => occlusion(network, images, { target, size: 2 })),
    );
    ofCat.forEach(({ values }, i) =>
      expectClose(
        values,
        ofDog[i].values.map((value) => -value),
      ),
    );
  });

  it('has images that are optimized for either class, and curves of 1 - p', async () => {
    const optimized = await visualizeFeatures(
      model,
      [0, 1].map((index) => ({ kind: 'class', class: index })),
      { steps: 20, classNames: images.classNames },
    );
    expect(optimized.map(({ name }) => name)).toEqual(['cat', 'dog']);
    for (const { finalValue, initialValue } of optimized) expect(finalValue).toBeGreaterThan(initialValue);
    const heatmaps = await saliency(model, images, { target: 'cat' });
    const curves = await deletionCurves(model, images, { heatmaps, steps: 2 });
    outputsOf(model).forEach(([p], i) => expect(curves[i].scores[0]).toBeCloseTo(1 - p, 5));
  });
});

describe('one unit without a sigmoid, of a regression', () => {
  const model = affine(1, 'linear');

  it('is a value and never a probability', async () => {
    const results = await predictions(model, images);
    outputsOf(model).forEach(([value], i) => {
      expectClose(results[i].values!, [value]);
      expect(results[i]).toMatchObject({ predicted: -1, confidence: NaN, index: i });
      expect(results[i].probabilities).toHaveLength(0);
    });
  });

  it('has its kernel as the gradient, for the target 0 and for the default', async () => {
    const kernel = model.getWeights()[0].dataSync();
    for (const options of [{}, { target: 0 }])
      for (const { values, classIndex, target } of await attributions(model, images, options)) {
        expectClose(values, kernel);
        expect(classIndex).toBe(-1);
        expect(target).toMatch(/^the value of dense/);
      }
  });

  it('has deletion curves of the value', async () => {
    const heatmaps = await saliency(model, images);
    const curves = await deletionCurves(model, images, { heatmaps, steps: 2 });
    outputsOf(model).forEach(([value], i) => expect(curves[i].scores[0]).toBeCloseTo(value, 5));
  });

  it('is refused where classes are needed, with the reason', async () => {
    const reason = 'layer dense_Dense\\d+ has one unit and no sigmoid';
    const value = new RegExp(`^Expected a model that outputs one score per class, got one that .*${reason}`);
    await expect(evaluateModel(model, images)).rejects.toThrow(value);
    await expect(mistakes(model, images)).rejects.toThrow(value);
    await expect(diagnoseInput(model, images)).rejects.toThrow(value);
    await expect(visualizeFeatures(model, [{ kind: 'class', class: 0 }])).rejects.toThrow(value);
    await expect(saliency(model, images, { target: 'cat' })).rejects.toThrow(
      /^Expected target to be 'predicted' or 0 for a model that outputs a value .* got "cat"$/,
    );
    await expect(saliency(model, images, { score: 'probability' })).rejects.toThrow(
      /^Expected score to be 'logit' for a model that outputs a value/,
    );
  });
});

describe('several sigmoid units, of several labels', () => {
  it('are probabilities that do not add up to 1, with their kernels as gradients', async () => {
    const model = affine(3, 'sigmoid');
    const results = await predictions(model, { ...images, classNames: ['a', 'b', 'c'] });
    outputsOf(model).forEach((row, i) => expectClose(results[i].probabilities, row));
    const kernel = model.getWeights()[0].dataSync();
    const [{ values }] = await attributions(model, images, { target: 2 });
    expectClose(
      values,
      kernel.filter((_, i) => i % 3 === 2),
    );
  });
});

describe('probabilities that are combined of several', () => {
  type Build = (x: tf.SymbolicTensor) => tf.SymbolicTensor;
  const branches = (activation: 'sigmoid' | 'softmax', units: number) => (x: tf.SymbolicTensor) =>
    [1, 2].map(() => dense(units, activation).apply(flat(x)) as tf.SymbolicTensor);
  const merged =
    (merge: () => tf.layers.Layer, activation: 'sigmoid' | 'softmax', units = 3): Build =>
    (x) =>
      merge().apply(branches(activation, units)(x)) as tf.SymbolicTensor;
  const softmaxMap =
    (...tail: (() => tf.layers.Layer)[]): Build =>
    (x) =>
      tail.reduce(
        (y, layer) => layer().apply(y) as tf.SymbolicTensor,
        layers.conv2d({ filters: 3, kernelSize: 2, activation: 'softmax' }).apply(x) as tf.SymbolicTensor,
      );

  const builds: Record<string, Build> = {
    'average of two softmaxes': merged(layers.average, 'softmax'),
    'maximum of two softmaxes': merged(layers.maximum, 'softmax'),
    'average of sigmoids': merged(layers.average, 'sigmoid'),
    'list of two heads': merged(layers.concatenate, 'sigmoid', 2),
    'global average of a softmax map': softmaxMap(() => layers.globalAveragePooling2d({})),
    'global maximum of a softmax map': softmaxMap(() => layers.globalMaxPooling2d({})),
    'average pooling of a softmax map, then the global average': softmaxMap(
      () => layers.averagePooling2d({ poolSize: 2 }),
      () => layers.globalAveragePooling2d({}),
    ),
    'softmax map of one position, with a dropout': softmaxMap(
      () => layers.averagePooling2d({ poolSize: 5 }),
      () => layers.dropout({ rate: 0.5 }),
      () => layers.flatten(),
    ),
  };

  it.each(Object.entries(builds))('are what the model outputs: %s', async (_, build) => {
    const x = image();
    const model = withWeights(tf.model({ inputs: x, outputs: build(x) }), 0.5);
    const rows = outputsOf(model);
    const classNames = rows[0].map((__, i) => `class ${i}`);
    const results = await predictions(model, { ...images, classNames });
    rows.forEach((row, i) => expectClose(results[i].probabilities, row));
    const { loss } = await evaluateModel(model, { ...images, classNames });
    const losses = rows.map((row, i) => -Math.log(row[images.labels[i]]));
    expect(loss).toBeCloseTo(losses.reduce((sum, one) => sum + one) / COUNT, 5);
    expect(scoresOf(model)).toMatchObject({ kind: 'probabilities' });
    expect(scoresOf(model).reason).toMatch(/combines probabilities$/);
    expect(await saliency(model, images, { target: 1 })).toHaveLength(COUNT);
  });

  it('average of one sigmoid unit each: both classes', async () => {
    const x = image();
    const model = withWeights(tf.model({ inputs: x, outputs: merged(layers.average, 'sigmoid', 1)(x) }), 0.1);
    const results = await predictions(model, images);
    outputsOf(model).forEach(([p], i) => expectClose(results[i].probabilities, [1 - p, p]));
  });

  it('not where another operation follows', () => {
    const x = image();
    const sum = layers.add().apply(branches('softmax', 3)(x)) as tf.SymbolicTensor;
    expect(scoresOf(tf.model({ inputs: x, outputs: sum })).kind).toBe('logits');
    const scaled = dense(3, 'linear').apply(merged(layers.average, 'softmax')(x)) as tf.SymbolicTensor;
    expect(scoresOf(tf.model({ inputs: x, outputs: scaled })).kind).toBe('logits');
  });
});

describe('scoresOf', () => {
  it.each([
    ['softmax', 3, { kind: 'probabilities', units: 3, classCount: 3 }, /^softmax in layer dense/],
    ['sigmoid', 3, { kind: 'probabilities', units: 3, classCount: 3 }, /^sigmoid in layer dense/],
    ['sigmoid', 1, { kind: 'probabilities', units: 1, classCount: 2 }, /^sigmoid in layer dense/],
    ['linear', 3, { kind: 'logits', units: 3, classCount: 3 }, /^layer dense\S+ has no softmax or sigmoid$/],
    [
      'linear',
      1,
      { kind: 'values', units: 1, classCount: 0 },
      /^layer dense\S+ has one unit and no sigmoid$/,
    ],
    ['softmax', 1, { kind: 'values', units: 1, classCount: 0 }, /^a softmax of one unit, .* is always 1$/],
  ] as const)('tells what %s of %i units holds', (activation, units, expected, reason) => {
    const scores = scoresOf(affine(units, activation));
    expect(scores).toMatchObject(expected);
    expect(scores.reason).toMatch(reason);
  });
});

describe('several outputs', () => {
  const x = image();
  const features = flat(x);
  const heads = [dense(2, 'softmax', 'pet'), dense(1, 'linear', 'age'), dense(3, 'sigmoid', 'tags')];
  const map = layers.conv2d({ name: 'mask', filters: 1, kernelSize: 1, activation: 'sigmoid' });
  const model = withWeights(
    tf.model({
      inputs: x,
      outputs: [...heads.map((head) => head.apply(features)), map.apply(x)] as tf.SymbolicTensor[],
    }),
    0.1,
  );

  it.each([
    ['pet', 0],
    ['age', 1],
    ['tags', 2],
  ] as const)('%s is chosen by name or index', async (name, index) => {
    const rows = outputsOf(model, index);
    for (const output of [name, index]) {
      const results = await predictions(model, images, { output });
      rows.forEach((row, i) => expectClose(results[i].values ?? results[i].probabilities, row));
      expect(scoresOf(model, { output }).output).toBe(name);
    }
    const kernel = (heads[index].getWeights()[0] as tf.Tensor2D).arraySync();
    const [{ values }] = await attributions(model, images, { output: name, target: 0 });
    expectClose(
      values,
      kernel.map(([first]) => first),
    );
  });

  it('need a choice where scores are read, and none where layers are', async () => {
    await expect(predictions(model, images)).rejects.toThrow(
      'Expected the option output, a name or an index, for a model with several outputs: ' +
        'pet [2], age [1], tags [3], mask [6, 6, 1]',
    );
    await expect(saliency(model, images)).rejects.toThrow('Expected the option output');
    expect((await featureMaps(model, images, { layer: 'mask' })).channels).toBe(1);
    const target = { layer: 'pet', channel: 0 };
    expect(await saliency(model, images, { target })).toHaveLength(COUNT);
  });

  it('are one of a Sequential too, whose name is that of its last layer', async () => {
    const sequential = tf.sequential();
    sequential.add(layers.flatten({ inputShape: [SIZE, SIZE, 3] }));
    sequential.add(dense(2, 'softmax', 'scores'));
    for (const output of [0, 'scores']) expect(scoresOf(sequential, { output }).output).toBe('scores');
    expect(() => scoresOf(sequential, { output: 1 })).toThrow('Expected output to be an integer from 0 to 0');
  });

  it('refuse one that is not there, or that has no scores', async () => {
    await expect(predictions(model, images, { output: 'breed' })).rejects.toThrow('pet, age, tags, mask');
    await expect(predictions(model, images, { output: 4 })).rejects.toThrow('Expected output');
    await expect(predictions(model, images, { output: 'mask' })).rejects.toThrow('shape [6, 6, 1]');
  });
});

describe('a model of which two inputs go through one base', () => {
  const base = tf.sequential({
    name: 'base',
    layers: [
      layers.conv2d({
        name: 'conv',
        filters: 3,
        kernelSize: 3,
        activation: 'relu',
        inputShape: [SIZE, SIZE, 3],
      }),
    ],
  });
  const inputs = ['left', 'right'].map((name) => tf.input({ shape: [SIZE, SIZE, 3], name }));
  const joined = layers
    .concatenate()
    .apply(inputs.map((input) => flat(base.apply(input) as tf.SymbolicTensor))) as tf.SymbolicTensor;
  const model = withWeights(
    tf.model({ inputs, outputs: dense(2, 'linear').apply(joined) as tf.SymbolicTensor }),
    0.2,
  );
  const constant = { values: new Float32Array(SIZE * SIZE * 3).fill(0.5), shape: [1, SIZE, SIZE, 3] };

  it.each([
    ['right', 'base/conv:0'],
    ['left', 'base/conv:1'],
  ])('with values for %s takes %s for the last convolution', async (other, layer) => {
    const options = { inputs: { [other]: constant } };
    const named = await gradCam(model, images, { ...options, layer, target: 1 });
    const byRole = await gradCam(model, images, { ...options, target: 1 });
    expect(byRole).toEqual(named);
    expect(byRole[0].layer).toBe(layer);
    expect((await topActivations(model, images, { ...options, count: 1 })).layer).toBe(layer);
    expect((await featureMaps(model, images, options)).layer).toBe(layer);
    expect((await layerGradients(model, images, { ...options, target: 1 })).layer).toBe(layer);
  });

  it('refuses the layer of the other input', async () => {
    const options = { inputs: { right: constant }, layer: 'base/conv:1', target: 1 };
    const message = 'Expected a layer that depends on the images, got base/conv:1';
    await expect(gradCam(model, images, options)).rejects.toThrow(message);
    await expect(layerGradients(model, images, options)).rejects.toThrow(message);
    await expect(
      featureMaps(model, images, { inputs: options.inputs, layer: options.layer }),
    ).rejects.toThrow(message);
  });

  it('has statistics of that layer, which are laid over no image', async () => {
    const options = { inputs: { right: constant }, layers: ['base/conv:1'] };
    const [{ layer, channels }] = await layerStatistics(model, images, options);
    expect([layer, channels.length]).toEqual(['base/conv:1', 3]);
  });

  it('finds the last convolution of all inputs where no images were given', () =>
    expect(findLayer(model, 'last-conv')).toBe('base/conv:1'));
});

describe('a network that overflows', () => {
  const overflowing = (scale: number) =>
    withWeights(
      tf.sequential({
        layers: [
          layers.conv2d({
            name: 'conv',
            filters: 2,
            kernelSize: 3,
            activation: 'relu',
            inputShape: [SIZE, SIZE, 3],
          }),
          layers.flatten({ name: 'flat' }),
          dense(2, 'linear', 'scores'),
        ],
      }),
      scale,
    );

  it.each([
    [1e25, 'scores'],
    [1e38, 'conv'],
  ])('with weights of %f is reported with the layer and the first image', async (scale, layer) => {
    const model = overflowing(scale);
    const message = new RegExp(`in layer ${layer} for image \\d: are the weights too large\\?$`);
    await expect(predictions(model, images)).rejects.toThrow(message);
    await expect(evaluateModel(model, images)).rejects.toThrow(message);
    await expect(occlusion(model, images)).rejects.toThrow(message);
  });

  it.each(ATTRIBUTION_METHODS.map(({ id, explain }) => [id, explain] as const))(
    'gives no heatmap with NaN: %s',
    async (_, explain) => {
      const result = await explain(overflowing(1e25), images, {}).catch((error: Error) => error);
      if (result instanceof Error) expect(result.message).toMatch(/^Expected finite /);
      else for (const { values } of result) expect(values.every(Number.isFinite)).toBe(true);
    },
  );

  it('names the image by its index in the set', async () => {
    const pixels = images.pixels.map((level, i) => (i < 2 * SIZE * SIZE * 3 ? 0 : level));
    const subset = { ...images, pixels, indices: [7, 8, 9, 10] };
    const model = overflowing(1e25);
    model.layers[0].setWeights([model.layers[0].getWeights()[0], tf.zeros([2])]);
    await expect(predictions(model, subset)).rejects.toThrow('for image 9');
  });
});
