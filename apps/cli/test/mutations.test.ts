import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isInputError, randomAt, UNIT_RANGE } from '@convlens/core';
import { batches } from '@convlens/image-set';
import { generateShapes } from '@convlens/image-set/shapes';
import { buildModel, loadModel, saveModel } from '@convlens/models';
import { compareRuns, openModel, readRun } from '@convlens/pipeline';
import { RUN_FILE_NAMES, savedRun, storeRun } from '../../../packages/pipeline/test/run/saved-run.js';
import { writeResultsPages } from '@convlens/reproduce';
import { memoryStore, readText, writeText, type BlobStore } from '@convlens/storage';
import { backupAndRestore, earlyStopping } from '../../../packages/training-callbacks/src/index.js';
import { compileClassifier, disposeOptimizer, fit, openCheckpoints } from '@convlens/training';
import { mutateJson, MUTATIONS } from '../../../test/support/mutate-json.js';

/*
 * Every JSON that is read, with faults: it is read as what its schema says, or refused with an InputError. More faults:
 * `npm run mutations -- --count 2000 --seed 1`.
 */
const COUNT = Number(process.env.CONVLENS_MUTATIONS ?? 100);
const SEED = Number(process.env.CONVLENS_MUTATION_SEED ?? 0);

/** Text of JSON in a file, and how a program reads the file when the text is another. */
interface JsonFile {
  readonly text: string;
  read(bytes: Uint8Array): Promise<unknown>;
}

interface Row {
  readonly file: string;
  readonly right: number;
  readonly refused: number;
  readonly other: number;
  readonly slowest: string;
}

const rows: Row[] = [];

