import { randomAt, UNIT_RANGE } from '@convlens/core';
import { memoryStore, substore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildModel, loadModel, saveModel } from '../../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

const metadata = { preprocessing: UNIT_RANGE, classNames: ['a', 'b'] };

/* eslint-disable @typescript-eslint/no-explicit-any */

/** A saved model, and the store with it. */
async function saved(
  build = () => buildModel('shapes-3conv', { inputShape: [8, 8, 3], classes: 2, seed: 1 }),
) {
  const [store, model] = [memoryStore(), build()];
  await saveModel(model, store, metadata);
  model.dispose();
  const read = async () => JSON.parse(new TextDecoder().decode(await store.read('model.json')));
  const write = (json: object) => store.write('model.json', new TextEncoder().encode(JSON.stringify(json)));
  const edit = async (change: (json: any) => void) => {
    const json = await read();
    change(json);
    await write(json);
  };
  return { store, read, edit };
}

/** Expects that loading is refused and leaves no tensor. */
async function expectRefused(store: ReturnType<typeof memoryStore>, message: string | RegExp) {
  const before = tf.memory().numTensors;
  await expect(loadModel(store)).rejects.toThrow(message);
  await expect(loadModel(store)).rejects.toHaveProperty('name', 'InputError');
  expect(tf.memory().numTensors).toBe(before);
}

const branches = () => {
  const input = tf.input({ shape: [3], name: 'in' });
  const left = tf.layers.dense({ units: 2, name: 'left' }).apply(input) as tf.SymbolicTensor;
  const right = tf.layers.dense({ units: 2, name: 'right' }).apply(left) as tf.SymbolicTensor;
  const sum = tf.layers.add({ name: 'sum' }).apply([left, right]) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: sum });
};

describe('the weights of a saved model', () => {
  it('are refused for each of 300 flipped bits', async () => {
    const { store } = await saved();
    const weights = (await store.read('weights.bin'))!;
    for (let i = 0; i < 300; i++) {
      const random = randomAt(i, 'flip');
      const flipped = weights.slice();
      flipped[Math.floor(random() * weights.length)] ^= 1 << Math.floor(random() * 8);
      await store.write('weights.bin', flipped);
      await expect(loadModel(store)).rejects.toThrow(
        /^Expected weights\.bin in memory to have the CRC-32 [\da-f]{8}, got [\da-f]{8}: the file is damaged; copy the folder again, or train again$/,
      );
    }
  });

  it('are read without a checksum, as older versions and other programs write them', async () => {
    const { store, edit } = await saved();
    await edit((json) => delete json.weightsManifest[0].crc32);
    (await loadModel(store)).model.dispose();
  });

  it('have a checksum for each group of files', async () => {
    const { store, edit } = await saved();
    const weights = (await store.read('weights.bin'))!;
    await edit((json) => {
      const [{ weights: specs, crc32 }] = json.weightsManifest;
      json.weightsManifest = [{ paths: ['group1-shard1of2', 'group1-shard2of2'], weights: specs, crc32 }];
    });
    await store.write('group1-shard1of2', weights.slice(0, 100));
    await store.write('group1-shard2of2', weights.slice(100));
    (await loadModel(store)).model.dispose();
    weights[150] ^= 1;
    await store.write('group1-shard2of2', weights.slice(100));
    await expectRefused(store, 'Expected group1-shard1of2, group1-shard2of2 in memory to have the CRC-32');
  });

  it.each(['../weights.bin', '/etc/passwd', 'a/../../b', 'C:/weights.bin', 'file:///etc/passwd', 'a\\b', ''])(
    'are not read from %j, outside of the folder',
    async (path) => {
      const { store, edit } = await saved();
      await store.write('weights.bin', (await store.read('weights.bin'))!);
      await edit((json) => (json.weightsManifest[0].paths = [path]));
      await expectRefused(
        store,
        `to hold a path inside the folder as weightsManifest[0].paths[0], got ${JSON.stringify(path)}`,
      );
    },
  );

  it('are not read from the folder around a model folder', async () => {
    const { store, edit } = await saved();
    await edit((json) => (json.weightsManifest[0].paths = ['../weights.bin']));
    const run = memoryStore();
    for (const name of await store.list()) await run.write(`model/${name}`, (await store.read(name))!);
    await run.write('weights.bin', (await store.read('weights.bin'))!);
    await expect(loadModel(substore(run, 'model'))).rejects.toThrow('to hold a path inside the folder');
  });
});

