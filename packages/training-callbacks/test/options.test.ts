import { describe, expect, it } from 'vitest';
import * as api from '../src/index.js';
import { oneWeightModel } from './drive.js';

const schedule = (_: number, rate: number) => rate;

/** A call of each function with a misspelled option, and the option that the message suggests. */
const CALLS: Readonly<
  Record<string, readonly [call: (options: never) => unknown, misspelled: string, meant: string]>
> = {
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

describe('an unknown option is refused', () => {
  it('by every exported function', () => {
    const functions = Object.entries(api).filter(([, value]) => typeof value === 'function');
    expect(functions.map(([name]) => name).sort()).toEqual(
      [...Object.keys(CALLS), ...WITHOUT_OPTIONS].sort(),
    );
  });

  it.each(Object.entries(CALLS))('by %s', async (name, [call, misspelled, meant]) => {
    await expect(async () => call({ [misspelled]: 1 } as never)).rejects.toThrow(
      `of ${name}, got ${JSON.stringify(misspelled)}; did you mean ${meant}?`,
    );
  });
});
