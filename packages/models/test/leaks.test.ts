import { UNIT_RANGE, type ImageSet } from '@convlens/core';
import { memoryStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { functionNames } from '../../../test/support/unknown-options.js';
import { tfjsStore } from '../../../test/support/tfjs/tfjs-folders.js';
import * as api from '../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

type Call = () => unknown;

/** Calls that succeed, and calls that are refused. A model that a call creates is disposed in it. */
interface Calls {
  readonly succeed: readonly Call[];
  readonly fail: readonly Call[];
}

const metadata = { preprocessing: UNIT_RANGE, classNames: ['a', 'b'] };
const small = (options: object = {}) =>
  api.buildModel('shapes-3conv', { inputShape: [8, 8, 3], classes: 2, seed: 1, ...options });

const withModel = (use: (model: tf.LayersModel) => unknown) => async () => {
  const model = small();
  try {
    await use(model);
  } finally {
    model.dispose();
  }
};

const loading = (change: (json: Record<string, never>) => void, options: object = {}) =>
  withModel(async (model) => {
    const store = memoryStore();
    await api.saveModel(model, store, metadata);
    const json = JSON.parse(new TextDecoder().decode(await store.read('model.json')));
    change(json);
    await store.write('model.json', new TextEncoder().encode(JSON.stringify(json)));
    (await api.loadModel(store, options)).model.dispose();
  });

const builder = (build: (options?: never) => tf.LayersModel): Calls => ({
  succeed: [() => build().dispose(), () => build({ classes: 3, seed: 2 } as never).dispose()],
  fail: [
    () => build({ classes: 0 } as never).dispose(),
    () => build({ inputShape: [0, 3] } as never).dispose(),
    () => build({ sead: 1 } as never).dispose(),
  ],
});

const images: ImageSet = {
  kind: 'image-set',
  name: 'noise',
  pixels: Uint8Array.from({ length: 32 * 32 * 3 * 40 }, (_, i) => (i * 7919) >> 3),
  count: 40,
  height: 32,
  width: 32,
  channels: 3,
  classNames: [],
};

const whitened = (options: object) => async () => {
  const model = api.cifar10Fast();
  try {
    await api.whitenFirstConvolution(model, { images, ...options } as never);
  } finally {
    model.dispose();
  }
};

const BUILDERS = {
  cifar10Bn6conv: api.cifar10Bn6conv,
  cifar10Fast: api.cifar10Fast,
  cifar10LeakyStrided: api.cifar10LeakyStrided,
  cifar10SevenLayer: api.cifar10SevenLayer,
  cifar10ThreeConv: api.cifar10ThreeConv,
  kerasCifar10: api.kerasCifar10,
  mnist5x5: api.mnist5x5,
  mnistSmall: api.mnistSmall,
  resnet20: api.resnet20,
  resnet32: api.resnet32,
  resnet56: api.resnet56,
  shapes3conv: api.shapes3conv,
  svhn4conv: api.svhn4conv,
};

const CALLS: Readonly<Record<string, Calls>> = {
  ...Object.fromEntries(Object.entries(BUILDERS).map(([name, build]) => [name, builder(build as never)])),
  buildModel: {
    succeed: [() => small().dispose()],
    fail: [() => small({ classes: -1 }), () => api.buildModel('nothing' as never)],
  },
  formatSummary: { succeed: [withModel((model) => api.formatSummary(api.summarizeModel(model)))], fail: [] },
  summarizeModel: { succeed: [withModel((model) => api.summarizeModel(model))], fail: [] },
  readModelArtifacts: {
    succeed: [async () => api.readModelArtifacts(await tfjsStore('keras3'))],
    fail: [() => api.readModelArtifacts(memoryStore())],
  },
  initializerSeed: { succeed: [() => api.initializerSeed(1, 'a')], fail: [] },
  seededDropout: {
    succeed: [() => api.seededDropout({ name: 'drop', rate: 0.5, seed: 1 })],
    fail: [() => api.seededDropout({ rates: 1 } as never)],
  },
  inputShapeOf: {
    succeed: [withModel((model) => api.inputShapeOf(model))],
    fail: [withModel((model) => api.inputShapeOf(model, { openSizes: 3 } as never))],
  },
  whitenFirstConvolution: {
    succeed: [whitened({})],
    fail: [
      whitened({ epsilom: 1 }),
      whitened({ images: { ...images, pixels: images.pixels.slice(0, 40 * 1024), channels: 1 } }),
    ],
  },
  saveModel: {
    succeed: [withModel((model) => api.saveModel(model, memoryStore(), metadata))],
    fail: [
      withModel((model) => api.saveModel(model, memoryStore(), { ...metadata, classes: 1 } as never)),
      async () => {
        const layers = [
          tf.layers.rescaling({ scale: NaN, inputShape: [3] } as never),
          tf.layers.dense({ units: 2 }),
        ];
        const model = tf.sequential({ layers });
        try {
          await api.saveModel(model, memoryStore(), metadata);
        } finally {
          model.dispose();
        }
      },
    ],
  },
  loadModel: {
    succeed: [loading(() => {})],
    fail: [
      () => api.loadModel(memoryStore()),
      loading(() => {}, { customLayer: [] }),
      loading((json) => delete json.modelTopology),
      loading((json) => delete json.weightsManifest),
      loading(({ modelTopology }: any) => (modelTopology.config.layers.at(-1).config.units = 3)), // eslint-disable-line @typescript-eslint/no-explicit-any
      loading(({ modelTopology }: any) => (modelTopology.config.layers.at(-1).class_name = 'Nothing')), // eslint-disable-line @typescript-eslint/no-explicit-any
      loading(({ modelTopology }: any) => (modelTopology.config.output_layers = [['nothing', 0, 0]])), // eslint-disable-line @typescript-eslint/no-explicit-any
      loading(({ weightsManifest }: any) => (weightsManifest[0].crc32 = '00000000')), // eslint-disable-line @typescript-eslint/no-explicit-any
    ],
  },
};

describe('no tensor is left', () => {
  it('by any exported function: each has calls here', () => {
    expect(Object.keys(CALLS).sort()).toEqual(functionNames(api).sort());
  });

  it.each(Object.entries(CALLS))('by %s', async (_, { succeed, fail }) => {
    const before = tf.memory().numTensors;
    for (const [i, call] of succeed.entries()) {
      await call();
      expect([i, tf.memory().numTensors]).toEqual([i, before]);
    }
    for (const [i, call] of fail.entries()) {
      await expect(async () => call()).rejects.toHaveProperty('name', 'InputError');
      expect([i, tf.memory().numTensors]).toEqual([i, before]);
    }
  });
});
