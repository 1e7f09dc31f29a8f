import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { importArchitecture, importKeras } from '../../src/index.js';
import { compareWithKeras, courseNetworks, readCourseFile } from '../keras/course-networks.js';

beforeAll(async () => {
  await tf.setBackend('simd');
  await tf.ready();
});

type Json = Record<string, unknown>;

/** A model of tf.keras 2 that calls functions one after the other on an input of six numbers. */
function architecture(calls: [functionName: string, call: unknown][]): string {
  const layers: Json[] = [
    {
      class_name: 'InputLayer',
      name: 'x',
      config: { name: 'x', batch_input_shape: [null, 2, 3] },
      inbound_nodes: [],
    },
    ...calls.map(([functionName, call], i) => ({
      class_name: functionName === '__operators__.getitem' ? 'SlicingOpLambda' : 'TFOpLambda',
      name: `f${i}`,
      config: { name: `f${i}`, trainable: true, dtype: 'float32', function: functionName },
      inbound_nodes: [call],
    })),
  ];
  const config = {
    name: 'm',
    layers,
    input_layers: [['x', 0, 0]],
    output_layers: [[`f${calls.length - 1}`, 0, 0]],
  };
  return JSON.stringify({ class_name: 'Functional', config, keras_version: '2.15.0' });
}

/** What a model computes for some numbers. */
function compute(calls: [string, unknown][], x: number[]): number[] {
  const { model } = importArchitecture(architecture(calls));
  const values = tf.tidy(() => [...(model.predict(tf.tensor3d(x, [1, 2, 3])) as tf.Tensor).dataSync()]);
  model.dispose();
  return values;
}

const x = [-3, -0.5, 0, 0.25, 2, 7];
const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
/** `:` of an index. */
const FULL = { start: null, stop: null, step: null };
const on = (options: object): unknown => ['x', 0, 0, { ...options, name: null }];
const constant = (value: unknown): unknown => ['_CONSTANT_VALUE', -1, value, { y: ['x', 0, 0], name: null }];

const CASES: [string, unknown, (v: number, i: number) => number][] = [
  ['math.truediv', on({ y: 127.5 }), (v) => v / 127.5],
  ['math.divide', on({ y: 4 }), (v) => v / 4],
  ['math.subtract', on({ y: 1 }), (v) => v - 1],
  ['math.multiply', on({ y: 2.5 }), (v) => v * 2.5],
  ['math.multiply', on({ y: [[[2, 3, 4]]] }), (v, i) => v * [2, 3, 4][i % 3]],
  ['math.add', on({ y: [10, 20, 30] }), (v, i) => v + [10, 20, 30][i % 3]],
  ['__operators__.add', on({ y: 1 }), (v) => v + 1],
  ['__operators__.add', constant(1), (v) => 1 + v],
  ['math.subtract', constant(1), (v) => 1 - v],
  ['math.multiply', constant(3), (v) => 3 * v],
  ['math.multiply', on({ y: ['x', 0, 0] }), (v) => v * v],
  ['math.subtract', on({ y: ['x', 0, 0] }), () => 0],
  ['math.maximum', on({ y: ['x', 0, 0] }), (v) => v],
  ['cast', on({ dtype: 'float32' }), (v) => v],
  ['nn.relu', on({}), (v) => Math.max(0, v)],
  ['nn.relu6', on({}), (v) => Math.min(6, Math.max(0, v))],
  ['nn.leaky_relu', on({ alpha: 0.3 }), (v) => (v < 0 ? 0.3 * v : v)],
  ['nn.leaky_relu', on({}), (v) => (v < 0 ? 0.2 * v : v)],
  ['nn.elu', on({}), (v) => (v < 0 ? Math.exp(v) - 1 : v)],
  ['nn.silu', on({}), (v) => v * sigmoid(v)],
  ['math.sigmoid', on({}), sigmoid],
  ['nn.sigmoid', on({}), sigmoid],
  ['math.tanh', on({}), Math.tanh],
  ['math.softplus', on({}), (v) => Math.log1p(Math.exp(v))],
  ['nn.softsign', on({}), (v) => v / (1 + Math.abs(v))],
  [
    'nn.gelu',
    on({ approximate: true }),
    (v) => 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3))),
  ],
];

