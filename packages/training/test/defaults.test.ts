import { IDENTITY, UNIT_RANGE } from '@convlens/core';
import { memoryStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { beforeEach } from 'vitest';
import { describeDefaults } from '../../../test/support/option-defaults.js';
import * as api from '../src/index.js';
import { bars, classifier, SIZE, weightsOf } from './bars.js';

beforeEach(() => tf.setBackend('cpu'));

/** A model with a batch norm, for the update rules. */
function smallModel(): tf.LayersModel {
  const kernelInitializer = () => tf.initializers.glorotUniform({ seed: 3 });
  return tf.sequential({
    name: 'small',
    layers: [
      tf.layers.flatten({ name: 'flat', inputShape: [SIZE, SIZE, 1] }),
      tf.layers.dense({ name: 'hidden', units: 4, kernelInitializer: kernelInitializer() }),
      tf.layers.batchNormalization({ name: 'norm' }),
      tf.layers.dense({
        name: 'scores',
        units: 3,
        activation: 'softmax',
        kernelInitializer: kernelInitializer(),
      }),
    ],
  });
}

/** What a training computes: the weights, and the history without its seconds. */
async function trained(model: tf.LayersModel, options: object) {
  const history = await api.fit(model, { train: bars(2, 4), epochs: 2, ...options });
  return [weightsOf(model), history.map((record) => ({ ...record, seconds: 0 }))];
}

const NO_DEFAULT = 'no default';

describeDefaults(
  api,
  {
    fit: {
      call: (options: object) => trained(classifier(), { validation: bars(1, 4), ...options }),
      options: {
        train: 'required',
        epochs: 'required',
        validation: NO_DEFAULT,
        stepsPerEpoch: [2, 1, 3],
        validateEvery: [1, 2],
        callbacks: NO_DEFAULT,
        preprocessing: [UNIT_RANGE, IDENTITY],
        onEpoch: NO_DEFAULT,
        checkpoints: NO_DEFAULT,
        resume: [false],
        onCorruptCheckpoint: NO_DEFAULT,
        signal: NO_DEFAULT,
        classWeights: [{ 0: 1, 1: 1, 2: 1 }, { 0: 2 }],
        labelSmoothing: [0, 0.1],
      },
    },
    compileClassifier: {
      call: async (options) => {
        const model = smallModel();
        api.compileClassifier(model, options);
        return trained(model, {});
      },
      options: {
        optimizer: ['adam', 'sgd', 'rmsprop'],
        learningRate: [1e-3, 2e-3],
        momentum: { otherOptions: { optimizer: 'momentum' }, values: [0.9, 0.8] },
        weightDecay: [0, 0.1],
        biasScale: { otherOptions: { optimizer: 'sgd' }, values: [1, 2] },
      },
    },
    openCheckpoints: {
      call: async (options) => {
        const store = memoryStore();
        const model = classifier();
        await trained(model, { epochs: 4, checkpoints: api.openCheckpoints(store, options) });
        return [...(await store.list())];
      },
      options: { keep: [2, 1, 3] },
    },
  },
  [
    'captureOptimizer',
    'epochRecordSchema',
    'crossEntropy',
    'disposeOptimizer',
    // It returns the options as they are.
    'expectCompileOptions',
    'restoreOptimizer',
  ],
);
