import { readFileSync } from 'node:fs';
import { formatCount, InputError, type ModelSummary } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  buildModel,
  architectureNames,
  resnet20,
  summarizeModel,
  type ResnetOptions,
} from '../../src/index.js';

interface GoldenModel {
  readonly name: string;
  readonly input_shape: readonly number[];
  readonly total: number;
  readonly trainable: number;
  readonly layers: readonly {
    readonly type: string;
    readonly output_shape: readonly number[];
    readonly params: number;
    readonly trainable_params: number;
  }[];
}

// Layers, shapes and numbers of parameters of the same networks in Keras.
const golden = JSON.parse(readFileSync(new URL('../fixtures/models.json', import.meta.url), 'utf8'))
  .models as readonly GoldenModel[];
const goldenOf = (name: string) => golden.find((model) => model.name === name)!;

const ACTIVATIONS = ['ReLU', 'LeakyReLU', 'Softmax'];
const SHORTCUTS = ['MaxPooling2D', 'Rescaling', 'Concatenate', 'PadShortcut'];

const layersOf = ({ layers }: GoldenModel) =>
  layers.map(({ type, output_shape, params, trainable_params }) => [
    type,
    output_shape,
    params,
    trainable_params,
  ]);
const summaryLayers = ({ layers }: ModelSummary) =>
  layers
    .slice(1)
    .map(({ className, outputShape, parameters, trainableParameters }) => [
      className,
      outputShape,
      parameters,
      trainableParameters,
    ]);
const without = (kinds: readonly string[], layers: unknown[][]) =>
  layers.filter(([kind]) => !kinds.includes(kind as string));

function summaryOf(build: () => tf.LayersModel): ModelSummary {
  const model = build();
  const summary = summarizeModel(model);
  model.dispose();
  return summary;
}

beforeAll(() => tf.setBackend('wasm'));

/** The documented layer names, in order. */
const NAMES: Readonly<Record<string, string>> = {
  'cifar10-leaky-strided':
    'conv1 bn1 leaky_relu1 conv2 bn2 leaky_relu2 conv3 bn3 leaky_relu3 conv4 bn4 leaky_relu4 flatten dense1 bn5 leaky_relu5 dropout dense2 softmax',
  'cifar10-3conv': 'conv1 relu1 pool1 conv2 relu2 pool2 conv3 relu3 pool3 flatten dropout fc1 relu_fc1 fc2',
  'cifar10-7layer': 'conv1 relu1 pool1 conv2 relu2 pool2 flatten fc1 relu_fc1 fc2 relu_fc2 dropout preds',
  'keras-cifar10':
    'conv1 relu1 conv2 relu2 pool1 drop1 conv3 relu3 conv4 relu4 pool2 drop2 flatten fc1 relu_fc1 drop_fc1 fc2',
  'mnist-5x5': 'conv1 relu1 pool1 conv2 relu2 pool2 flatten fc1',
  'mnist-small': 'conv1 relu1 pool1 conv2 relu2 pool2 flatten fc1 relu_fc1 fc2',
  'svhn-4conv':
    'conv1 relu1 conv2 relu2 pool1 drop1 conv3 relu3 conv4 relu4 pool2 drop2 flatten fc1 relu_fc1 drop_fc1 fc2',
};

describe.each(Object.keys(NAMES))('%s', (name) => {
  const expected = goldenOf(name === 'svhn-4conv' ? 'keras-cifar10' : name);

  it('has the layers, shapes and numbers of parameters of the Keras network, except activations', () => {
    const summary = summaryOf(() => buildModel(name));
    expect(without(ACTIVATIONS, summaryLayers(summary))).toEqual(without(ACTIVATIONS, layersOf(expected)));
    expect([summary.parameters, summary.trainableParameters]).toEqual([expected.total, expected.trainable]);
    expect(summary.layers[0].outputShape).toEqual(expected.input_shape);
    expect(summary.name).toBe(name);
  });

  it('has its documented layer names, each connected to the one before', () => {
    const { layers } = summaryOf(() => buildModel(name));
    expect(layers.map((layer) => layer.name).join(' ')).toBe(`input ${NAMES[name]}`);
    layers.slice(1).forEach(({ inputs }, i) => expect(inputs).toEqual([layers[i].name]));
  });
});

