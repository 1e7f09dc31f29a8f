import { generateShapes } from '@convlens/image-set/shapes';
import { memoryStore, writeJson, type BlobStore } from '@convlens/storage';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  compareRuns,
  DivergedError,
  evaluateOpenModel,
  expectConverged,
  expectFiniteLoss,
  findRecipe,
  openModel,
  readRun,
  runProgress,
  trainRun,
  type RunDescription,
  type RunSettings,
} from '../../src/index.js';
import { describeDivergence } from '../../src/divergence/diverged-run.js';
import { savedEpoch } from '../../src/run/run-summary.js';

const images = generateShapes({ count: 24 });
const settingsOf = (change: Partial<RunSettings> = {}): RunSettings => ({
  ...findRecipe('shapes').settings,
  limit: 24,
  batchSize: 8,
  epochs: 3,
  augment: '',
  optimizer: 'sgd',
  learningRate: 1e-3,
  patience: 9,
  ...change,
});
const describeRun = (change?: Partial<RunSettings>, backend = 'cpu'): RunDescription => ({
  settings: settingsOf(change),
  backend,
  versions: {},
});

/** A small model, so that the cpu backend trains fast. */
function buildSmall(): tf.LayersModel {
  const { height, width, channels, classNames } = images;
  const init = (seed: number) => ({ kernelInitializer: tf.initializers.glorotUniform({ seed }) });
  return tf.sequential({
    layers: [
      tf.layers.averagePooling2d({ inputShape: [height, width, channels], poolSize: 6, name: 'pool' }),
      tf.layers.conv2d({ filters: 2, kernelSize: 3, name: 'conv', ...init(1) }),
      tf.layers.batchNormalization({ name: 'norm' }),
      tf.layers.reLU({ name: 'relu' }),
      tf.layers.flatten({ name: 'flat' }),
      tf.layers.dense({ units: classNames.length, activation: 'softmax', name: 'dense', ...init(2) }),
    ],
  });
}

/** A model one of whose weights becomes `value` in one training step, counted from 1. */
const buildFaulty =
  ({ step, weight, value }: { step: number; weight: RegExp; value: number }) =>
  (): tf.LayersModel => {
    const model = buildSmall();
    const train = model.trainOnBatch.bind(model);
    let steps = 0;
    model.trainOnBatch = async (x, y) => {
      const metrics = await train(x, y);
      if (++steps === step) {
        const { originalName } = model.weights.find((one) => weight.test(one.originalName))!;
        const variable = model.weights
          .find((one) => one.originalName === originalName)!
          .read() as tf.Variable;
        tf.tidy(() => variable.assign(tf.fill(variable.shape, value)));
      }
      return metrics;
    };
    return model;
  };

/** Not model.json: TensorFlow.js counts the models of the process in their names. */
const modelOf = (store: BlobStore) => store.read('model/weights.bin');

/** Three steps are an epoch. */
const STEPS = 3;
const SECOND_EPOCH = 2 * STEPS;

beforeAll(async () => {
  await tf.setBackend('simd');
});
afterAll(() => tf.setBackend('cpu'));

const FAULTS: readonly (readonly [string, number])[] = [
  ['conv\\/kernel', NaN],
  ['norm\\/moving_variance', Infinity],
  ['norm\\/moving_mean', -Infinity],
  ['norm\\/moving_variance', NaN],
  ['dense\\/bias', Infinity],
];

