import { InputError } from '@convlens/core';
import { memoryStore, writeJson, type BlobStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildModel, loadModel, saveModel } from '../../src/index.js';

/* eslint-disable @typescript-eslint/no-explicit-any -- the tests change any part of a file */
type Json = any;

beforeAll(() => tf.setBackend('cpu'));

const metadata = { preprocessing: { scale: 1 / 255, mean: [0], std: [1] }, classNames: ['a', 'b', 'c', 'd'] };

async function saved(model = buildModel('shapes-3conv', { inputShape: [8, 8, 3], classes: 4 })) {
  const store = memoryStore();
  const units = (model.outputs[0]!.shape as number[]).at(-1);
  await saveModel(model, store, { ...metadata, classNames: metadata.classNames.slice(0, units) });
  model.dispose();
  return store;
}

/** The model with another model.json. */
async function changed(change: (json: Json) => void, model?: tf.LayersModel): Promise<BlobStore> {
  const store = await saved(model);
  const json = JSON.parse(new TextDecoder().decode(await store.read('model.json')));
  change(json);
  await writeJson(store, 'model.json', json);
  return store;
}

const layerOf = (json: Json, name: string) =>
  json.modelTopology.config.layers.find((layer: Json) => layer.name === name);
const weightOf = (json: Json, name: string) =>
  json.weightsManifest[0].weights.find((weight: Json) => weight.name === name);

async function refusal(change: (json: Json) => void, model?: tf.LayersModel): Promise<string> {
  const store = await changed(change, model);
  const error: unknown = await loadModel(store).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InputError);
  return (error as Error).message;
}

describe('loadModel refuses in model.json, by file and field,', () => {
  it.each<[string, (json: Json) => void, string]>([
    ['no topology', (json) => delete json.modelTopology, 'to have modelTopology, found none'],
    [
      'a topology of another type',
      (json) => (json.modelTopology = 5),
      'to hold an object as modelTopology, got 5',
    ],
    [
      'weights that are no list',
      (json) => (json.weightsManifest = {}),
      'a list as weightsManifest, got an object',
    ],
    [
      'a weight without a shape',
      (json) => delete json.weightsManifest[0].weights[0].shape,
      'to have weightsManifest[0].weights[0].shape, found none',
    ],
    [
      'a size of -3',
      (json) => (json.weightsManifest[0].weights[0].shape[1] = -3),
      'an integer >= 0 as weightsManifest[0].weights[0].shape[1], got -3',
    ],
    [
      'an unknown type of values',
      (json) => (json.weightsManifest[0].weights[0].dtype = 'string'),
      'one of float32, int32, bool, complex64 as weightsManifest[0].weights[0].dtype, got "string"',
    ],
    [
      'an unknown quantization',
      (json) => (json.weightsManifest[0].weights[0].quantization = { dtype: 'int4' }),
      'as weightsManifest[0].weights[0].quantization.dtype, got "int4"',
    ],
    [
      'two weights of one name',
      (json) => (json.weightsManifest[0].weights[1].name = json.weightsManifest[0].weights[0].name),
      'Expected weights of different names, got "conv1/kernel" twice',
    ],
    [
      'a weight file twice',
      (json) => json.weightsManifest[0].paths.push('weights.bin'),
      'Expected weight files of different names, got "weights.bin" twice',
    ],
    [
      'two classes of one name',
      (json) => (json.userDefinedMetadata.convlens.classNames[1] = 'a'),
      'texts that differ from each other as userDefinedMetadata.convlens.classNames',
    ],
    [
      'a deviation of 0',
      (json) => (json.userDefinedMetadata.convlens.preprocessing.std = [0]),
      'a number above 0 as userDefinedMetadata.convlens.preprocessing.std[0], got 0',
    ],
    [
      'a scale that is null',
      (json) => (json.userDefinedMetadata.convlens.preprocessing.scale = null),
      'a number as userDefinedMetadata.convlens.preprocessing.scale, got null',
    ],
  ])('%s', async (_, change, message) => {
    const text = await refusal(change);
    expect(text).toContain('memory/model.json');
    expect(text).toContain(message);
  });

  it.each(['../weights.bin', 'a/../../b', '/etc/passwd', 'C:\\weights.bin', 'file:///etc/passwd', '..'])(
    'the weight file %s outside the folder',
    async (path) =>
      expect(await refusal((json) => (json.weightsManifest[0].paths = [path]))).toBe(
        'Expected memory/model.json to hold a path inside the folder as weightsManifest[0].paths[0], got ' +
          JSON.stringify(path),
      ),
  );
});