it('cifar10-leaky-strided has a LeakyReLU of slope 0.3', () => {
  const model = buildModel('cifar10-leaky-strided');
  const [value] = tf.tidy(() => (model.getLayer('leaky_relu1').apply(tf.scalar(-1)) as tf.Tensor).dataSync());
  expect(value).toBeCloseTo(-0.3, 6);
  model.dispose();
});

it('cifar10-3conv outputs logits, every other architecture probabilities', () => {
  const sums = architectureNames.map((name) => {
    const model = buildModel(name, { seed: 1 });
    const [height, width, channels] = model.inputs[0].shape.slice(1) as number[];
    const image = tf.linspace(0, 1, height * width * channels).reshape([1, height, width, channels]);
    const output = model.predict(image) as tf.Tensor;
    const [sum] = output.sum().dataSync();
    tf.dispose([image, output]);
    model.dispose();
    return [name, Math.abs(sum - 1) < 1e-5] as const;
  });
  expect(sums.filter(([, isOne]) => !isOne)).toEqual([['cifar10-3conv', false]]);
});

it('cifar10-3conv initializes weights and biases as PyTorch does, within 1 / sqrt(inputs)', () => {
  const model = buildModel('cifar10-3conv');
  for (const [name, fanIn] of Object.entries({ conv1: 27, conv3: 576, fc1: 2048, fc2: 256 }))
    for (const weight of model.getLayer(name).getWeights()) {
      const values = [...weight.dataSync()].map((value) => Math.abs(value) * Math.sqrt(fanIn));
      expect(Math.max(...values.slice(0, 10_000))).toBeLessThanOrEqual(1.0001);
      expect(Math.max(...values.slice(0, 10_000))).toBeGreaterThan(weight.size > 20 ? 0.8 : 0.5);
    }
  model.dispose();
});

describe('resnet20', () => {
  const variants: [ResnetOptions['shortcut'], string][] = [
    ['pad', 'resnet20-v1-optionA'],
    ['projection', 'resnet20-v1-projection-bn'],
  ];
  const sorted = (layers: unknown[][]) => layers.map((layer) => JSON.stringify(layer)).sort();

  it.each(variants)(
    'with shortcut %s has the layers, shapes and numbers of parameters of %s',
    (shortcut, name) => {
      const expected = goldenOf(name);
      const summary = summaryOf(() => resnet20({ shortcut }));
      // In Keras the shortcut of option A is one custom layer; here it is three layers of TensorFlow.js.
      expect(sorted(without(SHORTCUTS, summaryLayers(summary)))).toEqual(
        sorted(without(SHORTCUTS, layersOf(expected))),
      );
      expect([summary.parameters, summary.trainableParameters]).toEqual([expected.total, expected.trainable]);
      const shapes = (layers: unknown[][], kind: string) =>
        layers.filter(([type]) => type === kind).map(([, shape]) => shape);
      expect(shapes(summaryLayers(summary), 'Concatenate')).toEqual(
        shapes(layersOf(expected), 'PadShortcut'),
      );
    },
  );

  it('adds the input of each block to its output', () => {
    for (const [shortcut, halved] of [
      ['pad', 'pad3_1'],
      ['projection', 'bn3_1_shortcut'],
    ] as const) {
      const { layers } = summaryOf(() => resnet20({ shortcut }));
      const inputsOf = (name: string) => layers.find((layer) => layer.name === name)!.inputs;
      expect(inputsOf('add2_1')).toEqual(['bn2_1_2', 'relu1']);
      expect(inputsOf('add2_2')).toEqual(['bn2_2_2', 'relu2_1_2']);
      expect(inputsOf('add3_1')).toEqual(['bn3_1_2', halved]);
      expect(inputsOf('relu4_3_2')).toEqual(['add4_3']);
      expect(inputsOf('fc1')).toEqual(['pool']);
    }
  });

  it('passes on every fourth pixel of its first feature maps, and zeros, if all blocks output zeros', () => {
    const model = resnet20({ seed: 2 });
    for (const layer of model.layers)
      if (/^conv\d_/.test(layer.name))
        tf.tidy(() => layer.setWeights(layer.getWeights().map((weight) => tf.zerosLike(weight))));
    const [first, pooled] = tf.tidy(() => {
      const probe = tf.model({
        inputs: model.inputs,
        outputs: [model.getLayer('relu1').output, model.getLayer('pool').output] as tf.SymbolicTensor[],
      });
      const image = tf.linspace(0, 1, 3072).sin().reshape([1, 32, 32, 3]);
      return (probe.predict(image) as tf.Tensor[]).map((tensor) => tensor.dataSync());
    });
    const means = Array.from({ length: 64 }, (_, channel) => {
      if (channel >= 16) return 0;
      let sum = 0;
      for (let row = 0; row < 32; row += 4)
        for (let column = 0; column < 32; column += 4) sum += first[(row * 32 + column) * 16 + channel];
      // Batch norm maps zeros to zeros.
      return sum / 64;
    });
    expect([...pooled]).toEqual(means.map((mean) => expect.closeTo(mean, 4)));
    expect(Math.max(...means)).toBeGreaterThan(0.01);
    model.dispose();
  });

  it('refuses an unknown shortcut', () => {
    expect(() => resnet20({ shortcut: 'c' as 'pad' })).toThrow(
      new InputError('Expected shortcut to be one of pad, projection, got "c"'),
    );
  });
});

