import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { importGraphModel } from '../../src/index.js';
import { graphArtifacts } from './graph-models.js';

beforeAll(() => tf.setBackend('cpu'));

type Change = NonNullable<Parameters<typeof graphArtifacts>[1]>;
type Node = Parameters<Change>[0]['modelTopology']['node'][number];

/** Changes the first node with an operation. */
const changing =
  (op: string, change: (node: Node) => void): Change =>
  ({ modelTopology }) =>
    change(modelTopology.node.find((node) => node.op === op)!);

const placeholder = (sizes: readonly number[]) =>
  changing('Placeholder', ({ attr }) => {
    attr.shape = { shape: { dim: sizes.map((size) => ({ size: String(size) })) } };
  });

/** A weight of integers, such as the sizes of a reshape, by the shape and values of its bytes. */
const withWeight = (name: string, values: readonly number[]) => {
  const { weightSpecs, weightData, ...artifacts } = graphArtifacts('branches');
  const data = new Uint8Array(weightData as ArrayBuffer);
  let offset = 0;
  for (const spec of weightSpecs) {
    const bytes = tf.util.sizeFromShape(spec.shape) * (spec.dtype === 'bool' ? 1 : 4);
    if (spec.name.endsWith(name)) new Int32Array(data.buffer, 0).set(values, offset / 4);
    offset += bytes;
  }
  return { ...artifacts, weightSpecs, weightData: data.buffer };
};

describe('importGraphModel refuses', () => {
  it.each<[string, Change, RegExp]>([
    ['no nodes', (json) => (json.modelTopology.node = []), /hold a graph of at most 100000 nodes, got 0/],
    [
      'a name twice',
      ({ modelTopology: { node } }) => node.push({ ...node[1] }),
      /nodes of different names in the file, got ".+" twice/,
    ],
    [
      'a missing node',
      changing('MaxPool', (node) => (node.input = ['gone'])),
      /hold the node "gone", found none/,
    ],
    [
      'a loop',
      ({ modelTopology: { node } }) => {
        const pool = node.find(({ op }) => op === 'MaxPool')!;
        node.find(({ op }) => op === 'Conv2D')!.input![0] = pool.name;
      },
      /a graph without loops/,
    ],
    ['a loop of one node', changing('Relu', (node) => (node.input = [node.name])), /a graph without loops/],
    [
      'an operation of other networks',
      changing('Softmax', (node) => (node.op = 'TopKV2')),
      /operations of convolutional networks, got node ".+" of operation "TopKV2": save the Keras model as \.keras/,
    ],
    ['control flow', changing('Relu', (node) => (node.op = 'Merge')), /of operation "Merge"/],
    [
      'a graph without an input',
      changing('Placeholder', (node) => Object.assign(node, { op: 'Const', input: [] })),
      /a graph with an input/,
    ],
    [
      'integer images',
      changing('Placeholder', ({ attr }) => (attr.dtype = { type: 'DT_UINT8' })),
      /to be float32 images of any number, with channels last, got "DT_UINT8" of shape any x 12 x 10 x 3/,
    ],
    ['a fixed number of images', placeholder([8, 12, 10, 3]), /got "DT_FLOAT" of shape 8 x 12 x 10 x 3/],
    ['an unknown number of channels', placeholder([-1, 12, 10, -1]), /of shape any x 12 x 10 x any/],
    [
      'channels first',
      changing('Conv2D', ({ attr }) => (attr.data_format = { s: btoa('NCHW') })),
      /channels last, got channels first in node/,
    ],
    [
      'a weight of another size',
      ({ weightsManifest: [{ weights }] }) =>
        (weights.find(({ shape }) => shape.length === 4)!.shape = [3, 3, 3, 5]),
      /Expected the file to hold a graph model?|computes, got node/,
    ],
    [
      'an output that is no list of rows',
      ({ signature, modelTopology: { node } }) => {
        const shape = node.find(({ op }) => op === 'Shape')!;
        (signature as { outputs: object }).outputs = { shape: { name: `${shape.name}:0` } };
      },
      /one row for each image, got the node ".+" of operation "Shape"/,
    ],
    [
      'images of another size',
      placeholder([-1, 13, 40, 3]),
      /TensorFlow\.js computes, got node "functional_1\/flatten_1\/Reshape" of operation "Reshape": Size/,
    ],
  ])('%s', async (_, change, message) => {
    const before = tf.memory().numTensors;
    const promise = importGraphModel(graphArtifacts('plain-raw', change));
    await expect(promise).rejects.toThrow(
      expect.objectContaining({ name: 'InputError', message: expect.stringMatching(message) }),
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    ['Tile', 'up_1/Repeat/Tile/multiples'],
    ['Pad', 'padded_1/Const'],
    ['SpaceToBatchND', 'SpaceToBatchND/paddings'],
    ['Conv2DBackpropInput', 'conv_transpose/input_sizes/1'],
  ])('more values than fit into memory, before they are computed: %s', async (_, name) => {
    const spec = graphArtifacts('branches').weightSpecs.find((each) => each.name.endsWith(name))!;
    const values = Array.from({ length: tf.util.sizeFromShape(spec.shape) }, () => 100_000_000);
    const start = performance.now();
    await expect(importGraphModel(withWeight(spec.name, values))).rejects.toThrow(
      /Expected the nodes of the file to compute at most 134217728 values for two images, got \S+ for node/,
    );
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('nothing for an input of one image: the model reads any number', async () => {
    const { model } = await importGraphModel(graphArtifacts('residual', placeholder([1, 16, 12, 3])));
    expect(model.inputs[0].shape).toEqual([null, 16, 12, 3]);
    const output = model.predict(tf.zeros([5, 16, 12, 3])) as tf.Tensor;
    expect(output.shape).toEqual([5, 3]);
    tf.dispose(output);
    model.dispose();
  });

  it('to be saved as layers: its class is of the operation', async () => {
    const { model } = await importGraphModel(graphArtifacts('plain'));
    expect(model.layers[1].getClassName()).toBe('tf._FusedConv2D');
    expect(model.layers[1].countParams()).toBe(3 * 3 * 3 * 4 + 4);
    model.dispose();
  });
});
