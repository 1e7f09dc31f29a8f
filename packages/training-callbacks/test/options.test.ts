import { describeUnknownOptions, type MisspelledCall } from '../../../test/support/unknown-options.js';
import * as api from '../src/index.js';
import { oneWeightModel } from './drive.js';

const schedule = (_: number, rate: number) => rate;

const CALLS: Readonly<Record<string, MisspelledCall>> = {
  earlyStopping: [(options) => api.earlyStopping(options), 'patiance', 'patience'],
  reduceLROnPlateau: [(options) => api.reduceLROnPlateau(options), 'minLR', 'minLr'],
  modelCheckpoint: [(options) => api.modelCheckpoint(options), 'saveFrequ', 'saveFreq'],
  learningRateScheduler: [(options) => api.learningRateScheduler(schedule, options), 'units', 'unit'],
  stepDecay: [(options) => api.stepDecay(options), 'factors', 'factor'],
  inverseTimeDecay: [(options) => api.inverseTimeDecay(options), 'decays', 'decay'],
  cosineDecay: [(options) => api.cosineDecay(options), 'totals', 'total'],
  oneCycle: [(options) => api.oneCycle(options), 'riseFractoin', 'riseFraction'],
  warmUp: [(options) => api.warmUp(schedule, options), 'step', 'steps'],
  csvLogger: [(options) => api.csvLogger(options), 'seperator', 'separator'],
  jsonLogger: [(options) => api.jsonLogger(options), 'paths', 'path'],
  backupAndRestore: [(options) => api.backupAndRestore(oneWeightModel(), options), 'stores', 'store'],
  progress: [(options) => api.progress(() => undefined, options), 'intervall', 'interval'],
  createMonitor: [(options) => api.createMonitor('loss', options), 'min_delta', 'minDelta'],
};

const WITHOUT_OPTIONS = ['getLearningRate', 'setLearningRate', 'terminateOnNaN'];

describeUnknownOptions(api, CALLS, WITHOUT_OPTIONS);