it.each([
  [20, 269_722],
  [32, 464_154],
  [56, 853_018],
])(
  // 0.27M, 0.46M and 0.85M in the paper.
  'resnet%i has that number of layers with weights and %i trainable parameters',
  (depth, count) => {
    const { layers, trainableParameters } = summaryOf(() => buildModel(`resnet${depth}`));
    expect(layers.filter(({ className }) => /^(Conv2D|Dense)$/.test(className))).toHaveLength(depth);
    expect(trainableParameters).toBe(count);
  },
);

describe('every architecture', () => {
  it('accepts another number of classes, is a function of its seed, and has its id as its name', () => {
    const firstWeights = (name: string, seed: number) => {
      const model = buildModel(name, { classes: 3, seed });
      expect([model.name, model.outputs[0].shape]).toEqual([name, [null, 3]]);
      const sample = model.getWeights().map((weight) => weight.dataSync().slice(0, 8).join());
      model.dispose();
      return sample.join(' ');
    };
    const before = tf.memory().numTensors;
    for (const name of architectureNames) {
      expect(firstWeights(name, 7)).toBe(firstWeights(name, 7));
      expect(firstWeights(name, 7)).not.toBe(firstWeights(name, 8));
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses images that are too small and options out of range, and keeps no tensor', () => {
    const before = tf.memory().numTensors;
    expect(() => buildModel('mnist-5x5', { inputShape: [10, 28, 1] })).toThrow(
      new InputError(
        'Expected inputShape to be large enough for mnist-5x5, got 10 x 28 x 1: conv2 would output -1 x 8 x 32',
      ),
    );
    for (const name of architectureNames) {
      expect(() => buildModel(name, { classes: 1 })).toThrow('Expected classes to be an integer >= 2, got 1');
      expect(() => buildModel(name, { inputShape: [32, 32] as never })).toThrow(
        'Expected inputShape to be [height, width, channels], got [32,32]',
      );
      expect(() => buildModel(name, { inputShape: [32, 0, 3] })).toThrow("inputShape's width");
      expect(() => buildModel(name, { seed: 0.5 })).toThrow('Expected seed to be an integer');
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});

it('the table of the README has the ids, input shapes and numbers of parameters of all architectures', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const rows = [...readme.matchAll(/^\| `([\w-]+)` \| (\d+ x \d+ x \d) \| ([\d,]+) \|/gm)];
  const expected = architectureNames.map((name) => {
    const { layers, parameters } = summaryOf(() => buildModel(name));
    return [name, layers[0].outputShape.join(' x '), formatCount(parameters)];
  });
  expect(rows.map(([, ...cells]) => cells)).toEqual(expected);
});
