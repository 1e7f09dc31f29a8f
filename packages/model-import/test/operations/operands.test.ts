import { describe, expect, it } from 'vitest';
import { constantValues, selectedChannels } from '../../src/operations/operands.js';

const tensor = (...shape: (number | null)[]) => ({ class_name: '__keras_tensor__', config: { shape } });
const ellipsis = { class_name: '__ellipsis__', config: {} };
const slice = (start: number | null, stop: number | null, step: number | null = null) => ({
  class_name: '__slice__',
  config: { start, stop, step },
});

describe('selectedChannels', () => {
  const five = tensor(null, 8, 8, 5);
  // What Python's list(range(5))[start:stop:step] gives.
  it.each([
    [slice(null, null), [0, 1, 2, 3, 4]],
    [slice(null, null, -1), [4, 3, 2, 1, 0]],
    [slice(1, 3), [1, 2]],
    [slice(-2, null), [3, 4]],
    [slice(null, -1, 2), [0, 2]],
    [slice(3, 0, -2), [3, 1]],
    [slice(-1, -4, -1), [4, 3, 2]],
    [slice(2, 99), [2, 3, 4]],
    [slice(99, null, -3), [4, 1]],
    [slice(4, 1), []],
  ])('is that of Python for the slice %j', (last, channels) => {
    for (const index of [
      [ellipsis, last],
      [slice(null, null), slice(0, null, 1), slice(null, null), last],
    ])
      expect(selectedChannels(five, index)).toEqual({ channels, keepsAxis: true });
  });

  it('drops the axis for an integer', () => {
    for (const [last, channel] of [
      [0, 0],
      [4, 4],
      [-1, 4],
      [-5, 0],
    ])
      expect(selectedChannels(five, [ellipsis, last])).toEqual({ channels: [channel], keepsAxis: false });
  });

  it.each([
    ['another axis', five, [slice(null, null), slice(1, 2), slice(null, null), 0]],
    ['too few axes', five, [slice(null, null), 0]],
    ['an index out of range', five, [ellipsis, 5]],
    ['a fraction', five, [ellipsis, 0.5]],
    ['a new axis', five, [ellipsis, null]],
    ['no list', five, 0],
    ['a size that is open', tensor(null, 8, 8, null), [ellipsis, 0]],
    ['no shape', { class_name: '__keras_tensor__', config: {} }, [ellipsis, 0]],
  ])('is undefined for %s', (_, input, index) => {
    expect(selectedChannels(input, index)).toBeUndefined();
  });
});

describe('constantValues', () => {
  const constant = (value: unknown, kind = '__tensor__') => ({ class_name: kind, config: { value } });

  it('are a number, or one per channel', () => {
    expect(constantValues(3)).toEqual([3]);
    expect(constantValues(constant(2))).toEqual([2]);
    expect(constantValues(constant([1, 2, 3], '__numpy__'))).toEqual([1, 2, 3]);
    expect(constantValues(constant([[[[1, 2]]]]))).toEqual([1, 2]);
    expect(constantValues(constant([[5]]))).toEqual([5]);
  });

  it.each([
    ['values along another axis', constant([[1], [2]])],
    [
      'a matrix',
      constant([
        [1, 2],
        [3, 4],
      ]),
    ],
    ['texts', constant(['1'])],
    ['nothing', constant([])],
    ['an infinite number', Infinity],
    ['another object', { class_name: 'other', config: { value: 1 } }],
    ['null', null],
  ])('are undefined for %s', (_, operand) => {
    expect(constantValues(operand)).toBeUndefined();
  });
});
