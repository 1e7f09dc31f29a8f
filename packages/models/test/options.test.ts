import { UNIT_RANGE, type ImageSet } from '@convlens/core';
import { memoryStore } from '@convlens/storage';
import type * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import * as api from '../src/index.js';

const model = {} as tf.LayersModel;
const images = {} as ImageSet;

const build = (name: api.ArchitectureName, builder: (options: never) => unknown) =>
  [builder, name, 'clases', 'classes'] as const;

type Call = readonly [call: (options: never) => unknown, name: string, misspelled: string, meant: string];

/**
 * A call of each function with a misspelled option, its name in the message, and the option that is
 * suggested.
 */
const CALLS: Readonly<Record<string, Call>> = {
  buildModel: [
    (options) => api.buildModel('mnist-small', {}, options),
    'buildModel',
    'architecture',
    'architectures',
  ],
  cifar10Bn6conv: build('cifar10-bn-6conv', api.cifar10Bn6conv),
  cifar10LeakyStrided: build('cifar10-leaky-strided', api.cifar10LeakyStrided),
  cifar10ThreeConv: build('cifar10-3conv', api.cifar10ThreeConv),
  cifar10SevenLayer: build('cifar10-7layer', api.cifar10SevenLayer),
  cifar10Fast: [(options) => api.cifar10Fast(options), 'cifar10-fast', 'width', 'widths'],
  kerasCifar10: build('keras-cifar10', api.kerasCifar10),
  mnist5x5: build('mnist-5x5', api.mnist5x5),
  mnistSmall: build('mnist-small', api.mnistSmall),
  svhn4conv: build('svhn-4conv', api.svhn4conv),
  resnet20: [(options) => api.resnet20(options), 'resnet20', 'shortcuts', 'shortcut'],
  resnet32: build('resnet32', api.resnet32),
  resnet56: build('resnet56', api.resnet56),
  shapes3conv: build('shapes-3conv', api.shapes3conv),
  seededDropout: [(options) => api.seededDropout(options), 'seededDropout', 'rates', 'rate'],
  inputShapeOf: [(options) => api.inputShapeOf(model, options), 'inputShapeOf', 'openSizes', 'openSize'],
  whitenFirstConvolution: [
    (options: Partial<api.WhitenOptions>) => api.whitenFirstConvolution(model, { images, ...options }),
    'whitenFirstConvolution',
    'epsilom',
    'epsilon',
  ],
  saveModel: [
    (options: Partial<api.ModelMetadata>) =>
      api.saveModel(model, memoryStore(), { preprocessing: UNIT_RANGE, classNames: [], ...options }),
    'saveModel',
    'classnames',
    'classNames',
  ],
  loadModel: [(options) => api.loadModel(memoryStore(), options), 'loadModel', 'customLayer', 'customLayers'],
};

const WITHOUT_OPTIONS = ['formatSummary', 'initializerSeed', 'readModelArtifacts', 'summarizeModel'];

describe('an unknown option is refused', () => {
  it('by every exported function', () => {
    const functions = Object.entries(api).filter(([, value]) => typeof value === 'function');
    expect(functions.map(([name]) => name).sort()).toEqual(
      [...Object.keys(CALLS), ...WITHOUT_OPTIONS].sort(),
    );
  });

  it.each(Object.entries(CALLS))('by %s', async (_, [call, name, misspelled, meant]) => {
    await expect(async () => call({ [misspelled]: 1 } as never)).rejects.toThrow(
      `of ${name}, got ${JSON.stringify(misspelled)}; did you mean ${meant}?`,
    );
  });

  it("by buildModel for an architecture of the user's list, which may have further options", () => {
    const mine = {
      id: 'mine',
      inputShape: [8, 8, 3],
      classes: 2,
      options: { depth: true },
      build: () => model,
    } as const;
    const build = (options: object) => api.buildModel('mine', options, { architectures: [mine] });
    expect(build({ depth: 3, seed: 1 })).toBe(model);
    expect(() => build({ sed: 1 })).toThrow('of mine, got "sed"; did you mean seed?');
  });

  it('by buildModel for the options of the architecture', () => {
    expect(() => api.buildModel('mnist-small', { sead: 1 } as never)).toThrow(
      'Expected the options inputShape, classes, seed of mnist-small, got "sead"; did you mean seed?',
    );
  });
});