async function copyOf(store: BlobStore): Promise<BlobStore> {
  const copy = memoryStore();
  for (const name of await store.list()) await copy.write(name, (await store.read(name))!);
  return copy;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

/** The JSON in a checkpoint or a backup, and the file with another JSON and the checksum that fits. */
function headerOf(file: Uint8Array, magicBytes: number) {
  const hashEnd = magicBytes + 32;
  const start = hashEnd + 4;
  const end = start + new DataView(file.buffer, file.byteOffset).getUint32(hashEnd, true);
  const replace = (json: Uint8Array) => {
    const padding = Buffer.alloc((4 - (json.length % 4)) % 4, ' ');
    const rest = Buffer.concat([uint32(json.length + padding.length), json, padding, file.subarray(end)]);
    return new Uint8Array(Buffer.concat([file.subarray(0, magicBytes), sha256(rest), rest]));
  };
  return { text: Buffer.from(file.subarray(start, end)).toString(), replace };
}

const images = generateShapes({ count: 8 });

function tinyModel(): tf.LayersModel {
  const flat = tf.layers.averagePooling2d({ poolSize: 16, inputShape: [32, 32, 3], name: 'pool' });
  const layers = [flat, tf.layers.flatten({ name: 'flat' }), tf.layers.dense({ units: 10, name: 'dense' })];
  const model = tf.sequential({ name: 'tiny', layers });
  compileClassifier(model);
  return model;
}

function disposeModel(model: tf.LayersModel): void {
  disposeOptimizer(model.optimizer);
  model.dispose();
}

const fitOptions = (store: BlobStore, resume: boolean) => ({
  train: batches(images, { batchSize: 4 }),
  preprocessing: UNIT_RANGE,
  epochs: 1,
  checkpoints: openCheckpoints(store),
  callbacks: [earlyStopping({ monitor: 'loss', restoreBestWeights: true })],
  resume,
});

const runFile = (name: (typeof RUN_FILE_NAMES)[number]): JsonFile => ({
  text: JSON.stringify(savedRun[name]),
  async read(bytes) {
    const store = await storeRun();
    await store.write(name, bytes);
    await readRun(store);
    return compareRuns([await storeRun(), store]);
  },
});

async function modelFile(): Promise<JsonFile> {
  const store = memoryStore();
  const model = buildModel('shapes-3conv', { inputShape: [32, 32, 3], classes: 10 });
  await saveModel(model, store, { preprocessing: UNIT_RANGE, classNames: images.classNames });
  model.dispose();
  return {
    text: (await readText(store, 'model.json'))!,
    async read(bytes) {
      const copy = await copyOf(store);
      await copy.write('model.json', bytes);
      (await loadModel(copy)).model.dispose();
      await openModel(copy).then(({ model: opened }) => opened.dispose());
    },
  };
}

function resultsFile(): JsonFile {
  const { settings, backend, versions } = savedRun['run.json'];
  const results = {
    recipe: 'E',
    title: 'an exercise',
    command: 'convlens reproduce E',
    scale: 1,
    settings,
    images: { train: 10, validation: 2, test: 5 },
    backend,
    versions,
    hours: 0.5,
    history: savedRun['history.json'],
    comparison: {
      columns: ['', 'project', 'this run'],
      rows: [
        ['test accuracy', '98%', '98.1%'],
        ['epochs', 3, 3],
      ],
    },
    differences: ['fewer images'],
    figures: { curves: 'Loss and accuracy.' },
  };
  return {
    text: JSON.stringify(results),
    async read(bytes) {
      const store = memoryStore();
      await store.write('results.json', bytes);
      await writeText(store, 'figures/curves.svg', '<svg/>');
      await writeResultsPages(store, { pages: memoryStore(), toPng: () => new Uint8Array(1) });
    },
  };
}

async function checkpointFile(): Promise<JsonFile> {
  const store = memoryStore();
  const model = tinyModel();
  await fit(model, fitOptions(store, false));
  const { text, replace } = headerOf((await store.read('0001.checkpoint'))!, 4);
  return {
    text,
    async read(bytes) {
      await store.write('0001.checkpoint', replace(bytes));
      const resumed = tinyModel();
      try {
        await fit(resumed, fitOptions(store, true));
      } finally {
        disposeModel(resumed);
      }
    },
  };
}

async function backupFile(): Promise<JsonFile> {
  const store = memoryStore();
  const options = () => ({
    store,
    callbacks: [earlyStopping({ monitor: 'loss', restoreBestWeights: true })],
    deleteCheckpoint: false,
  });
  const first = options();
  const model = tinyModel();
  await fit(model, {
    train: batches(images, { batchSize: 4 }),
    preprocessing: UNIT_RANGE,
    epochs: 1,
    callbacks: [...first.callbacks, await backupAndRestore(model, first)],
  });
  const { text, replace } = headerOf((await store.read('backup.bin'))!, 0);
  return {
    text,
    async read(bytes) {
      await store.write('backup.bin', replace(bytes));
      const resumed = tinyModel();
      try {
        const again = options();
        const backup = await backupAndRestore(resumed, again);
        for (const callback of [...again.callbacks, backup]) {
          callback.setParams({});
          callback.setModel(resumed);
          await callback.onTrainBegin();
        }
      } finally {
        disposeModel(resumed);
      }
    },
  };
}

const JSON_FILES: Readonly<Record<string, () => JsonFile | Promise<JsonFile>>> = {
  ...Object.fromEntries(RUN_FILE_NAMES.map((name) => [name, () => runFile(name)])),
  'model.json': modelFile,
  'results.json': resultsFile,
  'the JSON of a checkpoint': checkpointFile,
  'the JSON of a backup': backupFile,
};

beforeAll(() => tf.setBackend('cpu'));
afterAll(() => {
  if (process.env.CONVLENS_MUTATIONS) console.table(rows);
});

describe('with faults', () => {
  it.each(Object.entries(JSON_FILES))(
    '%s is read, or refused by an InputError',
    async (file, create) => {
      const { text, read } = await create();
      await read(new TextEncoder().encode(text));
      const faults: string[] = [];
      let [right, slowest] = [0, 0];
      for (let i = 0; i < COUNT; i++) {
        const bytes = mutateJson(text, randomAt(SEED, 'mutations', file, i));
        const start = performance.now();
        try {
          await read(bytes);
          right++;
        } catch (error) {
          const { stack } = error as Error;
          if (!isInputError(error))
            faults.push(`${i}: ${stack}\n${new TextDecoder().decode(bytes).slice(0, 2000)}`);
        }
        slowest = Math.max(slowest, performance.now() - start);
      }
      const other = faults.length;
      rows.push({ file, right, refused: COUNT - right - other, other, slowest: `${slowest.toFixed(0)} ms` });
      expect(faults).toEqual([]);
      expect(right).toBeGreaterThan(0);
      expect(COUNT - right).toBeGreaterThan(right / 10);
    },
    600_000,
  );

  it('which are of every kind, and all of them change the text', () => {
    expect(MUTATIONS).toHaveLength(15);
    const text = JSON.stringify(savedRun['history.json']);
    const changed = Array.from({ length: 100 }, (_, i) => mutateJson(text, randomAt(i, 'kinds')));
    const same = changed.filter((bytes) => new TextDecoder().decode(bytes) === text);
    expect(same.length).toBeLessThan(10);
  });
});