describe('loadModel refuses a size that the weight files do not hold, by the name of the weight,', () => {
  it.each<[string, (json: Json) => void, RegExp]>([
    [
      'in the list of weights',
      (json) => (weightOf(json, 'conv2/kernel').shape[3] = 33),
      /the weight fc2\/kernel of 64 x 4 values .* got 112016 bytes, and it would end at byte 112576/,
    ],
    [
      'of more values than there are bytes',
      (json) => (weightOf(json, 'conv2/kernel').shape = [2 ** 30, 2 ** 30]),
      /the weight conv2\/kernel of 1073741824 x 1073741824 values/,
    ],
    [
      'in the options of a layer',
      (json) => (layerOf(json, 'conv2').config.filters = 2 ** 40),
      /the weight conv2\/kernel of 3 x 3 x 16 x 1099511627776 values/,
    ],
    [
      'in the shape of the input',
      (json) => (layerOf(json, 'input').config.batch_input_shape = [null, 80_000, 80_000, 3]),
      /the weight fc1\/kernel of \d+ x 64 values/,
    ],
    [
      'of a million values',
      (json) => (layerOf(json, 'conv3').config.filters = 2 ** 12),
      /the weight conv3\/kernel of 3 x 3 x 32 x 4096 values/,
    ],
  ])('%s', async (_, change, message) => expect(await refusal(change)).toMatch(message));

  it('of a model inside the model', async () => {
    const inner = tf.sequential({ layers: [tf.layers.dense({ name: 'deep', units: 3, inputShape: [2] })] });
    const change = (json: Json) =>
      (json.modelTopology.config.layers[0].config.layers[0].config.units = 2 ** 33);
    expect(await refusal(change, tf.sequential({ layers: [inner] }))).toContain(
      'the weight deep/kernel of 2 x 8589934592 values has more than the weight files hold',
    );
  });

  it('and lets two models be loaded, and another be built, at the same time', async () => {
    const stores = [await saved(), await saved()];
    const build = async () => buildModel('cifar10-3conv');
    const models = await Promise.all([
      ...stores.map(async (store) => (await loadModel(store)).model),
      Promise.resolve().then(build),
      Promise.resolve().then(build).then(build),
    ]);
    models.forEach((model) => model.dispose());
    const before = tf.layers.Layer.prototype as unknown as { addWeight: unknown };
    const { addWeight } = before;
    await refusal((json) => (layerOf(json, 'conv2').config.filters = 2 ** 40));
    expect(before.addWeight).toBe(addWeight);
  });
});

describe('loadModel refuses a graph that TensorFlow.js would wait for without end:', () => {
  const nodesOf = (json: Json, name: string) => layerOf(json, name).inbound_nodes[0];
  it.each<[string, (json: Json) => void, string]>([
    [
      'an unknown layer',
      (json) => (nodesOf(json, 'conv2')[0][0] = 'missing'),
      'got layer "conv2" that reads call',
    ],
    [
      'a call that is not made',
      (json) => (nodesOf(json, 'conv2')[0][1] = 1),
      'got layer "conv2" that reads call',
    ],
    ['itself', (json) => (nodesOf(json, 'conv2')[0][0] = 'conv2'), 'got layer "conv2" that reads call'],
    ['a circle', (json) => (nodesOf(json, 'conv1')[0][0] = 'relu3'), 'got layer "conv1" that reads call'],
    [
      'a layer that reads nothing',
      (json) => (layerOf(json, 'conv2').inbound_nodes = [[]]),
      'got layer "relu2"',
    ],
    ['a layer without calls', (json) => (layerOf(json, 'conv2').inbound_nodes = []), 'got layer "relu2"'],
    [
      'two layers of one name',
      (json) => (layerOf(json, 'relu2').name = 'relu1'),
      'to have unique names of layers, got two "relu1"',
    ],
    [
      'two layers whose options have one name',
      (json) => (layerOf(json, 'relu2').config.name = 'relu1'),
      'to have unique names of layers, got two "relu1"',
    ],
    [
      'the names of another writer',
      (json) => {
        const layer = layerOf(json, 'conv2');
        layer.inboundNodes = [[['missing', 0, 0]]];
        delete layer.inbound_nodes;
      },
      'got layer "conv2" that reads call',
    ],
  ])('%s', async (_, change, message) => expect(await refusal(change)).toContain(message));

  it('in a model inside the model', async () => {
    const input = tf.input({ shape: [2], name: 'start' });
    const inner = tf.model({ inputs: input, outputs: tf.layers.reLU({ name: 'end' }).apply(input) as never });
    const outer = tf.input({ shape: [2] });
    const change = (json: Json) => {
      const { config } = json.modelTopology.config.layers.find((layer: Json) => layer.class_name === 'Model');
      config.layers[1].inbound_nodes[0][0][1] = 7;
    };
    const model = tf.model({ inputs: outer, outputs: inner.apply(outer) as tf.SymbolicTensor });
    expect(await refusal(change, model)).toContain('got layer "end" that reads call');
  });
});

it('saveModel refuses metadata that loadModel would refuse, and writes nothing', async () => {
  const model = buildModel('shapes-3conv', { inputShape: [8, 8, 3], classes: 4 });
  const store = memoryStore();
  const { preprocessing } = metadata;
  await expect(saveModel(model, store, { preprocessing, classNames: ['a', 'a'] })).rejects.toThrow(
    new InputError(
      'Expected the metadata of the model to hold texts that differ from each other as classNames, got a list of 2',
    ),
  );
  expect(await store.list()).toEqual([]);
  model.dispose();
});
