import { readModelArtifacts } from '@convlens/models';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { tfjsDistance, tfjsModelJson, tfjsStore } from '../../../../test/support/tfjs/tfjs-folders.js';
import { importKeras, importTfjs, type TfjsArtifacts } from '../../src/index.js';
import { distance, files, inputTensors, references, unzip } from '../reference.js';

beforeAll(() => tf.setBackend('cpu'));

type Quantization = 'float16' | 'uint8' | undefined;

/** The weights of all layers, those of inner models with the names of these in front. */
function weightsOf(model: tf.LayersModel, prefix = ''): { name: string; tensor: tf.Tensor }[] {
  return model.layers.flatMap((layer) => {
    if (layer instanceof tf.LayersModel) return weightsOf(layer, `${prefix}${layer.name}/`);
    return layer.weights.map((weight) => ({
      name: `${prefix}${layer.name}/${weight.originalName.split('/').at(-1)!}`,
      tensor: weight.read(),
    }));
  });
}

/** What the converter of TensorFlow.js writes of a .keras file. */
async function convert(
  name: string,
  { prefix = '', quantization }: { prefix?: string; quantization?: Quantization } = {},
): Promise<TfjsArtifacts> {
  const config = JSON.parse(new TextDecoder().decode(unzip(files[name])['config.json'])) as object;
  const { model } = await importKeras(files[name]);
  const weights = weightsOf(model, prefix);
  const parts = weights.map(({ tensor }) => quantize(tensor.dataSync() as Float32Array, quantization));
  const weightSpecs = weights.map(({ name: weight, tensor: { shape } }, i) => ({
    name: weight,
    shape,
    dtype: 'float32' as const,
    ...(parts[i].quantization && { quantization: parts[i].quantization }),
  }));
  model.dispose();
  const weightData = new Uint8Array(Buffer.concat(parts.map(({ bytes }) => bytes))).buffer;
  return {
    modelTopology: { keras_version: '3.15.1', backend: 'tensorflow', model_config: config },
    weightSpecs: weightSpecs as tf.io.WeightsManifestEntry[],
    weightData,
  };
}

function quantize(values: Float32Array, type: Quantization) {
  if (type !== 'uint8') return { bytes: new Uint8Array(values.slice().buffer) };
  const min = Math.min(...values);
  const scale = (Math.max(...values) - min) / 255 || 1;
  return {
    bytes: Uint8Array.from(values, (value) => Math.round((value - min) / scale)),
    quantization: { dtype: 'uint8', min, scale, original_dtype: 'float32' },
  };
}

function expectOutputs(model: tf.LayersModel, name: string, tolerance = 1e-5) {
  tf.tidy(() => {
    const outputs = [model.predict(inputTensors(references[name])) as tf.Tensor | tf.Tensor[]].flat();
    outputs.forEach((output, i) =>
      expect(distance(output, references[name].outputs[i])).toBeLessThan(tolerance),
    );
  });
}

describe('importTfjs', () => {
  it.each(['keras2', 'keras2-prefixed', 'keras3', 'keras3-prefixed'])(
    'opens what the converter makes of a Keras model: %s',
    async (name) => {
      const { model } = importTfjs(await readModelArtifacts(await tfjsStore(name)));
      expect(tfjsDistance(model)).toBeLessThan(1e-6);
      model.dispose();
    },
  );

  const NAMES = ['mnist-5x5', 'multi-input', 'merges', 'nested-classifier', 'nested', 'zoo', 'activations'];

  it.each(NAMES)('opens %s with the outputs of Keras', async (name) => {
    const before = tf.memory().numTensors;
    const artifacts = await convert(`${name}.keras`);
    const { model } = importTfjs(artifacts);
    expectOutputs(model, name);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(NAMES.slice(0, 4))('opens %s with the name of the model in front of all weights', async (name) => {
    const { model } = importTfjs(await convert(`${name}.keras`, { prefix: 'some/model/' }));
    expectOutputs(model, name);
    model.dispose();
  });

  it('restores quantized weights', async () => {
    const { model } = importTfjs(await convert('mnist-5x5.keras', { quantization: 'uint8' }));
    expectOutputs(model, 'mnist-5x5', 0.05);
    expect(distanceOf(model, 'mnist-5x5')).toBeGreaterThan(1e-6);
    model.dispose();
  });

  const distanceOf = (model: tf.LayersModel, name: string) =>
    tf.tidy(() =>
      distance(model.predict(inputTensors(references[name])) as tf.Tensor, references[name].outputs[0]),
    );

  it.each<[string, (artifacts: TfjsArtifacts) => unknown, RegExp]>([
    [
      'a weight that no layer has',
      (artifacts) => (artifacts.weightSpecs[0].name = 'conv/kernel2'),
      /^Expected the weights in a\.json to fit the layer "conv1": it needs kernel, found bias$/,
    ],
    [
      'weights of another shape',
      (artifacts) => (artifacts.weightSpecs[0].shape = [25, 1, 1, 4]),
      /^Expected the weights in a\.json to fit the layer "conv1": kernel should be 5 x 5 x 1 x 4, conv1\/kernel is 25 x 1 x 1 x 4$/,
    ],
    [
      'too few bytes',
      (artifacts) => (artifacts.weightData = (artifacts.weightData as ArrayBuffer).slice(0, 99)),
      /^Expected the weights of a\.json to fit its list: /,
    ],
    [
      'no model',
      (artifacts) => (artifacts.modelTopology = { node: [] }),
      /^Expected the config in a\.json to describe layers by class_name, config and name/,
    ],
    [
      'a list in place of a topology',
      (artifacts) => (artifacts.modelTopology = []),
      /^Expected a\.json to hold a model topology/,
    ],
  ])('refuses %s, and leaves no tensor', async (_, change, message) => {
    const artifacts = await convert('mnist-5x5.keras');
    change(artifacts);
    const before = tf.memory().numTensors;
    expect(() => importTfjs(artifacts, { fileName: 'a.json' })).toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses weights of layers that the model does not have', async () => {
    const artifacts = await convert('mnist-5x5.keras');
    artifacts.weightSpecs.push({ name: 'more/kernel', shape: [1], dtype: 'float32' });
    artifacts.weightData = new Uint8Array([
      ...new Uint8Array(artifacts.weightData as ArrayBuffer),
      0,
      0,
      0,
      0,
    ]).buffer;
    expect(() => importTfjs(artifacts)).toThrow(
      'Expected the file to hold a layer for each weight, found none for more/kernel',
    );
  });

  it('reads the version of Keras from batch_shape if the file does not say it', async () => {
    const { model_config: config } = tfjsModelJson('keras3').modelTopology;
    const artifacts = await readModelArtifacts(await tfjsStore('keras3'));
    const { model } = importTfjs({ ...artifacts, modelTopology: config as object } as TfjsArtifacts);
    expect(tfjsDistance(model)).toBeLessThan(1e-6);
    model.dispose();
  });
});
