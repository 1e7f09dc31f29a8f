import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCifar10 } from '../packages/cifar-data/src/index.js';
import { randomAt, UNIT_RANGE } from '../packages/core/src/index.js';
import { loadMnist, loadSvhn } from '../packages/digits-data/src/index.js';
import {
  inflate,
  inflateSync,
  readNpy,
  readPickle,
  readZip,
  singleChunk,
  tarEntries,
  type Chunks,
} from '../packages/formats/src/index.js';
import { decodeImage } from '../packages/image-set/src/folder.js';
import { openHdf5, type Hdf5Object } from '../packages/model-import/src/hdf5/open-hdf5.js';
import { importKeras, readSafetensors } from '../packages/model-import/src/index.js';
import { buildModel, loadModel, saveModel } from '../packages/models/src/index.js';
import { memoryStore } from '../packages/storage/src/index.js';
import { packCheckpoint, unpackCheckpoint } from '../packages/training/src/checkpoints/checkpoint-format.js';
import { packBackup, unpackBackup } from '../packages/training-callbacks/src/base/backup.js';
import { mutation } from './support/mutations.js';
import { ROOT } from './support/workspace.js';

/*
 * Every reader of binary files, with damaged copies of a small file: each is read, or refused with an InputError. A file with
 * a checksum is refused or gives what the sound file gives.
 *
 *     CONVLENS_MUTATIONS=2000 npx vitest run --project root readers
 *
 * tries more, and writes a table to CONVLENS_MUTATIONS_TABLE.
 */
const COUNT = Number(process.env.CONVLENS_MUTATIONS ?? 50);
/** The memory that a small file may take: the limit of the largest allocation before a check, and what the engine takes. */
const MOST_MEGABYTES = 256;

interface Reader {
  /** A sound file. */
  readonly file: Uint8Array | (() => Promise<Uint8Array>);
  /** What the file holds: plain values and arrays. */
  readonly read: (bytes: Uint8Array) => unknown;
  /** Whether all that is read has a checksum. */
  readonly hasChecksum: boolean;
}

const fixture = (path: string) => new Uint8Array(readFileSync(join(ROOT, 'packages', path)));
const kerasFiles = readZip(fixture('model-import/test/fixtures/models.zip'), {
  name: 'models.zip',
  maxBytes: 2 ** 24,
});

async function collect(chunks: Chunks): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk.slice());
  return new Uint8Array(Buffer.concat(parts));
}

async function readTar(bytes: Uint8Array) {
  const files: unknown[] = [];
  for await (const { name, chunks } of tarEntries(singleChunk(bytes), { name: 'a.tar' }))
    files.push([name, await collect(chunks)]);
  return files;
}

const contentOf = (object: Hdf5Object): unknown[] =>
  object.shape
    ? [object.path, object.shape, object.readValues()]
    : [object.path, ...object.keys().map((key) => contentOf(object.child(key)!))];

type Model = Awaited<ReturnType<typeof loadModel>>['model'];

/** The layers and the weights of a model, which is disposed. */
function takeApart(model: Model) {
  const weights = model.weights.map((weight) => [weight.originalName, weight.read().dataSync().slice()]);
  const json = model.toJSON(null, false);
  model.dispose();
  return [json, weights];
}

const importModel = async (bytes: Uint8Array, fileName: string) => {
  const { model, warnings } = await importKeras(bytes, { fileName });
  return [takeApart(model), warnings];
};

async function savedModel() {
  const store = memoryStore();
  const model = buildModel('shapes-3conv', { inputShape: [8, 8, 3], classes: 2, seed: 1 });
  await saveModel(model, store, { preprocessing: UNIT_RANGE, classNames: ['a', 'b'] });
  model.dispose();
  return store;
}

async function loadWithWeights(bytes: Uint8Array) {
  const store = await savedModel();
  await store.write('weights.bin', bytes);
  return takeApart((await loadModel(store)).model);
}

const values = {
  epochs: 3,
  weights: [{ name: 'a', values: Float32Array.from({ length: 300 }, (_, i) => i / 7) }],
  loss: NaN,
};

