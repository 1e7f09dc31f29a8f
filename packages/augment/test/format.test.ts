import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAugment, parseAugment, type Step } from '../src/index.js';

describe('parseAugment', () => {
  it('reads steps in their order, spaces and all', () => {
    expect(parseAugment('flip,shift=0.1, rotate=15 ,zoom=.1,shear=5')).toEqual([
      { kind: 'flip' },
      { kind: 'shift', fraction: 0.1 },
      { kind: 'rotation', degrees: 15 },
      { kind: 'zoom', fraction: 0.1 },
      { kind: 'shear', degrees: 5 },
    ]);
    expect(parseAugment('')).toEqual([]);
  });

  it.each([
    [
      'flip,shfit=0.1',
      'Expected one of flip, shift=NUMBER, rotate=NUMBER, shear=NUMBER, zoom=NUMBER at character 6 of "flip,shfit=0.1", got "shfit"; an example: flip,shift=0.1,rotate=15,zoom=0.1',
    ],
    ['flip,,zoom=0.1', 'at character 6 of "flip,,zoom=0.1", got nothing'],
    [
      'flip, shift',
      'Expected shift=NUMBER with a number from 0 to 1 at character 12 of "flip, shift", got none',
    ],
    ['shift=', 'at character 7 of "shift=", got none'],
    ['shift=10%', 'at character 7 of "shift=10%", got "10%"'],
    ['shift=1.5', 'at character 7 of "shift=1.5", got "1.5"'],
    [
      'rotate=15,rotate=5',
      'Expected each step once at character 11 of "rotate=15,rotate=5", got a second rotate',
    ],
    ['flip=0.5', 'Expected flip without a number at character 1 of "flip=0.5", got "flip=0.5"'],
  ])('refuses %j and points at the place', (text, message) => {
    expect(() => parseAugment(text)).toThrow(message);
  });
});

describe('formatAugment', () => {
  it('writes what parseAugment reads', () => {
    expect(formatAugment([{ kind: 'rotation', degrees: 15 }, { kind: 'flip' }])).toBe('rotate=15,flip');
    const fraction = fc.double({ min: 0, max: 0.99, noNaN: true }).map((value) => value + 0);
    const steps = fc.shuffledSubarray([0, 1, 2, 3, 4]).chain((kinds) =>
      fraction.map((value) => {
        const all: Step[] = [
          { kind: 'flip' },
          { kind: 'shift', fraction: value },
          { kind: 'rotation', degrees: value * 100 },
          { kind: 'shear', degrees: value * 50 },
          { kind: 'zoom', fraction: value },
        ];
        return kinds.map((kind) => all[kind]);
      }),
    );
    fc.assert(fc.property(steps, (some) => void expect(parseAugment(formatAugment(some))).toEqual(some)));
  });

  it('refuses steps that are out of range', () => {
    expect(() => formatAugment([{ kind: 'shift', fraction: 2 }])).toThrow('steps[0].fraction');
  });
});
