import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
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
  it('is evaluated, listed and explained with the module of --custom-layers', async () => {
    const flags = ['--custom-layers', module];
    const { settings, moduleChecksum } = JSON.parse(readFileSync(at('mine', 'run.json'), 'utf8'));
    expect(settings.model).toBe('my-cnn.mjs');
    expect(moduleChecksum).toBe(createHash('sha256').update(readFileSync(module)).digest('hex'));
    unregister();
    const { status, stdout } = await convlens('layers', at('mine'), ...flags, '--backend', 'simd');
    expect([status, stdout]).toEqual([0, expect.stringMatching(/negate +Negate/)]);
    unregister();
    expect(await convlens('evaluate', at('mine'), ...flags, '--backend', 'simd')).toMatchObject({
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
      ...flags,
      '--backend',
      'simd',
    ];
    expect(await convlens(...explain)).toMatchObject({ status: 0, stderr: '' });
  }, 60_000);

  it.each([['evaluate'], ['layers'], ['explain', '--method', 'kernels'], ['report'], ['train', '--resume']])(
    'is not run by %s because run.json names it: the unknown layer and what to type are named',
    async (command, ...options) => {
      unregister();
      const marker = at('marker');
      cpSync(at('mine'), at('hostile'), { recursive: true });
      writeFileSync(
        at('hostile/net.mjs'),
        `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(marker)}, ''); ${readFileSync(module, 'utf8')}`,
      );
      for (const model of [at('hostile/net.mjs'), './net.mjs', at('gone.mjs')]) {
        const json = JSON.parse(readFileSync(at('mine', 'run.json'), 'utf8'));
        json.settings.model = model;
        writeFileSync(at('hostile/run.json'), JSON.stringify(json));
        const run = command === 'train' ? ['--out', at('hostile')] : [at('hostile')];
        const { status, stderr } = await convlens(command, ...run, ...options, '--backend', 'simd');
        expect(status).toBe(2);
        expect(stderr).toContain(
          `trained with the module ${model}, which is not run because the run folder names it`,
        );
        expect(stderr).toContain(
          command === 'train' ? `add --model ${model}` : `add --custom-layers ${basename(model)}`,
        );
        if (command !== 'train') expect(stderr).toMatch(/layer "negate" of class "Negate"/);
        expect(existsSync(marker)).toBe(false);
      }
    },
    30_000,
  );

  it('warns if the module of --custom-layers is another one', async () => {
    unregister();
    writeFileSync(at('other.mjs'), `${readFileSync(module, 'utf8')} // changed`);
    const { status, stderr } = await convlens(
      'layers',
      at('mine'),
      '--custom-layers',
      at('other.mjs'),
      '--backend',
      'simd',
    );
    expect([status, stderr]).toEqual([
      0,
      expect.stringContaining('differs from the one that this run was trained with'),
    ]);
  });

  it('is refused if it has no custom layers', async () => {
    writeFileSync(at('none.mjs'), 'export default () => 4;');
    const { status, stderr } = await convlens(
      'layers',
      at('mine'),
      '--custom-layers',
      at('none.mjs'),
      '--backend',
      'simd',
    );
    expect([status, stderr]).toEqual([2, expect.stringContaining('none.mjs to export customLayers')]);
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