const backup = {
  version: 2,
  epochs: 3,
  learningRate: 0.1,
  weights: { names: ['a'], values: [values.weights[0].values] },
  optimizerClass: 'Adam',
  optimizer: [],
  callbacks: { stop: { wait: 1, best: NaN } },
} as const;

/** The images and labels of a data set whose files are given by name. */
const dataset =
  (load: typeof loadCifar10, name: string, others: Readonly<Record<string, Uint8Array>> = {}) =>
  async (bytes: Uint8Array) => {
    const store = memoryStore();
    for (const [path, content] of Object.entries({ ...others, [name]: bytes }))
      await store.write(path, content);
    const { pixels, labels } = await load(store, { split: 'test', official: false });
    return [pixels, labels];
  };

const MNIST_LABELS = { 't10k-labels-idx1-ubyte': fixture('digits-data/test/fixtures/labels-idx1-ubyte') };
const image = (name: string) => ({
  file: fixture(`image-set/test/fixtures/images/${name}`),
  read: (bytes: Uint8Array) => decodeImage(bytes, { name }),
});

const READERS: Readonly<Record<string, Reader>> = {
  'zip, deflated': {
    file: fixture('formats/test/fixtures/deflated.zip'),
    read: (bytes) => [...readZip(bytes, { name: 'a.zip', maxBytes: 1 << 20 })],
    hasChecksum: true,
  },
  'zip, Zip64': {
    file: fixture('formats/test/fixtures/zip64.zip'),
    read: (bytes) => [...readZip(bytes, { name: 'a.zip', maxBytes: 1 << 20 })],
    hasChecksum: true,
  },
  gzip: {
    file: fixture('formats/test/fixtures/text.gz'),
    read: (bytes) =>
      collect(inflate(singleChunk(bytes), { format: 'gzip', name: 'a.gz', maxBytes: 1 << 20 })),
    hasChecksum: true,
  },
  zlib: {
    file: fixture('formats/test/fixtures/dynamic.zlib'),
    read: (bytes) => inflateSync([bytes], { name: 'a.zlib', maxBytes: 1 << 20 }),
    hasChecksum: true,
  },
  tar: { file: fixture('formats/test/fixtures/pax.tar'), read: readTar, hasChecksum: false },
  npy: {
    file: fixture('formats/test/fixtures/float32.npy'),
    read: (bytes) => readNpy(bytes, { name: 'a.npy' }),
    hasChecksum: false,
  },
  pickle: {
    file: fixture('formats/test/fixtures/arrays-protocol4.pickle'),
    read: (bytes) => readPickle(bytes, { name: 'a.pickle', maxOperations: 10_000 }),
    hasChecksum: false,
  },
  '.keras': {
    file: kerasFiles.get('mnist-small.keras')!,
    read: (bytes) => importModel(bytes, 'a.keras'),
    hasChecksum: true,
  },
  'Keras .h5': {
    file: kerasFiles.get('mnist-small.h5')!,
    read: (bytes) => importModel(bytes, 'a.h5'),
    hasChecksum: false,
  },
  'HDF5, chunks': {
    file: fixture('model-import/test/fixtures/chunks.h5'),
    read: (bytes) => contentOf(openHdf5(bytes, 'a.h5')),
    hasChecksum: false,
  },
  safetensors: {
    file: fixture('model-import/test/fixtures/3conv.safetensors'),
    read: (bytes) => [...readSafetensors(bytes)],
    hasChecksum: false,
  },
  'weights of a model folder': {
    file: async () => (await (await savedModel()).read('weights.bin'))!,
    read: loadWithWeights,
    hasChecksum: true,
  },
  checkpoint: { file: () => packCheckpoint(values), read: unpackCheckpoint, hasChecksum: true },
  backup: {
    file: () => packBackup(backup),
    read: (bytes) => unpackBackup(bytes, 'backup.bin'),
    hasChecksum: true,
  },
  'CIFAR, binary': {
    file: fixture('cifar-data/test/fixtures/cifar10-test_batch.bin'),
    read: dataset(loadCifar10, 'test_batch.bin'),
    hasChecksum: false,
  },
  'CIFAR, Python': {
    file: fixture('cifar-data/test/fixtures/python3-protocol4-batch'),
    read: dataset(loadCifar10, 'test_batch'),
    hasChecksum: false,
  },
  'MNIST, IDX': {
    file: fixture('digits-data/test/fixtures/images-idx3-ubyte'),
    read: dataset(loadMnist, 't10k-images-idx3-ubyte', MNIST_LABELS),
    hasChecksum: false,
  },
  'SVHN, MATLAB': {
    file: fixture('digits-data/test/fixtures/svhn-compressed.mat'),
    read: dataset(loadSvhn, 'test_32x32.mat'),
    hasChecksum: false,
  },
  PNG: { ...image('palette.png'), hasChecksum: false },
  'JPEG, baseline': { ...image('baseline.jpg'), hasChecksum: false },
  'JPEG, progressive': { ...image('progressive.jpg'), hasChecksum: false },
};

