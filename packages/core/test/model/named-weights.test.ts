import { describe, expect, it } from 'vitest';
import { ambiguousNames, findSavedWeights, InputError, namedWeights, weightPaths } from '../../src/index.js';

interface Weight {
  readonly id: number;
  readonly name: string;
  readonly originalName: string;
}

interface Layer {
  readonly name: string;
  readonly weights: readonly Weight[];
  readonly layers?: readonly Layer[];
  readonly layer?: Layer;
}

let created = 0;
const weight = (originalName: string): Weight => ({ id: created++, name: `${originalName}_3`, originalName });
const layer = (name: string, ...names: string[]): Layer => ({
  name,
  weights: names.map((weightName) => weight(`${name}/${weightName}`)),
});
/** A model, whose weights are in any order, as in TensorFlow.js. */
const model = (name: string, ...layers: Layer[]): Layer => ({
  name,
  layers,
  weights: layers.flatMap(({ weights }) => weights).reverse(),
});
const namesOf = (of: Layer) => namedWeights(of).map(({ name }) => name);

describe('namedWeights', () => {
  it('are in the order of the layers and of their making, in whatever order the model lists them', () => {
    const [first, second] = [layer('a', 'kernel', 'bias'), layer('b', 'kernel')];
    expect(namesOf(model('m', first, second))).toEqual(['a/kernel', 'a/bias', 'b/kernel']);
    const frozen = { ...first, weights: [...first.weights].reverse() };
    expect(namesOf(model('m', frozen, second))).toEqual(['a/kernel', 'a/bias', 'b/kernel']);
  });

  it('have the path of models inside the model, without its own name', () => {
    const inner = model('encoder', layer('a', 'kernel'), model('core', layer('a', 'kernel')));
    expect(namesOf(model('m', inner, layer('a', 'kernel')))).toEqual([
      'encoder/a/kernel',
      'encoder/core/a/kernel',
      'a/kernel',
    ]);
  });

  it('have the path of the layer inside another', () => {
    const dense = layer('dense', 'kernel');
    const scale = weight('td/scale');
    const wrapper = { name: 'td', layer: dense, weights: [scale, ...dense.weights] };
    expect(namesOf(model('m', wrapper))).toEqual(['td/dense/kernel', 'td/scale']);
  });

  it('ignore fields of a layer that are no layers, and weights that it does not have', () => {
    const block = {
      ...layer('block', 'kernel'),
      layers: [3, 'a', undefined, layer('hidden', 'kernel')] as never,
    };
    const other = { ...layer('other', 'kernel'), layer: 'dense' as never };
    expect(namesOf(model('m', block, other))).toEqual(['block/kernel', 'other/kernel']);
  });

  it('are numbered in a layer that has two of one name, such as the cells of a recurrent one', () => {
    const weights = ['c1/kernel', 'c1/bias', 'c2/kernel', 'c2/bias'].map((name) => weight(`rnn/${name}`));
    const rnn = { name: 'rnn', weights: [weights[3], weights[0], weights[2], weights[1]] };
    const named = namedWeights(model('m', rnn));
    expect(named.map(({ name }) => name)).toEqual(['rnn/kernel', 'rnn/bias', 'rnn/kernel#2', 'rnn/bias#2']);
    expect(named.map(({ weight: found }) => found)).toEqual(weights);
  });

  it('list a weight that two models share once, and weightPaths under both names', () => {
    const shared = layer('s', 'kernel');
    const both = model('m', model('a', shared), model('b', shared));
    expect(namesOf(both)).toEqual(['a/s/kernel']);
    expect(weightPaths(both).map(({ name }) => name)).toEqual(['a/s/kernel', 'b/s/kernel']);
  });
});

describe('ambiguousNames', () => {
  it('are those that weights of different layers have in the files of TensorFlow.js', () => {
    expect(ambiguousNames(model('m', layer('a', 'kernel'), layer('b', 'kernel')))).toEqual([]);
    const equal = model('m', model('x', layer('a', 'kernel')), model('y', layer('a', 'kernel')));
    expect(ambiguousNames(equal)).toEqual(['a/kernel']);
  });
});

describe('findSavedWeights', () => {
  it('finds each name, in whatever order they were saved', () => {
    expect(findSavedWeights('a file', ['a/k', 'b/k', 'c/k'], ['c/k', 'a/k', 'b/k'])).toEqual([2, 0, 1]);
  });

  it('finds layers whose names were made up again, by their order in their class', () => {
    const saved = [
      'conv2d_Conv2D1/kernel',
      'dense_Dense1/kernel',
      'dense_Dense1/bias',
      'dense_Dense2/kernel',
    ];
    const names = [
      'conv2d_Conv2D9/kernel',
      'dense_Dense19/kernel',
      'dense_Dense19/bias',
      'dense_Dense20/kernel',
    ];
    expect(findSavedWeights('a file', saved, names)).toEqual([0, 1, 2, 3]);
  });

  it.each([
    ['a model', 'model3/a/kernel', 'model12/a/kernel'],
    ['a sequential model', 'sequential_1/a/kernel', 'sequential_2/a/kernel'],
    [
      'a class of several words',
      'time_distributed_TimeDistributed1/kernel',
      'time_distributed_TimeDistributed4/kernel',
    ],
    [
      'a class with a digit',
      'separable_conv2d_SeparableConv2D2/bias',
      'separable_conv2d_SeparableConv2D10/bias',
    ],
    ['a layer in a named model', 'base/re_lu_ReLU1/alpha', 'base/re_lu_ReLU3/alpha'],
  ])('knows the made-up name of %s', (_, saved, name) => {
    expect(findSavedWeights('a file', [saved], [name])).toEqual([0]);
  });

  it('prefers equal names to the order of made-up ones', () => {
    const names = ['dense_Dense2/kernel', 'dense_Dense1/kernel'];
    expect(findSavedWeights('a file', ['dense_Dense1/kernel', 'dense_Dense2/kernel'], names)).toEqual([1, 0]);
  });

  it.each([
    [['a/k'], ['b/k'], 'got one without b/k, and with a/k'],
    [['a/k', 'b/k'], ['a/k'], 'got one with b/k'],
    [['a/k'], ['a/k', 'b/k'], 'got one without b/k'],
    [['dense_Dense1/k'], ['conv2d_Conv2D1/k'], 'got one without conv2d_Conv2D1/k, and with dense_Dense1/k'],
    [['m/a/k'], ['a/k'], 'got one without a/k, and with m/a/k'],
    [[], ['a/k', 'b/k', 'c/k', 'd/k', 'e/k'], 'got one without a/k, b/k, c/k and 2 more'],
  ])('refuses %j for %j', (saved, names, message) => {
    expect(() => findSavedWeights('a file', saved, names)).toThrow(
      new InputError(`Expected a file with the weights of this model, ${message}`),
    );
  });
});
