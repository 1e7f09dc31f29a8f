import { describe, expect, it } from 'vitest';
import {
  expectBoolean,
  expectInteger,
  expectNumber,
  expectOneOf,
  InputError,
  isInputError,
} from '../src/index.js';

describe('InputError', () => {
  it('is a RangeError with a message, a name and an optional code', () => {
    const error = new InputError('Expected a file, found none', { code: 'missing' });
    expect(error).toBeInstanceOf(RangeError);
    expect([error.name, error.message, error.code]).toEqual([
      'InputError',
      'Expected a file, found none',
      'missing',
    ]);
    expect(new InputError('Expected a file').code).toBeUndefined();
  });
});

describe('isInputError', () => {
  it('recognizes an InputError of another copy of the package, by its name', () => {
    const fromAnotherCopy = Object.assign(new RangeError('Expected a file'), { name: 'InputError' });
    expect(isInputError(fromAnotherCopy)).toBe(true);
    expect(isInputError(new InputError('Expected a file'))).toBe(true);
  });

  it.each([new Error('other'), 'InputError', undefined, null, 3])('refuses %o', (value) => {
    expect(isInputError(value)).toBe(false);
  });

  it('compares the code, if one is passed', () => {
    const missing = new InputError('Expected a file', { code: 'missing' });
    expect(isInputError(missing, 'missing')).toBe(true);
    expect(isInputError(missing, 'unreachable')).toBe(false);
    expect(isInputError(new InputError('Expected a file'), 'missing')).toBe(false);
  });
});

describe('expectInteger', () => {
  it('returns an integer in the range, with its bounds', () => {
    expect([0, 7, 2 ** 40].map((value) => expectInteger('count', value))).toEqual([0, 7, 2 ** 40]);
    expect([-2, 3].map((value) => expectInteger('shift', value, { min: -2, max: 3 }))).toEqual([-2, 3]);
  });

  it.each([
    [-1, {}, 'Expected count to be an integer >= 0, got -1'],
    [1.5, {}, 'Expected count to be an integer >= 0, got 1.5'],
    [NaN, { min: 1 }, 'Expected count to be an integer >= 1, got NaN'],
    [Infinity, {}, 'Expected count to be an integer >= 0, got Infinity'],
    ['3', {}, 'Expected count to be an integer >= 0, got "3"'],
    [undefined, {}, 'Expected count to be an integer >= 0, got undefined'],
    [4, { min: 1, max: 3 }, 'Expected count to be an integer from 1 to 3, got 4'],
    [[4], {}, 'Expected count to be an integer >= 0, got Array'],
  ])('refuses %o with %o', (value, range, message) => {
    expect(() => expectInteger('count', value, range)).toThrow(new InputError(message));
  });
});

describe('expectNumber', () => {
  it('returns a finite number in the range, with its bounds', () => {
    expect([-1.5, 0, 1e300].map((value) => expectNumber('rate', value))).toEqual([-1.5, 0, 1e300]);
    expect([0, 1].map((value) => expectNumber('rate', value, { min: 0, max: 1 }))).toEqual([0, 1]);
  });

  it.each([
    [NaN, {}, 'Expected rate to be a number, got NaN'],
    [-Infinity, {}, 'Expected rate to be a number, got -Infinity'],
    [null, {}, 'Expected rate to be a number, got null'],
    [-0.1, { min: 0 }, 'Expected rate to be a number >= 0, got -0.1'],
    [1.1, { max: 1 }, 'Expected rate to be a number <= 1, got 1.1'],
    [1.1, { min: 0, max: 1 }, 'Expected rate to be a number from 0 to 1, got 1.1'],
  ])('refuses %o with %o', (value, range, message) => {
    expect(() => expectNumber('rate', value, range)).toThrow(new InputError(message));
  });
});

describe('expectBoolean', () => {
  it('returns true and false', () => {
    expect([true, false].map((value) => expectBoolean('shuffle', value))).toEqual([true, false]);
  });

  it.each([[0], ['true'], [undefined], [{}]])('refuses %o', (value) => {
    expect(() => expectBoolean('shuffle', value)).toThrow(/^Expected shuffle to be true or false, got /);
  });
});

describe('expectOneOf', () => {
  it('returns a choice', () => expect(expectOneOf('score', 'logit', ['logit', 'probability'])).toBe('logit'));

  it.each([['Logit'], [undefined], [0]])('refuses %o and lists the choices', (value) => {
    expect(() => expectOneOf('score', value, ['logit', 'probability'])).toThrow(
      /^Expected score to be one of logit, probability, got /,
    );
  });
});
