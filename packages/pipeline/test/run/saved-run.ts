import { memoryStore, writeJson, type BlobStore } from '@convlens/storage';
import { findRecipe, type RunDescription, type RunSummary } from '../../src/index.js';

const record = { epoch: 0, learningRate: 0.1, loss: 2.3, accuracy: 0.1, seconds: 1, metrics: { top5: 0.5 } };

/** The JSON files of a run with two epochs, the second of which diverged. */
export const savedRun = {
  'run.json': {
    settings: { ...findRecipe('cifar10-fast').settings, classWeights: { 3: 2 } },
    backend: 'simd (TensorFlow.js 4.22.0)',
    versions: { convlens: '0.1.0', tfjs: '4.22.0' },
    dataDir: '/data',
  } satisfies RunDescription,
  'history.json': [
    { ...record, valLoss: 2.2, valAccuracy: 0.2 },
    { ...record, epoch: 1, loss: null, accuracy: null, metrics: { top5: null } },
  ],
  'summary.json': {
    model: 'cifar10-fast',
    parameters: 100,
    classNames: ['cat', 'dog', 'ship'],
    epochs: 2,
    epochsPlanned: 14,
    best: record,
    seconds: 2,
    test: {
      name: 'test',
      count: 6,
      loss: 1.5,
      accuracy: 0.5,
      confusion: [
        [1, 0, 1],
        [0, 1, 1],
        [1, 0, 1],
      ],
    },
  } satisfies RunSummary,
} as const;

export type RunFile = keyof typeof savedRun;

export const RUN_FILE_NAMES = Object.keys(savedRun) as readonly RunFile[];

/** The files of the run in a store, some with another content. */
export async function storeRun(changed: Partial<Record<RunFile, unknown>> = {}): Promise<BlobStore> {
  const store = memoryStore();
  for (const [name, value] of Object.entries({ ...savedRun, ...changed }))
    await writeJson(store, name, value);
  return store;
}
