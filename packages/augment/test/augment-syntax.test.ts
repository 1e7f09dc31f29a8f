import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAugment, parseAugment, type Step } from '../src/index.js';

describe('parseAugment', () => {
  it('reads steps in their order and ignores spaces', () => {
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
      'Expected one of flip, vflip, shift=NUMBER, shiftwidth=NUMBER, shiftheight=NUMBER, rotate=NUMBER, shear=NUMBER, zoom=NUMBER, crop=NUMBER, cutout=NUMBER, erase=NUMBER, brightness=NUMBER, contrast=NUMBER, saturation=NUMBER, channelshift=NUMBER, noise=NUMBER, rescale=NUMBER, standardize, normalize=NUMBER/NUMBER..., mixup=NUMBER, cutmix=NUMBER at character 6 of "flip,shfit=0.1", got "shfit"; an example: flip,shift=0.1,rotate=15,zoom=0.1',
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
    [
      'flip,zoom',
      'Expected zoom=NUMBER with a number from 0 to 0.99 at character 10 of "flip,zoom", got none',
    ],
    [
      'zoom:low=2:high=1',
      'Expected zoom to have either fraction or both low and high, with low <= high at character 1',
    ],
    [
      'cutout=2.5',
      'Expected cutout=NUMBER with an integer from 1 to 10000 at character 8 of "cutout=2.5", got "2.5"',
    ],
    [
      'crop=4:fil=reflect',
      'Expected one of the options padding, fill, value at character 8 of "crop=4:fil=reflect", got "fil"',
    ],
    [
      'crop=4:fill=wrap',
      'Expected fill=WORD with one of constant, nearest, reflect at character 13 of "crop=4:fill=wrap", got "wrap"',
    ],
    [
      'crop=4:value=1:value=2',
      'Expected each option once at character 16 of "crop=4:value=1:value=2", got a second value',
    ],
    [
      'crop=4:fill',
      'Expected fill=WORD with one of constant, nearest, reflect at character 12 of "crop=4:fill", got none',
    ],
    ['vflip:often=1', 'Expected vflip without options at character 7 of "vflip:often=1", got "often"'],
    [
      'normalize=1/2/3',
      'Expected :std=NUMBER/NUMBER... with numbers >= 1e-9 at character 16 of "normalize=1/2/3", got none',
    ],
    ['normalize=1/2/:std=1', 'at character 11 of "normalize=1/2/:std=1", got "1/2/"'],
    [
      'noise=1e999',
      'Expected noise=NUMBER with a number from 0 to 255 at character 7 of "noise=1e999", got "1e999"',
    ],
    ['standardize:center=yes', 'Expected center=true with true or false at character 20'],
    ['flip=0.5', 'Expected flip without a number at character 1 of "flip=0.5", got "flip=0.5"'],
  ])('refuses %j and names the character', (text, message) => {
    expect(() => parseAugment(text)).toThrow(message);
  });

  it('reads every step, with and without optional options', () => {
    const text =
      'vflip,shiftwidth=0.1,shiftheight:choices=1/2:unit=pixel,zoom:low=0.8:high=1,crop=4:fill=reflect,' +
      'cutout=8:value=127,erase=0.5:areaHigh=0.2,brightness=0.2,contrast=0.2,saturation=0.2,' +
      'channelshift=20,noise=5,rescale=0.01,standardize:scale=false,normalize=-1/2/3:std=1/1/2,mixup,' +
      'cutmix=1:per=batch:probability=0.5';
    expect(parseAugment(text)).toEqual([
      { kind: 'verticalFlip' },
      { kind: 'widthShift', limit: 0.1 },
      { kind: 'heightShift', choices: [1, 2], unit: 'pixel' },
      { kind: 'zoom', low: 0.8, high: 1 },
      { kind: 'crop', padding: 4, fill: 'reflect' },
      { kind: 'cutout', size: 8, value: 127 },
      { kind: 'erasing', probability: 0.5, areaHigh: 0.2 },
      { kind: 'brightness', fraction: 0.2 },
      { kind: 'contrast', fraction: 0.2 },
      { kind: 'saturation', fraction: 0.2 },
      { kind: 'channelShift', levels: 20 },
      { kind: 'noise', std: 5 },
      { kind: 'rescale', factor: 0.01 },
      { kind: 'standardize', scale: false },
      { kind: 'normalize', mean: [-1, 2, 3], std: [1, 1, 2] },
      { kind: 'mixup' },
      { kind: 'cutmix', alpha: 1, per: 'batch', probability: 0.5 },
    ]);
    expect(formatAugment(parseAugment(text))).toBe(text);
  });
});