describe.each(['cpu', 'simd'])('a training that diverges on the backend %s', (backend) => {
  const good = memoryStore();
  const whole = memoryStore();
  beforeAll(async () => {
    await tf.setBackend(backend);
    await trainRun(describeRun({ epochs: 1 }), { store: good, images, build: buildSmall });
    await trainRun(describeRun(), { store: whole, images, build: buildSmall });
  });

  it('in its first epoch has no model and no checkpoint, and says so', async () => {
    const store = memoryStore();
    const settings = settingsOf({ learningRate: 1e30 });
    const summary = await trainRun({ ...describeRun(), settings }, { store, images, build: buildSmall });
    expect(summary).toMatchObject({
      epochs: 1,
      diverged: expect.stringMatching(/weight \S+ (NaN|-?Infinity)/),
    });
    expect(() => expectConverged(summary, settings)).toThrow(
      /^The training diverged in epoch 1 \(.+\); no model is kept\. Train with a lower learning rate than 1e\+30, such as 1e\+29$/,
    );
    expect(await store.list('checkpoint/')).toEqual([]);
    expect(await store.read('model/model.json')).toBeUndefined();
    await expect(openModel(store)).rejects.toThrow(
      /Expected a run with a model, found none in memory: its training diverged in each epoch \(last: /,
    );
    expect((await readRun(store)).history[0].diverged).toBe(summary.diverged);
    expect(await runProgress(store, settings)).toEqual({ isStarted: true, remainingEpochs: 3 });
  });

  it.each(backend === 'simd' ? FAULTS : FAULTS.slice(0, 2))(
    'later, by %s %s, keeps the model and the checkpoint of the epoch before',
    async (weight, value) => {
      const store = memoryStore();
      const fault = { weight: new RegExp(weight), value };
      const build = buildFaulty({ ...fault, step: SECOND_EPOCH });
      const summary = await trainRun(describeRun(), { store, images, build });
      expect(summary).toMatchObject({
        epochs: 2,
        best: { epoch: 0 },
        diverged: expect.stringContaining(`${weight.replaceAll('\\', '')} ${value}`),
      });
      expect(await modelOf(store)).toEqual(await modelOf(good));
      expect(await store.list('checkpoint/')).toEqual(['checkpoint/0001.checkpoint']);
      expect(() => expectConverged(summary, settingsOf())).toThrow(
        new DivergedError(
          `The training diverged in epoch 2 (${summary.diverged}); the model of epoch 1 is kept. Train with a lower learning ` +
            'rate than 0.001, such as 0.0001',
        ),
      );

      // Resumed, it diverges again.
      const again = { store, images, resume: true, build: buildFaulty({ ...fault, step: STEPS }) };
      expect(await trainRun(describeRun(), again)).toMatchObject({ epochs: 2, diverged: summary.diverged });

      // Without the fault it goes on from the checkpoint, to the run that never diverged.
      const mended = await trainRun(describeRun(), { ...again, build: buildSmall });
      expect(mended).not.toHaveProperty('diverged');
      expect(await modelOf(store)).toEqual(await modelOf(whole));
    },
  );
});

it('an epoch whose weights are finite, but whose losses are not, is recovered from', async () => {
  await tf.setBackend('simd');
  const store = memoryStore();
  const build = () => {
    const model = buildSmall();
    const train = model.trainOnBatch.bind(model);
    let steps = 0;
    model.trainOnBatch = async (x, y) => {
      const [loss, ...rest] = (await train(x, y)) as number[];
      return [++steps === 2 ? Infinity : loss, ...rest];
    };
    return model;
  };
  const summary = await trainRun(describeRun(), { store, images, build });
  expect(summary).not.toHaveProperty('diverged');
  expect(summary.best.epoch).toBeGreaterThan(0);
  const { history } = await readRun(store);
  expect(history.map(({ diverged }) => diverged)).toEqual(['loss Infinity', undefined, undefined]);
  expect(describeDivergence(history, settingsOf())).toBe(
    'The training diverged in epoch 1 (loss Infinity). Train with a lower learning rate than 0.001, such as 0.0001.',
  );
});

it('the saved epoch is never one with a negative cross-entropy, also in files of earlier versions', () => {
  const history = [2, -0.5, 1, NaN].map((valLoss, epoch) => ({
    ...{ epoch, learningRate: 0.1, loss: 1, accuracy: 0.5, seconds: 1, metrics: {} },
    valLoss,
  }));
  expect(savedEpoch(history).epoch).toBe(2);
  expect(describeDivergence(history, settingsOf())).toContain('2 epochs, 2 to 4 (last: validation loss NaN)');
  expect(describeDivergence(history.slice(0, 1), settingsOf())).toBeUndefined();
});

it('compareRuns says which runs are diverged', async () => {
  const storeWith = async (location: string, losses: readonly number[]) => {
    const store = memoryStore();
    await writeJson(store, 'run.json', describeRun());
    const records = losses.map((loss, epoch) => ({
      ...{ epoch, learningRate: 0.1, accuracy: 0.5, seconds: 1, metrics: {} },
      loss,
      valLoss: loss,
    }));
    await writeJson(store, 'history.json', records);
    return { ...store, location };
  };
  const { results } = await compareRuns([
    await storeWith('good', [2, 1]),
    await storeWith('late', [2, 1, NaN]),
    await storeWith('recovered', [NaN, 1]),
    await storeWith('never', [Infinity]),
  ]);
  const columns = ['run', 'epochs', 'best'].map((name) => results.columns.indexOf(name));
  expect(results.rows.map((row) => columns.map((column) => row[column]))).toEqual([
    ['good', 2, 2],
    ['late', '3 (diverged)', 2],
    ['recovered', 2, 2],
    ['never', '1 (diverged)', 'none'],
  ]);
});

describe('expectFiniteLoss', () => {
  it.each([NaN, Infinity, -Infinity, -0.5])('refuses a loss of %s', (loss) => {
    expect(() => expectFiniteLoss({ name: 'shapes (test)', loss })).toThrow(
      `The loss on shapes (test) is ${loss}`,
    );
  });

  it('accepts the loss of an evaluation', async () => {
    const model = buildSmall();
    const evaluation = await evaluateOpenModel({ model, preprocessing: undefined } as never, images);
    expect(() => expectFiniteLoss(evaluation)).not.toThrow();
    expect(() => expectFiniteLoss({ name: 'one image', loss: -1e-8 })).not.toThrow();
    model.dispose();
  });
});
