import * as tf from '@tensorflow/tfjs';
import { IDENTITY, normal, randomAt, type ImageObjective } from '@convlens/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { gatherImages, imageRecipes, optimizeImages, scoreTable } from '../../src/index.js';
import {
  nestedModel,
  randomImages,
  randomize,
  sequentialModel,
  sharedModel,
  twoInputModel,
} from '../models.js';

beforeAll(() => tf.setBackend('cpu'));

const classNames = ['cat', 'dog', 'frog'];
const byClass: ImageObjective[] = classNames.map((name) => ({ kind: 'class', class: name }));

/** Three classes, each a weighted sum of the pixels. */
const linearModel = () =>
  randomize(
    tf.sequential({
      layers: [tf.layers.flatten({ inputShape: [4, 5, 2] }), tf.layers.dense({ name: 'scores', units: 3 })],
    }),
  );

describe('optimizeImages, on a linear model', () => {
  const start = { start: 'zeros', preprocessing: IDENTITY } as const;
  const weightsOf = (model: tf.LayersModel, unit: number) => {
    const weights = model.getWeights()[0].dataSync();
    return Float32Array.from({ length: 40 }, (_, i) => weights[i * 3 + unit]);
  };

  it('goes along the weights of the class, each step as long as its number of levels', async () => {
    const model = linearModel();
    const images = await optimizeImages(model, byClass, { ...start, classNames, steps: 7 });
    images.forEach(({ name, pixels, after, before }, unit) => {
      const weights = weightsOf(model, unit);
      const size = Math.sqrt(weights.reduce((sum, w) => sum + w * w, 0) / 40);
      pixels.forEach((pixel, i) => expect(pixel).toBeCloseTo((7 * weights[i]) / size, 4));
      expect(name).toBe(classNames[unit]);
      expect(after - before).toBeCloseTo(7 * size * 40, 2);
    });
  });

  it('goes along the weighted sum of the weights for a sum of objectives', async () => {
    const model = linearModel();
    const terms = [
      { objective: { kind: 'class', class: 0 }, weight: 2 },
      { objective: { kind: 'neuron', layer: 'scores', channel: 2 }, weight: -1 },
    ] as const;
    const [image] = await optimizeImages(model, [{ kind: 'sum', terms }], { ...start, steps: 1 });
    const [first, third] = [weightsOf(model, 0), weightsOf(model, 2)];
    const way = first.map((w, i) => 2 * w - third[i]);
    const size = Math.sqrt(way.reduce((sum, w) => sum + w * w, 0) / 40);
    image.pixels.forEach((pixel, i) => expect(pixel).toBeCloseTo(way[i] / size, 4));
    expect(image.name).toBe('2 class 0 + -1 scores #2');
  });

  it('moves every pixel by the rate in its first step with Adam, and stays within 0..255 if told so', async () => {
    const model = linearModel();
    const options = { ...start, steps: 1, optimizer: { kind: 'adam', rate: 3 } } as const;
    const [free] = await optimizeImages(model, [byClass[0]], { ...options, classNames });
    const [kept] = await optimizeImages(model, [byClass[0]], { ...options, classNames, range: 'clip' });
    weightsOf(model, 0).forEach((weight, i) => {
      expect(free.pixels[i]).toBeCloseTo(3 * Math.sign(weight), 3);
      expect(kept.pixels[i]).toBeCloseTo(Math.max(0, 3 * Math.sign(weight)), 3);
    });
  });

  it('moves by rate / sqrt(1 - rho) in its first step with RMSprop', async () => {
    const model = linearModel();
    const optimizer = { kind: 'rmsprop', rate: 3, rho: 0.75 } as const;
    const [image] = await optimizeImages(model, [byClass[1]], { ...start, classNames, steps: 1, optimizer });
    weightsOf(model, 1).forEach((weight, i) =>
      expect(Math.abs(image.pixels[i] - 6 * Math.sign(weight))).toBeLessThan(0.01),
    );
  });

  it('takes the gradient of a Fourier basis: one step along a spectrum is the weights, filtered twice', async () => {
    const model = linearModel();
    const parametrization = { kind: 'fourier', decay: 0 } as const;
    const [image] = await optimizeImages(model, [byClass[0]], {
      ...{ start: 'grey', preprocessing: IDENTITY, classNames, steps: 1, parametrization },
    });
    const weights = weightsOf(model, 0);
    const size = Math.sqrt(weights.reduce((sum, w) => sum + w * w, 0) / 40);
    // A step of 0.05 in an orthonormal basis whose contrast is a quarter, of 255 levels.
    image.pixels.forEach((pixel, i) =>
      expect(pixel - 128).toBeCloseTo((255 * 0.05 * 0.25 * weights[i]) / size, 3),
    );
  });
});