describe('a model.json is refused, and leaves no tensor,', () => {
  it.each([
    ['lists', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['objects', '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000)],
    [
      'models',
      `{"modelTopology":${'{"class_name":"Sequential","config":{"layers":['.repeat(5000)}${']}}'.repeat(5000)}}`,
    ],
    [
      'wrappers',
      `{"modelTopology":${'{"class_name":"TimeDistributed","config":{"layer":'.repeat(5000)}1${'}}'.repeat(5000)}}`,
    ],
    [
      'lists in metadata',
      `{"modelTopology":{},"userDefinedMetadata":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
    ],
  ])('if it nests 10,000 %s', async (_, text) => {
    const { store } = await saved();
    await store.write('model.json', new TextEncoder().encode(text));
    await expectRefused(store, 'to nest values');
  });

  it('if a layer needs far more weights than are saved, before memory is reserved', async () => {
    for (const [layer, key, value] of [
      [-1, 'units', 2e9],
      [1, 'filters', 1e12],
      [1, 'kernel_size', [1e5, 1e5]],
    ] as const) {
      const { store, edit } = await saved();
      await edit(({ modelTopology }) => (modelTopology.config.layers.at(layer).config[key] = value));
      const before = process.memoryUsage().arrayBuffers;
      await expectRefused(
        store,
        /to describe a layers model: the weight .* has more than the weight files hold/,
      );
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 << 20);
    }
  });

  it.each([
    ['a layer that does not exist', (nodes: any) => (nodes[0][0][0] = 'nothing'), 'call 0 of "nothing"'],
    ['a call that does not exist', (nodes: any) => (nodes[0][0][1] = 7), 'call 7 of "in"'],
    ['itself', (nodes: any) => (nodes[0][0][0] = 'left'), 'call 0 of "left"'],
    ['a layer that reads it', (nodes: any) => (nodes[0][0][0] = 'right'), 'call 0 of "right"'],
    ['what two layers later is computed', (nodes: any) => (nodes[0][0][0] = 'sum'), 'call 0 of "sum"'],
  ])('if a layer reads %s, which TensorFlow.js looks for forever', async (_, change, message) => {
    const { store, edit } = await saved(branches);
    await edit(({ modelTopology }) => change(modelTopology.config.layers[1].inbound_nodes));
    await expectRefused(
      store,
      new RegExp(`got layer "\\w+" that reads (call \\d of "\\w+"|${message}), which is never computed`),
    );
  });

  it('if the layers of a model inside it do', async () => {
    const { store, edit } = await saved(() => {
      const inner = branches();
      const input = tf.input({ shape: [3], name: 'outer' });
      return tf.model({ inputs: input, outputs: inner.apply(input) as tf.SymbolicTensor });
    });
    (await loadModel(store)).model.dispose();
    await edit(({ modelTopology }) => {
      modelTopology.config.layers[1].config.layers[1].inbound_nodes[0][0][0] = 'nothing';
    });
    await expectRefused(store, 'got layer "left" that reads call 0 of "nothing", which is never computed');
  });

  it.each([
    ['inbound_nodes that are no lists', (layer: any) => (layer.inbound_nodes = [{}])],
    ['inbound_nodes of a text', (layer: any) => (layer.inbound_nodes = 'in')],
    ['an input without a call', (layer: any) => (layer.inbound_nodes = [[['in']]])],
    ['an output that does not exist', (layer: any) => (layer.inbound_nodes[0][0][2] = 9)],
    ['a layer without a name', (layer: any) => delete layer.name],
    ['the name of another layer', (layer: any) => (layer.name = 'left')],
    ['no config', (layer: any) => delete layer.config],
    ['a wrong option', (layer: any) => (layer.config.units = -3)],
    ['an unknown activation', (layer: any) => (layer.config.activation = 'nothing')],
    ['an unknown initializer', (layer: any) => (layer.config.kernel_initializer.class_name = 'Nothing')],
    ['the prototype as its class', (layer: any) => (layer.class_name = '__proto__')],
  ])('if it has %s', async (_, change) => {
    const { store, edit } = await saved(branches);
    await edit(({ modelTopology }) => change(modelTopology.config.layers[2]));
    await expectRefused(store, /^Expected /);
  });

  it('if the weights do not fit the layers', async () => {
    for (const change of [
      (specs: any) => (specs[0].shape = [...specs[0].shape].reverse()),
      (specs: any) => (specs[0].name = 'nothing'),
      (specs: any) => (specs[0].name = specs[1].name),
      (specs: any) => (specs[0].dtype = 'int32'),
      (specs: any) => (specs[0].dtype = 'string'),
      (specs: any) => (specs[0].shape = [-1, -1]),
      (specs: any) => specs.pop(),
    ]) {
      const { store, edit } = await saved(branches);
      await edit(({ weightsManifest }) => change(weightsManifest[0].weights));
      await expectRefused(store, /^Expected /);
    }
  });
});

describe('a loaded model', () => {
  it('frees the weights of a layer and of a model inside it that are called twice', async () => {
    const twice = () => {
      const inputs = [tf.input({ shape: [3] }), tf.input({ shape: [3] })];
      const inner = branches();
      const shared = tf.layers.dense({ units: 2 });
      const outputs = inputs.map((input) => shared.apply(inner.apply(input)) as tf.SymbolicTensor);
      return tf.model({ inputs, outputs: tf.layers.add().apply(outputs) as tf.SymbolicTensor });
    };
    const { store } = await saved(twice);
    const before = tf.memory().numTensors;
    (await loadModel(store)).model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves no tensor of a layer that leads to no output', async () => {
    const { store, edit } = await saved(branches);
    await edit(({ modelTopology }) => (modelTopology.config.output_layers = [['left', 0, 0]]));
    await edit(({ weightsManifest }) => {
      weightsManifest[0].weights = weightsManifest[0].weights.filter((spec: any) =>
        spec.name.startsWith('left'),
      );
      delete weightsManifest[0].crc32;
    });
    await store.write('weights.bin', (await store.read('weights.bin'))!.slice(0, 4 * (3 * 2 + 2)));
    const before = tf.memory().numTensors;
    const { model } = await loadModel(store);
    expect(model.weights.length).toBe(2);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is loaded beside a refused one: neither takes the other along', async () => {
    const [good, bad] = [await saved(), await saved()];
    await bad.edit(({ modelTopology }) => (modelTopology.config.layers.at(-1).config.units = 3));
    const before = tf.memory().numTensors;
    const results = await Promise.allSettled([good, bad, good, bad].map(({ store }) => loadModel(store)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    for (const result of results)
      if (result.status === 'fulfilled') {
        tf.tidy(() => void result.value.model.predict(tf.ones([1, 8, 8, 3])));
        result.value.model.dispose();
      }
    expect(tf.memory().numTensors).toBe(before);
  });
});
