import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convlens } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-layers-'));
const at = (...names: string[]) => join(folder, ...names);
const module = at('my-cnn.mjs');
const small = [
  '--data',
  'shapes',
  '--limit',
  '60',
  '--epochs',
  '1',
  '--batch-size',
  '30',
  '--backend',
  'simd',
];

/** Removes the layer from the registry of TensorFlow.js, as in a new process. */
const unregister = () =>
  delete (tf.serialization.SerializationMap.getMap().classNameMap as Record<string, unknown>).Negate;

beforeAll(async () => {
  writeFileSync(
    module,
    `export const customLayers = ({ tf }) => [
      class Negate extends tf.layers.Layer {
        static className = 'Negate';
        computeOutputShape(shape) { return shape; }
        call(inputs) { return tf.neg(Array.isArray(inputs) ? inputs[0] : inputs); }
      },
    ];
    export default ({ tf, customLayers: { Negate }, inputShape, classes }) => tf.sequential({ layers: [
      tf.layers.conv2d({ inputShape, filters: 4, kernelSize: 3, activation: 'relu', name: 'conv' }),
      new Negate({ name: 'negate' }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: classes }),
    ] });`,
  );
  expect(await convlens('train', ...small, '--model', module, '--out', at('mine'))).toMatchObject({
    status: 0,
  });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe('a run whose module has custom layers', () => {
  it('is evaluated, listed and explained with the module that run.json names', async () => {
    expect(JSON.parse(readFileSync(at('mine', 'run.json'), 'utf8')).settings.model).toBe(module);
    unregister();
    const { status, stdout } = await convlens('layers', at('mine'), '--backend', 'simd');
    expect([status, stdout]).toEqual([0, expect.stringMatching(/negate +Negate/)]);
    unregister();
    expect(await convlens('evaluate', at('mine'), '--backend', 'simd')).toMatchObject({
      status: 0,
      stderr: '',
    });
    unregister();
    const explain = [
      'explain',
      at('mine'),
      '--method',
      'kernels',
      '--out',
      at('explained'),
      '--backend',
      'simd',
    ];
    expect(await convlens(...explain)).toMatchObject({ status: 0, stderr: '' });
  }, 60_000);

  it('without the module it names the unknown layer and the reason', async () => {
    unregister();
    const json = JSON.parse(readFileSync(at('mine', 'run.json'), 'utf8'));
    json.settings.model = at('gone.mjs');
    writeFileSync(at('mine', 'run.json'), JSON.stringify(json));
    const { status, stderr } = await convlens('layers', at('mine'), '--backend', 'simd');
    expect(status).toBe(2);
    expect(stderr).toMatch(/found no file .*gone\.mjs/);
    expect(stderr).toMatch(/layer "negate" of class "Negate"/);
  });

  it('is refused if customLayers is not a list', async () => {
    writeFileSync(at('wrong.mjs'), 'export const customLayers = 3; export default () => 4;');
    const { status, stderr } = await convlens(
      'train',
      ...small,
      '--model',
      at('wrong.mjs'),
      '--out',
      at('wrong'),
    );
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/Expected customLayers of .*wrong\.mjs.*got number/),
    ]);
  });
});
