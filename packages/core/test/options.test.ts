import { describe, expect, it } from 'vitest';
import * as core from '../src/index.js';
import {
  expectOptions,
  InputError,
  nearestName,
  parseJson,
  preprocess,
  type OptionNames,
} from '../src/index.js';
import { twoPixels } from './records/two-pixels.js';

interface FitOptions {
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly seed?: number;
}

const FIT_OPTIONS: OptionNames<FitOptions> = { epochs: true, batchSize: true, seed: true };

const check = (options: object | undefined) => () =>
  expectOptions('fit', options as FitOptions | undefined, FIT_OPTIONS);

describe('expectOptions', () => {
  it.each([[undefined], [{}], [{ seed: 1 }], [{ epochs: 3, batchSize: 32, seed: 0 }]])(
    'accepts %o',
    (options) => {
      expect(check(options)).not.toThrow();
    },
  );

  it('takes an option whose value is undefined for left out', () => {
    expect(check({ epoch: undefined })).not.toThrow();
  });

  it('refuses a misspelled option, suggests the nearest one and lists all', () => {
    expect(check({ seed: 1, epoch: 3 })).toThrow(
      new InputError(
        'Expected the options epochs, batchSize, seed of fit, got "epoch"; did you mean epochs?',
      ),
    );
  });

  it('suggests nothing where no option is near', () => {
    expect(check({ learningRate: 0.1 })).toThrow(/of fit, got "learningRate"$/);
  });

  it('says so if a function has no options', () => {
    expect(() => expectOptions('fit', { seed: 1 } as object, {})).toThrow(
      'Expected no options of fit, got "seed"',
    );
  });

  it.each([
    [3, '3'],
    ['seed', 'seed'],
    [null, 'null'],
    [[1], 'an array'],
  ])('refuses %o in place of the options', (options, text) => {
    expect(check(options as object)).toThrow(`Expected the options of fit to be an object, got ${text}`);
  });

  it('refuses names of object prototypes', () => {
    expect(check({ toString: 1 })).toThrow('got "toString"');
    expect(check({ constructor: 1 })).toThrow('got "constructor"');
  });
});

describe('nearestName', () => {
  const names = ['batchSize', 'epochs', 'seed', 'shuffle', 'signal'];

  it.each([
    ['batchsize', 'batchSize'], // case
    ['epoch', 'epochs'], // insertion
    ['seeds', 'seed'], // deletion
    ['sead', 'seed'], // substitution
    ['sginal', 'signal'], // swap
    ['bathcSzie', 'batchSize'], // two swaps
    ['shufle', 'shuffle'],
  ])('takes %s for %s', (word, name) => expect(nearestName(word, names)).toBe(name));

  it('finds nothing for a word that differs in half of its letters', () => {
    expect(nearestName('momentum', names)).toBeUndefined();
    expect(nearestName('x', names)).toBeUndefined();
    expect(nearestName('seed', [])).toBeUndefined();
  });

  it('takes the first of equally near names', () => expect(nearestName('cat', ['bat', 'rat'])).toBe('bat'));
});

/** The functions of the package with options; the other ones take records, ranges or values. */
const WITH_OPTIONS = ['divergenceOf', 'isDivergedLoss', 'parseJson', 'preprocess'];
const WITHOUT_OPTIONS = [
  'InputError',
  'ambiguousNames',
  'areSlotsInOrder',
  'bestEpochOf',
  'completeTopology',
  'defaultClassNames',
  'escapeControls',
  'evenlySpaced',
  'expectAnyNumber',
  'expectBoolean',
  'expectBytes',
  'expectFields',
  'expectFunction',
  'expectImageArray',
  'expectImages',
  'expectInnerPath',
  'expectInteger',
  'expectIterable',
  'expectLength',
  'expectList',
  'expectMethods',
  'expectModel',
  'expectNumber',
  'expectNumbers',
  'expectObject',
  'expectOneOf',
  'expectOptimizer',
  'expectOptions',
  'expectPreprocessing',
  'expectRecord',
  'expectRecords',
  'expectString',
  'expectTensor',
  'expectWeights',
  'extend',
  'findEntry',
  'findSavedWeights',
  'formatCount',
  'formatDuration',
  'formatPercent',
  'freezeAsDescribed',
  'histogramBin',
  'histogramEdges',
  'idsOf',
  'imageIndex',
  'imagePosition',
  'indexRange',
  'isCrossEntropyLoss',
  'isInnerPath',
  'isInputError',
  'learningRateCuts',
  'markCrossEntropyLoss',
  'namedWeights',
  'nearestName',
  'nonFiniteWeight',
  'normal',
  'ownLayers',
  'pixelsOf',
  'randomAt',
  'selectImages',
  'showValue',
  'shuffledIndices',
  'slotRole',
  'slotWeightNames',
  'trainedWeights',
  'weightPaths',
  'formatPixelScaling',
  'parsePixelScaling',
];

describe('an unknown option is refused', () => {
  it('by every exported function with options', () => {
    const functions = Object.entries(core).filter(([, value]) => typeof value === 'function');
    expect(functions.map(([name]) => name).sort()).toEqual([...WITH_OPTIONS, ...WITHOUT_OPTIONS].sort());
  });

  it('by parseJson', () => {
    expect(() => parseJson('{}', { name: 'a.json', revive: () => 1 } as never)).toThrow(
      'Expected the options name, reviver of parseJson, got "revive"; did you mean reviver?',
    );
  });

  it.each([
    ['divergenceOf', (options: object) => core.divergenceOf({}, options)],
    ['isDivergedLoss', (options: object) => core.isDivergedLoss(1, options)],
  ])('by %s', (name, call) => {
    expect(() => call({ isCrossentropy: true })).toThrow(
      `Expected the options isCrossEntropy of ${name}, got "isCrossentropy"; did you mean isCrossEntropy?`,
    );
  });

  it('by preprocess', () => {
    expect(() => preprocess(twoPixels, undefined, { strat: 1 } as object)).toThrow(
      'Expected the options start, end of preprocess, got "strat"; did you mean start?',
    );
  });
});
