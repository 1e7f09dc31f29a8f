import { IDENTITY, randomAt, UNIT_RANGE, type Images } from '@convlens/core';
import { memoryStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { beforeAll } from 'vitest';
import {
  describeDefaults,
  type DefaultsCase,
  type OptionCase,
} from '../../../test/support/option-defaults.js';
import * as api from '../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

/** The first weights of each layer, and all shapes: a model has millions of weights. */
function digestOf(model: tf.LayersModel) {
  const weights = model.weights.map((weight) => [weight.shape, ...weight.read().dataSync().slice(0, 4)]);
  const shapes = [...model.inputs, ...model.outputs].map(({ shape }) => shape);
  const configs = model.layers.map((layer) => JSON.stringify(layer.getConfig()));
  model.dispose();
  return { weights, shapes, configs };
}

type Builder = (options: never) => tf.LayersModel;
const built = (builder: Builder): DefaultsCase['call'] => {
  // The names of some layers are counted.
  return (options: never) => digestOf(builder(options));
};

/** The documented input and number of classes of an architecture; the seed is 0. */
const architecture = (
  builder: Builder,
  [inputShape, otherShape]: readonly [number[], number[]],
  further: Readonly<Record<string, OptionCase>> = {},
): DefaultsCase => ({
  call: built(builder),
  options: { inputShape: [inputShape, otherShape], classes: [10, 11], seed: [0, 1], ...further },
});

const CIFAR = [
  [32, 32, 3],
  [40, 40, 3],
] as const satisfies readonly [number[], number[]];
const MNIST = [
  [28, 28, 1],
  [32, 32, 1],
] as const satisfies readonly [number[], number[]];

const random = randomAt(3);
const images: Images = {
  name: 'noise',
  pixels: Uint8Array.from({ length: 2 * 32 * 32 * 3 }, () => 256 * random()),
  count: 2,
  height: 32,
  width: 32,
  channels: 3,
  classNames: ['a'],
};
const small = () => api.mnistSmall();

describeDefaults(
  api,
  {
    buildModel: {
      call: (options) => digestOf(api.buildModel('mnist-small', {}, options)),
      options: { architectures: [api.ARCHITECTURES] },
    },
    cifar10Bn6conv: architecture(api.cifar10Bn6conv, CIFAR),
    cifar10LeakyStrided: architecture(api.cifar10LeakyStrided, CIFAR),
    cifar10ThreeConv: architecture(api.cifar10ThreeConv, CIFAR),
    cifar10SevenLayer: architecture(api.cifar10SevenLayer, CIFAR),
    cifar10Fast: architecture(api.cifar10Fast, CIFAR, {
      widths: [
        [64, 256, 256],
        [64, 256, 255],
      ],
      diracInit: [true, false],
    }),
    kerasCifar10: architecture(api.kerasCifar10, CIFAR),
    mnist5x5: architecture(api.mnist5x5, MNIST),
    mnistSmall: architecture(api.mnistSmall, MNIST),
    svhn4conv: architecture(api.svhn4conv, CIFAR),
    resnet20: architecture(api.resnet20, CIFAR, { shortcut: ['pad', 'projection'] }),
    resnet32: architecture(api.resnet32, CIFAR, { shortcut: ['pad', 'projection'] }),
    resnet56: architecture(api.resnet56, CIFAR, { shortcut: ['pad', 'projection'] }),
    shapes3conv: architecture(api.shapes3conv, CIFAR),
    seededDropout: {
      call: (options: object) => {
        const layer = api.seededDropout({ rate: 0.5, name: 'drop', ...options });
        return tf.tidy(() => [...(layer.apply(tf.ones([40]), { training: true }) as tf.Tensor).dataSync()]);
      },
      options: { rate: 'required', seed: [0, 1], name: 'required' },
    },
    inputShapeOf: {
      call: (options) => {
        try {
          return api.inputShapeOf(
            tf.sequential({ name: 'mine', layers: [tf.layers.dense({ units: 1, inputShape: [3] })] }),
            options,
          );
        } catch (error) {
          if ((error as Error).message.startsWith('Expected the options')) throw error;
          return (error as Error).message;
        }
      },
      options: { name: ['mine', 'other'], openSize: 'no default' },
    },
    whitenFirstConvolution: {
      call: (options: object) => {
        const model = api.cifar10Fast({ widths: [1, 1, 1] });
        api.whitenFirstConvolution(model, { images, ...options });
        return digestOf(model);
      },
      options: { images: 'required', preprocessing: [UNIT_RANGE, IDENTITY], epsilon: [5e-4, 6e-4] },
    },
    loadModel: {
      call: async (options) => {
        const store = memoryStore();
        await api.saveModel(small(), store, { preprocessing: UNIT_RANGE, classNames: [] });
        return digestOf((await api.loadModel(store, options)).model);
      },
      options: { customLayers: [[]] },
    },
  },
  ['formatSummary', 'initializerSeed', 'readModelArtifacts', 'saveModel', 'summarizeModel'],
);
