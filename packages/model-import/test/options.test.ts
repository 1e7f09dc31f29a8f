import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import * as modelImport from '../src/index.js';

type Call = (options: object) => unknown;

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });

/** A call of each exported function that has options, and a misspelled option. */
const FUNCTIONS: Readonly<
  Record<string, { readonly call: Call; readonly misspelled: string; readonly option: string }>
> = {
  importKeras: {
    call: (options) => modelImport.importKeras(new Uint8Array(), options),
    misspelled: 'filename',
    option: 'fileName',
  },
  importArchitecture: {
    call: (options) => modelImport.importArchitecture({}, options),
    misspelled: 'filename',
    option: 'fileName',
  },
  importTfjs: {
    call: (options) => modelImport.importTfjs({} as never, options),
    misspelled: 'filename',
    option: 'fileName',
  },
  importGraphModel: {
    call: (options) => modelImport.importGraphModel({} as never, options),
    misspelled: 'filename',
    option: 'fileName',
  },
  loadStateDict: {
    call: (options) => modelImport.loadStateDict(model, new Map(), options),
    misspelled: 'moduleName',
    option: 'moduleNames',
  },
  readStateDict: {
    call: (options) => modelImport.readStateDict(new Uint8Array(), options),
    misspelled: 'entries',
    option: 'entry',
  },
  readSafetensors: {
    call: (options) => modelImport.readSafetensors(new Uint8Array(), options),
    misspelled: 'filename',
    option: 'fileName',
  },
};

const WITHOUT_OPTIONS = ['registerKerasLayers', 'scalesPixels'];

it('has a call here for every exported function with options', () => {
  const names = Object.entries(modelImport)
    .filter(([, value]) => typeof value === 'function')
    .map(([name]) => name);
  expect([...Object.keys(FUNCTIONS), ...WITHOUT_OPTIONS].sort()).toEqual(names.sort());
});

describe.each(Object.entries(FUNCTIONS))('%s', (name, { call, misspelled, option }) => {
  it('refuses an unknown option and names the nearest', async () => {
    const result = (async () => call({ [misspelled]: 'x' }))();
    await expect(result).rejects.toThrow(
      expect.objectContaining({
        name: 'InputError',
        message: expect.stringMatching(`of ${name}, got "${misspelled}"; did you mean ${option}\\?`),
      }),
    );
  });
});