// No -0, which is "0" in text.
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true }).map((value) => value + 0);
const numbers = (min: number, max: number) => fc.array(number(min, max), { minLength: 1, maxLength: 3 });
const optional = { requiredKeys: ['kind'] as ['kind'] };
const factorStep = (kind: string, fraction: number) =>
  fc.oneof(
    fc.record({ kind: fc.constant(kind), fraction: number(0, fraction) }),
    fc.record({ kind: fc.constant(kind), low: number(0.01, 1), high: number(1, 100) }),
  );
const kind = <K extends string>(name: K) => fc.constant(name);
const anyStep: Record<Step['kind'], fc.Arbitrary<unknown>> = {
  flip: fc.record({ kind: kind('flip'), alternating: fc.boolean() }, optional),
  verticalFlip: fc.record({ kind: kind('verticalFlip') }),
  shift: fc.record({ kind: kind('shift'), fraction: number(0, 1) }),
  widthShift: fc.record({
    kind: kind('widthShift'),
    limit: number(0, 50),
    unit: fc.constantFrom('pixel', 'fraction'),
  }),
  heightShift: fc.record({ kind: kind('heightShift'), choices: numbers(-5, 5) }),
  rotation: fc.record({ kind: kind('rotation'), degrees: number(0, 180) }),
  shear: fc.record({ kind: kind('shear'), degrees: number(0, 89) }),
  zoom: factorStep('zoom', 0.99),
  crop: fc.record({
    kind: kind('crop'),
    padding: fc.nat(40),
    fill: fc.constantFrom('constant', 'nearest', 'reflect'),
    value: number(0, 255),
  }),
  cutout: fc.record({ kind: kind('cutout'), size: fc.integer({ min: 1, max: 40 }), value: number(0, 255) }),
  erasing: fc.record(
    {
      kind: kind('erasing'),
      probability: number(0, 1),
      areaLow: number(0, 0.02),
      areaHigh: number(0.33, 1),
      ratioLow: number(0.01, 0.3),
      ratioHigh: number(3.3, 100),
      fill: fc.constantFrom('random', 'constant'),
      value: number(0, 255),
    },
    optional,
  ),
  brightness: factorStep('brightness', 1),
  contrast: factorStep('contrast', 1),
  saturation: factorStep('saturation', 1),
  channelShift: fc.record({ kind: kind('channelShift'), levels: number(0, 255) }),
  noise: fc.record({ kind: kind('noise'), std: number(0, 255) }),
  rescale: fc.record({ kind: kind('rescale'), factor: number(-1e9, 1e9) }),
  standardize: fc.record({ kind: kind('standardize'), center: fc.boolean(), scale: fc.boolean() }, optional),
  normalize: fc.record({ kind: kind('normalize'), mean: numbers(-1e9, 1e9), std: numbers(1e-9, 1e9) }),
  mixup: fc.record({ kind: kind('mixup'), alpha: number(0.01, 100), per: fc.constant('batch') }, optional),
  cutmix: fc.record({ kind: kind('cutmix'), alpha: number(0.01, 100), probability: number(0, 1) }, optional),
};

describe('formatAugment', () => {
  it('writes what parseAugment reads, for every step', () => {
    expect(formatAugment([{ kind: 'rotation', degrees: 15 }, { kind: 'flip' }])).toBe('rotate=15,flip');
    const chain = fc
      .shuffledSubarray(Object.values(anyStep))
      .chain((steps) => fc.tuple(...steps)) as fc.Arbitrary<Step[]>;
    fc.assert(fc.property(chain, (steps) => void expect(parseAugment(formatAugment(steps))).toEqual(steps)));
  });

  it('refuses a step that is out of range', () => {
    expect(() => formatAugment([{ kind: 'shift', fraction: 2 }])).toThrow('steps[0].fraction');
  });
});
