import { memoryStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { describeDefaults, type DefaultsCase } from '../../../test/support/option-defaults.js';
import * as api from '../src/index.js';
import { begin, endEpoch, weightOf } from './drive.js';

/** A model of one weight. Its name is in the files of a backup. */
function oneWeightModel(): tf.LayersModel {
  const dense = tf.layers.dense({ name: 'dense', units: 1, inputShape: [1], useBias: false });
  const model = tf.sequential({ name: 'model', layers: [dense] });
  model.compile({ optimizer: tf.train.sgd(1), loss: 'meanSquaredError' });
  return model;
}

type Make = (options: never) => tf.CustomCallback;
type Logs = Readonly<Record<string, number>>;

/** Two metrics that improve in other epochs, by small steps, and do not improve in the end. */
const LOGS: readonly Logs[] = [1, 0.99995, 0.9, 0.95, 0.89, 0.97, 0.96, 0.95, 0.94, 0.93, 0.92, 0.91].map(
  (value, i) => ({ val_loss: value, loss: i % 2 ? 0.5 : 0.6 - i / 100, accuracy: value, batches: 3 + i }),
);
/** Improvements by 5e-5 and by 1.5e-4, then none. */
const SMALL_STEPS = [1, 0.99995, 0.9, 0.89985, ...new Array<number>(36).fill(0.95)].map((value) => ({
  val_loss: value,
  loss: 1,
}));
const epochs = (count: number): readonly Logs[] =>
  Array.from({ length: count }, (_, i) => LOGS[i % LOGS.length]);
const rising = [0.1, 0.2, 0.3, 0.4].map((accuracy) => ({ accuracy, val_loss: accuracy, loss: 1 }));

/** The weight, the learning rate and whether training stopped, after each epoch; and the weight at the end. */
async function drive(make: Make, options: object, logs: readonly Logs[]): Promise<unknown[]> {
  const model = oneWeightModel();
  const callback = make(options as never);
  await begin(callback, model);
  const states: unknown[] = [];
  for (const [epoch, log] of logs.entries()) {
    await callback.onEpochBegin(epoch);
    for (const batch of [0, 1]) {
      await callback.onBatchBegin(batch);
      await callback.onBatchEnd(batch, { loss: 1 });
    }
    await endEpoch(callback, { model, epoch, logs: log });
    states.push([api.getLearningRate(model.optimizer), model.stopTraining]);
    if (model.stopTraining) break;
  }
  await callback.onTrainEnd();
  return [...states, weightOf(model)];
}
const driven =
  (make: Make, logs = epochs(24)): DefaultsCase['call'] =>
  async (options: object) =>
    drive(make, options, logs);

/** The files that a callback writes to a store. */
const written =
  (make: Make): DefaultsCase['call'] =>
  async (options: object) => {
    const store = memoryStore();
    await drive(make, { store, ...options }, epochs(6));
    const names = [...(await store.list())];
    return Promise.all(
      names.map(async (name) => [name, new TextDecoder('latin1').decode((await store.read(name))!)]),
    );
  };

/** The rates of a schedule at the first indices. */
const rates =
  (make: (options: never) => api.LearningRateSchedule, required: object): DefaultsCase['call'] =>
  (options: object) => {
    const schedule = make({ ...required, ...options } as never);
    return Array.from({ length: 24 }, (_, index) => schedule(index, 1));
  };

const schedule = (index: number, rate: number) => rate / (1 + index);
const NO_DEFAULT = 'no default';

describeDefaults(
  api,
  {
    earlyStopping: {
      call: driven(api.earlyStopping),
      options: {
        monitor: ['val_loss', 'loss'],
        mode: ['auto', 'max'],
        minDelta: [0, 1e-3],
        patience: [0, 2],
        baseline: NO_DEFAULT,
        restoreBestWeights: { otherOptions: { patience: 3 }, values: [false, true] },
        startFromEpoch: { otherOptions: { patience: 2 }, values: [0, 9] },
      },
    },
    reduceLROnPlateau: {
      call: driven(api.reduceLROnPlateau, SMALL_STEPS),
      options: {
        monitor: { otherOptions: { patience: 1 }, values: ['val_loss', 'loss'] },
        mode: { otherOptions: { patience: 1 }, values: ['auto', 'max'] },
        minDelta: { otherOptions: { patience: 0 }, values: [1e-4, 0, 2e-4] },
        factor: [0.1, 0.2],
        patience: [10, 9, 11],
        cooldown: { otherOptions: { patience: 1 }, values: [0, 3] },
        minLr: { otherOptions: { patience: 1 }, values: [0, 1e-3] },
        onReduce: NO_DEFAULT,
      },
    },
    modelCheckpoint: {
      call: written(api.modelCheckpoint),
      options: {
        store: NO_DEFAULT,
        save: NO_DEFAULT,
        path: ['checkpoint', 'other'],
        monitor: { otherOptions: { saveBestOnly: true }, values: ['val_loss', 'loss'] },
        mode: { otherOptions: { saveBestOnly: true }, values: ['auto', 'max'] },
        saveBestOnly: [false, true],
        saveWeightsOnly: [false, true],
        saveFreq: { otherOptions: { path: '{epoch}' }, values: ['epoch', 5] },
        initialValueThreshold: NO_DEFAULT,
      },
    },
    learningRateScheduler: {
      call: driven((options) => api.learningRateScheduler(schedule, options), epochs(5)),
      options: { unit: ['epoch', 'step'] },
    },
    stepDecay: {
      call: rates(api.stepDecay, { initialLearningRate: 1, every: 5 }),
      options: { initialLearningRate: 'required', every: 'required', factor: [0.1, 0.2] },
    },
    cosineDecay: {
      call: rates(api.cosineDecay, { initialLearningRate: 1, total: 10 }),
      options: { initialLearningRate: 'required', total: 'required', minLearningRate: [0, 0.1] },
    },
    oneCycle: {
      call: rates(api.oneCycle, { maxLearningRate: 1, total: 20 }),
      options: {
        maxLearningRate: 'required',
        total: 'required',
        riseFraction: [0.3, 0.31],
        initialLearningRate: [1 / 25, 1 / 24],
        finalLearningRate: [1 / 25 / 10000, 1e-3],
      },
    },
    csvLogger: {
      call: written(api.csvLogger),
      options: {
        store: NO_DEFAULT,
        save: NO_DEFAULT,
        append: [false],
        path: ['history.csv', 'other.csv'],
        separator: [',', ';'],
        integerMetrics: [[], ['batches']],
      },
    },
    jsonLogger: {
      call: written(api.jsonLogger),
      options: {
        store: NO_DEFAULT,
        save: NO_DEFAULT,
        append: [false],
        path: ['history.json', 'other.json'],
      },
    },
    backupAndRestore: {
      call: async (options: object) => {
        const store = memoryStore();
        const model = oneWeightModel();
        const callback = await api.backupAndRestore(model, { store, ...options });
        await begin(callback, model);
        await endEpoch(callback, { model, epoch: 0, logs: LOGS[0] });
        const during = [...(await store.list())];
        const backup = await store.read(during[0]);
        await callback.onTrainEnd();
        return [during, backup, [...(await store.list())]];
      },
      options: {
        store: 'required',
        path: ['backup.bin', 'other.bin'],
        callbacks: [[], [api.earlyStopping()]],
        deleteCheckpoint: [true, false],
      },
    },
    progress: {
      call: async (options: object) => {
        const reports: string[] = [];
        // 60 milliseconds pass between two readings of the clock.
        let time = 0;
        const clock = { now: () => (time += 60) };
        const onProgress = ({ kind, step }: api.TrainingProgress) => void reports.push(`${kind} ${step}`);
        await drive(() => api.progress(onProgress, { ...clock, ...options }), {}, epochs(9));
        return reports;
      },
      options: { interval: [100, 1000, 0], now: NO_DEFAULT },
    },
    createMonitor: {
      call: (options) => {
        const monitor = api.createMonitor('accuracy', options);
        return rising.flatMap(({ accuracy }) =>
          [0.1, 0.25].map((best) => monitor.isImprovement(accuracy, best)),
        );
      },
      options: { mode: ['auto', 'min'], minDelta: [0, 0.1] },
    },
  },
  [
    'getLearningRate',
    'inverseTimeDecay',
    'setLearningRate',
    'terminateOnNaN',
    // Its only option is required.
    'warmUp',
  ],
);