/** A digest of plain values, Maps and arrays, typed ones too. */
function fingerprint(value: unknown): string {
  const hash = createHash('sha256');
  const add = (part: unknown): void => {
    if (ArrayBuffer.isView(part)) {
      hash.update(`${part.constructor.name}${part.byteLength}`);
      hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    } else if (part instanceof Map) add([...part]);
    else if (typeof part === 'object' && part !== null) {
      hash.update(`{${Object.keys(part).length}`);
      for (const [key, item] of Object.entries(part)) {
        hash.update(`${key}:`);
        add(item);
      }
    } else hash.update(`${typeof part} ${String(part)};`);
  };
  add(value);
  return hash.digest('hex');
}

const STATUS = '/proc/self/status';
const peakBytes = () =>
  1024 *
  Number(
    existsSync(STATUS)
      ? /VmHWM:\s*(\d+)/.exec(readFileSync(STATUS, 'utf8'))![1]
      : process.resourceUsage().maxRSS,
  );

const rows: string[] = [];

describe('damaged files are read as they are, or refused with an InputError', () => {
  it.each(Object.entries(READERS))('%s', { timeout: 600_000 }, async (name, { file, read, hasChecksum }) => {
    const sound = typeof file === 'function' ? await file() : file;
    const expected = fingerprint(await read(sound));
    const counts = { right: 0, refused: 0, other: 0 };
    let slowest = 0;
    if (existsSync(STATUS)) writeFileSync('/proc/self/clear_refs', '5');
    const before = process.memoryUsage.rss();
    for (let i = 0; i < COUNT; i++) {
      const damaged = mutation(sound, i, randomAt(i, 'mutation', name));
      const start = performance.now();
      try {
        const value = await read(damaged);
        counts[fingerprint(value) === expected ? 'right' : 'other']++;
      } catch (error) {
        const { name: kind, message } = Object(error) as Error;
        if (kind !== 'InputError') throw new Error(`mutation ${i}: ${kind}: ${message}`, { cause: error });
        counts.refused++;
      }
      slowest = Math.max(slowest, performance.now() - start);
    }
    const megabytes = Math.round((peakBytes() - before) / 2 ** 20);
    const cells = [
      name,
      hasChecksum ? 'yes' : 'no',
      counts.right,
      counts.refused,
      counts.other,
      Math.ceil(slowest),
      megabytes,
    ];
    rows.push(`| ${cells.join(' | ')} |`);
    expect(megabytes).toBeLessThan(MOST_MEGABYTES);
    expect(counts.refused).toBeGreaterThan(COUNT / 20);
    if (hasChecksum) expect(counts.other).toBe(0);
  });

  it.skipIf(!process.env.CONVLENS_MUTATIONS_TABLE)('writes a table', () => {
    const head = [
      '| reader | checksum | right | refused | other | slowest, ms | memory, MB |',
      '|---|---|---|---|---|---|---|',
    ];
    writeFileSync(process.env.CONVLENS_MUTATIONS_TABLE!, [...head, ...rows, ''].join('\n'));
  });
});