const channels: ImageObjective[] = [0, 1, 2, 3].map((channel) => ({
  kind: 'channel',
  layer: 'relu',
  channel,
}));
const quick = {
  steps: 4,
  seed: 3,
  transformations: [
    { kind: 'jitter', pixels: 1 },
    { kind: 'rotation', degrees: 5 },
    { kind: 'scale', by: 0.1 },
  ],
  regularizers: [
    { kind: 'total-variation', weight: 0.1 },
    { kind: 'lp', p: 6, weight: 0.1 },
    { kind: 'decay', rate: 0.05 },
    { kind: 'blur', size: 3, every: 2 },
    { kind: 'clip-norm', percent: 10 },
    { kind: 'clip-contribution', percent: 10 },
  ],
} as const;

describe('optimizeImages', () => {
  it('raises what it is asked to raise, of every kind and layer, and tells both ends and the way', async () => {
    const objectives: ImageObjective[] = [
      { kind: 'class', class: 1 },
      { kind: 'channel', layer: 'relu', channel: 0 },
      { kind: 'channel', layer: 'conv', channel: 2, reduction: 'sum' },
      { kind: 'neuron', layer: 'last-conv', channel: 4, row: 0, column: 1 },
      { kind: 'layer', layer: 'relu' },
    ];
    const images = await optimizeImages(sequentialModel(), objectives, {
      steps: 20,
      frames: [0, 20],
      optimizer: { kind: 'ascent', step: 20 },
    });
    for (const { before, after, history, frames, pixels } of images) {
      expect(after).toBeGreaterThan(before);
      expect(history.length).toBe(20);
      expect(history[0]).toBeCloseTo(before, 4);
      expect(frames.map(({ step }) => step)).toEqual([0, 20]);
      expect(frames[1].pixels).toEqual(pixels);
      expect(frames[0].pixels.every((pixel) => Math.abs(pixel - 128) <= 20)).toBe(true);
    }
    expect(images.map(({ name }) => name)).toEqual([
      ...['class 1', 'relu #0', 'conv #2', 'conv2 #4 at 0,1', 'relu'],
    ]);
    expect(structuredClone(images)).toEqual(images);
  });

  it('makes the same image of a seed, alone or among others, and another one of another seed', async () => {
    const model = sequentialModel();
    const all = await optimizeImages(model, channels, quick);
    expect(await optimizeImages(model, channels, { ...quick, batchSize: 3 })).toEqual(all);
    for (const [i, channel] of channels.entries()) {
      const [alone] = await optimizeImages(model, [channel], quick);
      alone.pixels.forEach((pixel, j) => expect(pixel).toBeCloseTo(all[i].pixels[j], 3));
    }
    const [other] = await optimizeImages(model, channels, { ...quick, seed: 4 });
    expect(other.pixels).not.toEqual(all[0].pixels);
  });

  it('makes of a nested model and of one with a shared layer what it makes of the flat one', async () => {
    const [flat] = await optimizeImages(sequentialModel(), [byClass[0]], { steps: 5, classNames });
    for (const begins of [false, true]) {
      const [nested] = await optimizeImages(nestedModel({ begins }), [byClass[0]], { steps: 5, classNames });
      nested.pixels.forEach((pixel, i) => expect(pixel).toBeCloseTo(flat.pixels[i], 2));
    }
    const [shared] = await optimizeImages(sharedModel(), [
      { kind: 'channel', layer: 'shared:1', channel: 0 },
    ]);
    expect(shared.after).toBeGreaterThan(shared.before);
  });

  it('climbs one input of several, while the others read what is given', async () => {
    const shape = [1, 8, 8, 3];
    const values = Float32Array.from({ length: 192 }, () => 0.5);
    const [image] = await optimizeImages(twoInputModel(), [byClass[0]], {
      ...{ classNames, steps: 5, inputs: { right: { values, shape } } },
    });
    expect(image.after).toBeGreaterThan(image.before);
  });

  it('begins where all units are closed: a filter that a black image leaves at 0 opens', async () => {
    const conv = tf.layers.conv2d({ name: 'conv', filters: 1, kernelSize: 1, inputShape: [3, 3, 1] });
    const layers = [conv, tf.layers.reLU({ name: 'relu' })];
    const model = tf.sequential({ layers });
    model.setWeights([tf.tensor4d([1], [1, 1, 1, 1]), tf.tensor1d([-0.01])]);
    const [image] = await optimizeImages(model, [{ kind: 'channel', layer: 'relu', channel: 0 }], {
      ...{ start: 'zeros', steps: 10 },
    });
    expect(image.before).toBe(0);
    expect(image.after).toBeCloseTo(10 / 255 - 0.01, 4);
  });

  it('makes images of any size for a model that reads any, and starts from an image as from its size', async () => {
    const model = randomize(
      tf.sequential({
        layers: [tf.layers.conv2d({ name: 'conv', filters: 2, kernelSize: 3, inputShape: [null, null, 3] })],
      }),
    );
    const objective: ImageObjective = { kind: 'channel', layer: 'conv', channel: 1 };
    const [image] = await optimizeImages(model, [objective], { steps: 2, height: 6, width: 9 });
    expect([image.height, image.width, image.channels, image.pixels.length]).toEqual([6, 9, 3, 162]);
    const [first] = await optimizeImages(model, [objective], {
      start: randomImages(1),
      steps: 1,
      frames: [0],
    });
    first.frames[0].pixels.forEach((pixel, i) => expect(pixel).toBeCloseTo(randomImages(1).pixels[i], 3));
    await expect(optimizeImages(model, [objective])).rejects.toThrow('Expected height, for a model');
  });

  it.each(Object.entries(imageRecipes))('raises a class by the recipe %s', async (_, recipe) => {
    const [image] = await optimizeImages(sequentialModel(), [byClass[0]], {
      ...recipe,
      classNames,
      steps: 12,
    });
    expect(image.after).toBeGreaterThan(image.before);
    if (recipe.range !== undefined)
      expect(image.pixels.every((pixel) => pixel >= 0 && pixel <= 255)).toBe(true);
  });

  it('makes plainer images with total variation, blur and the Fourier basis than without', async () => {
    const variation = async (options: object) => {
      const [{ pixels }] = await optimizeImages(sequentialModel(), [byClass[0]], {
        classNames,
        steps: 40,
        ...options,
      });
      const [standard] = [gatherImages([{ ...(await plain), pixels }], { contrast: 'standardized' })];
      let sum = 0;
      for (let i = 3; i < 192; i++)
        if (i % 24 >= 3) sum += Math.abs(standard.pixels[i] - standard.pixels[i - 3]);
      return sum;
    };
    const plain = optimizeImages(sequentialModel(), [byClass[0]], { classNames, steps: 1 }).then(
      ([one]) => one,
    );
    const [none, tv, blurred, waves] = [
      await variation({}),
      await variation({ regularizers: [{ kind: 'total-variation', weight: 30 }] }),
      await variation({ regularizers: [{ kind: 'blur', size: 3, every: 2 }] }),
      await variation({ parametrization: { kind: 'fourier' } }),
    ];
    for (const less of [tv, blurred, waves]) expect(less).toBeLessThan(0.9 * none);
  });

  it('climbs a unit behind the softmax as it does alone, also beside a class whose logit is climbed', async () => {
    const objectives: ImageObjective[] = [
      { kind: 'class', class: 0 },
      { kind: 'channel', layer: 'scores', channel: 1 },
      { kind: 'layer', layer: 'relu' },
    ];
    const together = await optimizeImages(sequentialModel(), objectives, quick);
    for (const [i, objective] of objectives.entries()) {
      const [alone] = await optimizeImages(sequentialModel(), [objective], quick);
      expect(together[i].before).toBeCloseTo(alone.before, 6);
      expect(together[i].after).toBeCloseTo(alone.after, 6);
      together[i].pixels.forEach((pixel, p) => expect(pixel).toBeCloseTo(alone.pixels[p], 3));
    }
    expect(together[1].before).toBeLessThan(1);
  });

  it('makes images of the size of the input that is left for them, not of another', async () => {
    const [left, right] = [
      tf.input({ shape: [8, 8, 3], name: 'left' }),
      tf.input({ shape: [4, 6, 1], name: 'right' }),
    ];
    const flat = [left, right].map((input) => tf.layers.flatten().apply(input) as tf.SymbolicTensor);
    const scores = tf.layers.dense({ units: 3 }).apply(tf.layers.concatenate().apply(flat));
    const model = randomize(tf.model({ inputs: [left, right], outputs: scores as tf.SymbolicTensor }));
    const inputs = { left: { values: new Float32Array(192), shape: [1, 8, 8, 3] } };
    const [image] = await optimizeImages(model, [{ kind: 'class', class: 0 }], { inputs, steps: 2 });
    expect(image).toMatchObject({ height: 4, width: 6, channels: 1 });
    expect(image.after).toBeGreaterThan(image.before);
  });

  it('refuses what it cannot climb before it makes a tensor', async () => {
    const model = sequentialModel();
    const both = twoInputModel();
    const inputs = { right: { values: new Float32Array(192), shape: [1, 8, 8, 3] } };
    const start = randomImages(1);
    const before = tf.memory().numTensors;
    await expect(
      optimizeImages(model, channels, { ...quick, optimizer: { kind: 'sgd' as never } }),
    ).rejects.toThrow('Expected optimizer to be one of ascent, adam, rmsprop, got "sgd"');
    await expect(
      optimizeImages(model, channels, { ...imageRecipes.lucid, optimizer: { kind: 'adam', beta1: 2 } }),
    ).rejects.toThrow('Expected adam.beta1 to be a number from 0 to 1, got 2');
    await expect(optimizeImages(model, channels, { ...quick, start, height: 16 })).rejects.toThrow(
      'Expected height to be 8, as start has, or left out, got 16',
    );
    await expect(
      optimizeImages(both, [{ kind: 'channel', layer: 'conv1', channel: 0 }], { ...quick, inputs }),
    ).rejects.toThrow('Expected a layer that sees the images, got conv1, which sees other inputs only');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves no tensor behind and the model as it was, also when aborted, refused or failing', async () => {
    const model = sequentialModel();
    const before = tf.memory().numTensors;
    const weights = model.getWeights().map((weight) => [...weight.dataSync()]);
    const relu = tf.getGradient('Relu');
    for (let i = 0; i < 100; i++) await optimizeImages(model, [channels[0]], { ...quick, steps: 1 });
    await optimizeImages(model, channels, { ...imageRecipes.lucid, steps: 2 });
    await optimizeImages(model, byClass, { ...quick, classNames, optimizer: { kind: 'adam' } });
    expect(tf.memory().numTensors).toBe(before);
    const controller = new AbortController();
    const { signal } = controller;
    const onProgress = (done: number) => done === 2 && controller.abort(new Error('enough'));
    await expect(
      optimizeImages(model, channels, { ...quick, signal, onProgress: (n) => void onProgress(n) }),
    ).rejects.toThrow('enough');
    await expect(optimizeImages(model, byClass, quick)).rejects.toThrow('Expected class to be one of');
    const conv = model.getLayer('conv2');
    const call = conv.call.bind(conv);
    let calls = 0;
    conv.call = (inputs, kwargs) => {
      if (++calls === 3) throw new Error('broken');
      return call(inputs, kwargs);
    };
    await expect(optimizeImages(model, byClass, { ...quick, classNames })).rejects.toThrow('broken');
    expect(tf.memory().numTensors).toBe(before);
    expect(model.getWeights().map((weight) => [...weight.dataSync()])).toEqual(weights);
    expect(tf.getGradient('Relu')).toBe(relu);
    expect(model.layers.every((layer) => layer.inboundNodes.length === 1)).toBe(true);
  });

  it.each<[string, ImageObjective, object]>([
    ['Expected class to be an integer from 0 to 2, got 3', { kind: 'class', class: 3 }, {}],
    ['Expected class to be one of an index (no classNames), got "cat"', { kind: 'class', class: 'cat' }, {}],
    [
      'Expected channel to be an integer from 0 to 3, got 4',
      { kind: 'channel', layer: 'relu', channel: 4 },
      {},
    ],
    ['Expected layer to be one of conv, norm,', { kind: 'layer', layer: 'rule' }, {}],
    ['Expected row to be an integer from 0 to 7', { kind: 'neuron', layer: 'relu', channel: 0, row: 8 }, {}],
    [
      'Expected the kind of a transformation to be one of jitter',
      channels[0],
      { transformations: [{ kind: 'shift' }] },
    ],
    ['Expected blur.size to be odd, got 4', channels[0], { regularizers: [{ kind: 'blur', size: 4 }] }],
    ['Expected optimizer to be one of ascent, adam, rmsprop', channels[0], { optimizer: { kind: 'sgd' } }],
    ['Expected each of frames to be an integer from 0 to 100, got 101', channels[0], { frames: [101] }],
    ['Expected start to be one of zeros, grey, noise, got "black"', channels[0], { start: 'black' }],
  ])('refuses what does not fit: %s', async (message, objective, options) => {
    await expect(optimizeImages(sequentialModel(), [objective], options)).rejects.toThrow(message);
  });

  it('says whose score is no number, if a weight is none', async () => {
    const model = linearModel();
    const broken = model.getWeights().map((weight) => tf.mul(weight, NaN));
    model.setWeights(broken);
    await expect(optimizeImages(model, byClass, { classNames })).rejects.toThrow(/NaN/);
  });
});