describe('a function of TensorFlow in a model of tf.keras 2', () => {
  it.each(CASES)('computes what it does there: %s %j', (name, call, expected) => {
    const actual = compute([[name, call]], x);
    x.forEach((v, i) => expect(actual[i]).toBeCloseTo(expected(v, i), 5));
  });

  it('is a softmax along the last axis, or another', () => {
    const softmax = (values: number[]) => {
      const total = values.reduce((sum, v) => sum + Math.exp(v), 0);
      return values.map((v) => Math.exp(v) / total);
    };
    const last = compute([['nn.softmax', on({ axis: null })]], x);
    [...softmax(x.slice(0, 3)), ...softmax(x.slice(3))].forEach((v, i) => expect(last[i]).toBeCloseTo(v, 5));
    const first = compute([['nn.softmax', on({ axis: 1 })]], x);
    x.forEach((_, i) => expect(first[i]).toBeCloseTo(softmax([x[i % 3], x[(i % 3) + 3]])[i < 3 ? 0 : 1], 5));
  });

  // The rows of the input are [-3, -0.5, 0] and [0.25, 2, 7].
  it.each<[string, unknown, number[]]>([
    ['math.reduce_mean', on({ axis: 1, keepdims: false }), [-1.375, 0.75, 3.5]],
    ['math.reduce_mean', on({ axis: [-1], keepdims: true }), [-3.5 / 3, 9.25 / 3]],
    ['math.reduce_max', on({ axis: 2 }), [0, 7]],
    ['math.reduce_min', on({ axis: 2 }), [-3, 0.25]],
    ['math.reduce_sum', on({ axis: [1, 2] }), [5.75]],
    ['reshape', on({ shape: [-1, 3, 2] }), x],
    ['transpose', on({ perm: [0, 2, 1] }), [-3, 0.25, -0.5, 2, 0, 7]],
    ['expand_dims', on({ axis: -1 }), x],
    ['math.square', on({}), x.map((v) => v * v)],
    ['math.pow', on({ y: 3 }), x.map((v) => v ** 3)],
    ['math.abs', on({}), x.map(Math.abs)],
    ['__operators__.getitem', on({ slice_spec: [FULL, { start: 1, stop: null, step: null }] }), [0.25, 2, 7]],
    ['__operators__.getitem', on({ slice_spec: [FULL, 0, { start: null, stop: null, step: 2 }] }), [-3, 0]],
    ['__operators__.getitem', on({ slice_spec: [FULL, FULL, 1] }), [-0.5, 2]],
  ])('computes over axes: %s %j', (name, call, expected) => {
    const actual = compute([[name, call]], x);
    expect(actual).toHaveLength(expected.length);
    actual.forEach((v, i) => expect(v).toBeCloseTo(expected[i], 5));
  });

  it.each<[string, unknown]>([
    ['math.reduce_mean', on({})],
    ['math.reduce_mean', on({ axis: [0, 1] })],
    ['math.reduce_max', on({ axis: 3 })],
    ['reshape', on({ shape: [1, -1, 2] })],
    ['reshape', on({ shape: [-1, 3] })],
    ['squeeze', on({ axis: 1 })],
    ['__operators__.getitem', on({ slice_spec: [0] })],
    ['__operators__.getitem', on({ slice_spec: [FULL, 2] })],
    ['__operators__.getitem', on({ slice_spec: [FULL, { start: 2, stop: null, step: null }] })],
  ])('is refused if it mixes images or takes what there is not: %s %j', (name, call) => {
    expect(() => importArchitecture(architecture([[name, call]]), { fileName: 'a.json' })).toThrow(
      'Expected a.json to contain only supported layers, got layer "f0" of class ',
    );
  });

  it('follows another one', () => {
    const calls: [string, unknown][] = [
      ['math.truediv', on({ y: 2 })],
      ['math.subtract', ['f0', 0, 0, { y: 1, name: null }]],
      ['math.multiply', ['f1', 0, 0, { y: ['f0', 0, 0], name: null }]],
    ];
    compute(calls, x).forEach((v, i) => expect(v).toBeCloseTo((x[i] / 2 - 1) * (x[i] / 2), 5));
  });

  it.each([
    ['math.cumsum', on({ axis: 1 })],
    ['io.read_file', on({})],
    ['constructor', on({})],
    ['math.multiply', [['x', 0, 0, {}]]],
    ['math.multiply', 'x'],
  ])('is refused with its name if no operation computes the same: %s', (name, call) => {
    expect(() => importArchitecture(architecture([[name, call]]), { fileName: 'a.json' })).toThrow(
      `Expected a.json to contain only supported layers, got the function ${name} of TensorFlow in layer "f0": `,
    );
  });

  it('is refused with what it computes on, if that is not supported', () => {
    const call = on({ y: [[1, 2, 3], [4, 5, 6]] }); // prettier-ignore
    expect(() => importArchitecture(architecture([['math.multiply', call]]))).toThrow(
      /the operation Multiply/,
    );
    expect(() => importArchitecture(architecture([['math.divide', constant(1)]]))).toThrow(
      /the operation Divide/,
    );
  });
});

/** The names of operations in tf.keras 2. */
const NAMES: Readonly<Record<string, string>> = {
  ...{ Add: '__operators__.add', Multiply: 'math.multiply', Relu: 'nn.relu', Sigmoid: 'math.sigmoid' },
  ...{ Subtract: 'math.subtract', TrueDivide: 'math.truediv' },
};

/** The architecture of Keras 3 with its operations as tf.keras 2 writes them. */
function withFunctions(text: string): string {
  const json = JSON.parse(text) as { config: { layers: Json[] } };
  const history = (value: unknown) => {
    const { config } = Object(value) as { config?: { keras_history: unknown[] } };
    return config?.keras_history ?? value;
  };
  const convert = (layer: Json): Json => {
    if (!String(layer.module).startsWith('keras.src.ops')) return layer;
    const [{ args }] = layer.inbound_nodes as { args: unknown[] }[];
    const [first, y] = args.map(history);
    return {
      class_name: 'TFOpLambda',
      name: layer.name,
      config: {
        name: layer.name,
        trainable: true,
        dtype: 'float32',
        function: NAMES[String(layer.class_name)],
      },
      inbound_nodes: [[...(first as unknown[]), { ...(y !== undefined && { y }), name: null }]],
    };
  };
  json.config.layers = json.config.layers.map(convert);
  return JSON.stringify(json);
}

describe('a network with functions in the form of tf.keras 2', () => {
  it.each(['operators', 'transfer-learning'])('computes what Keras does: %s', async (name) => {
    const text = withFunctions(new TextDecoder().decode(readCourseFile(`${name}.architecture.json`)));
    expect(text).toContain('TFOpLambda');
    const { model } = await importKeras(readCourseFile(`${name}.weights.h5`), { architecture: text });
    const comparisons = await compareWithKeras(courseNetworks[name], model);
    expect(comparisons.filter(({ error }) => !(error <= 1e-5))).toEqual([]);
    model.dispose();
  });
});