describe('scoreTable', () => {
  it('holds what predict says of the images, and its diagonal is what was reached', async () => {
    const model = sequentialModel();
    const images = await optimizeImages(model, byClass, { classNames, steps: 10 });
    const logits = await scoreTable(model, images, { classNames, batchSize: 2 });
    images.forEach(({ after }, i) => expect(logits.values[i * 3 + i]).toBeCloseTo(after, 4));
    const table = await scoreTable(model, images, { classNames, score: 'probability' });
    const pixels = images.flatMap((image) => Array.from(image.pixels, (pixel) => pixel / 255));
    const said = (model.predict(tf.tensor(pixels, [3, 8, 8, 3])) as tf.Tensor).dataSync();
    table.values.forEach((value, i) => expect(value).toBeCloseTo(said[i], 5));
    expect([table.names, table.classNames, table.score]).toEqual([classNames, classNames, 'probability']);
  });
});

describe('gatherImages', () => {
  it('standardizes each image to one mean and deviation, and cuts to 0..255', async () => {
    const random = randomAt(1);
    const pixels = Float32Array.from({ length: 5000 }, () => 1000 + 300 * normal(random));
    const image = { height: 50, width: 100, channels: 1, pixels, name: 'a', objective: byClass[0] };
    const made = { ...image, before: 0, after: 1, history: new Float32Array(0), frames: [] };
    const shown = Float32Array.from(gatherImages([made], { contrast: 'standardized' }).pixels);
    const mean = shown.reduce((a, b) => a + b) / 5000;
    expect(mean).toBeCloseTo(127.5, 1);
    expect(Math.sqrt(shown.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 5000)).toBeCloseTo(25.5, 1);
    expect(gatherImages([made], { contrast: 'clipped' }).pixels.every((pixel) => pixel <= 255)).toBe(true);
  });
});
