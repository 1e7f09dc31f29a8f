import '@convlens/tfjs-backend-simd';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { evaluateModel } from '@convlens/activations';
import { IDENTITY, UNIT_RANGE } from '@convlens/core';
import { SHAPES_CLASSES } from '@convlens/image-set/shapes';
import { importKeras } from '@convlens/model-import';
import { folderFiles } from '@convlens/image-set/node';
import { saveModel } from '@convlens/models';
import { loadDataset } from '@convlens/pipeline';
import { folderStore } from '@convlens/storage/node';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convlens } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-pixels-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A Keras file that was trained on -1..1. */
const file = fileURLToPath(new URL('../fixtures/diagnosed.keras', import.meta.url));
const MEAN_BGR = [103.939, 116.779, 123.68];

const ASSUMED = /0\.\.1 is assumed\. Choose them with --pixels, or find them with convlens explain/;

/** The loss that `evaluate` prints, and its warnings. */
async function evaluate(...args: string[]): Promise<{ loss: number; stderr: string }> {
  const result = await convlens('evaluate', ...args, '--data', 'shapes', '--backend', 'simd', '--json');
  expect(result.status, result.stderr).toBe(0);
  const { loss } = JSON.parse(result.stdout.trim().split('\n').at(-1)!);
  return { loss, stderr: result.stderr };
}

/** The loss of the model for inputs that are computed here. */
async function lossFor(
  inputOf: (pixel: number, channel: number, pixels: Uint8Array, index: number) => number,
) {
  const images = await loadDataset('shapes', { split: 'test', source: folderFiles(folder) });
  const pixels = images.pixels as Uint8Array;
  const inputs = Float32Array.from(pixels, (pixel, i) => inputOf(pixel, i % 3, pixels, i));
  const { model } = await importKeras(readFileSync(file));
  const { loss } = await evaluateModel(model, { ...images, pixels: inputs }, { preprocessing: IDENTITY });
  model.dispose();
  return loss;
}

/** A folder as the converter of TensorFlow.js writes it: without preprocessing and class names. */
async function bareFolder(name: string, layers: tf.layers.Layer[]): Promise<string> {
  const path = join(folder, name);
  const model = tf.sequential({
    layers: [...layers, tf.layers.flatten(), tf.layers.dense({ units: 10, activation: 'softmax' })],
  });
  await saveModel(model, folderStore(path), { preprocessing: UNIT_RANGE, classNames: [] });
  model.dispose();
  const json = JSON.parse(readFileSync(join(path, 'model.json'), 'utf8'));
  delete json.userDefinedMetadata;
  writeFileSync(join(path, 'model.json'), JSON.stringify(json));
  return path;
}

beforeAll(() => tf.setBackend('simd'));

type InputOf = Parameters<typeof lossFor>[0];
const CAFFE: InputOf = (_, c, pixels, i) => pixels[i + 2 - 2 * c] - MEAN_BGR[c];

describe('convlens evaluate --pixels', () => {
  const cases: [string, InputOf][] = [
    ['-0.5..0.5', (pixel) => pixel / 255 - 0.5],
    ['0..1,bgr', (_, c, pixels, i) => pixels[i + 2 - 2 * c] / 255],
  ];

  it.each(cases)('gives a Keras file the inputs %s', async (pixels, inputOf) => {
    const { loss, stderr } = await evaluate(file, '--pixels', pixels);
    expect(loss).toBeCloseTo(await lossFor(inputOf), 5);
    expect(stderr).toBe('');
  });

  it('assumes 0..1 of a file that does not say it, with a warning', async () => {
    const { loss, stderr } = await evaluate(file);
    expect(loss).toBeCloseTo(await lossFor((pixel) => pixel / 255), 5);
    expect(stderr).toMatch(ASSUMED);
  });

  it('assumes nothing of a model folder whose model scales pixels itself', async () => {
    const scaled = [
      tf.layers.dropout({ rate: 0.1, inputShape: [32, 32, 3] }),
      tf.layers.rescaling({ scale: 1 / 127.5, offset: -1 }),
    ];
    const scaledResult = await evaluate(await bareFolder('scaled', scaled));
    expect(scaledResult.stderr).toBe('');
    expect((await evaluate(join(folder, 'scaled'), '--pixels', '0..255')).loss).toBe(scaledResult.loss);
    const bare = await bareFolder('bare', [tf.layers.dropout({ rate: 0.1, inputShape: [32, 32, 3] })]);
    expect((await evaluate(bare)).stderr).toMatch(ASSUMED);
  });

  it('is refused for a run, and for a range without a name', async () => {
    const run = await convlens('evaluate', 'pretrained:mnist-5x5', '--pixels', '0..1');
    expect(run.stderr).toContain(
      'Expected no --pixels: a run has the preprocessing that it was trained with',
    );
    const { status, stderr } = await convlens('evaluate', file, '--data', 'shapes', '--pixels', '0..2');
    expect(stderr).toContain('Expected pixels to be one of 0..1, 0..255, -1..1, -0.5..0.5, tf, caffe, torch');
    expect(status).toBe(2);
  });
});

describe('convlens explain', () => {
  const explain = (source: string, ...args: string[]) =>
    convlens(
      'explain',
      source,
      '--data',
      'shapes',
      '--out',
      join(folder, 'out'),
      '--backend',
      'simd',
      ...args,
    );

  // The model is small, because it is tried 32 times; import.test.ts diagnoses a Keras file.
  it('names the inputs that diagnose-input tries as --pixels does', async () => {
    const source = await bareFolder('tried', [
      tf.layers.averagePooling2d({ poolSize: 8, inputShape: [32, 32, 3] }),
    ]);
    const { status, stdout, stderr } = await explain(source, '--method', 'diagnose-input');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/\n-1\.\.1 +unchanged +unchanged .* -1\.\.1\n/);
    expect(stdout).toMatch(/\n-0\.5\.\.0\.5 +bgr +unchanged .* -0\.5\.\.0\.5,bgr\n/);
    expect(stdout).toMatch(/\nminus the mean of ImageNet +bgr +unchanged .* caffe\n/);
    expect(stdout).toMatch(/\nstandardized as ImageNet +unchanged +unchanged .* torch\n/);
  });

  it('warns of inputs that are assumed, unless --pixels chooses them', async () => {
    const args = ['--method', 'saliency', '--index', '0'];
    expect((await explain(file, ...args)).stderr).toMatch(ASSUMED);
    const chosen = await explain(file, ...args, '--pixels', '-1..1');
    expect([chosen.status, chosen.stderr]).toEqual([0, '']);
  });
});

describe('convlens import', () => {
  it('saves the inputs of --pixels with the channel order', async () => {
    const out = join(folder, 'imported');
    const args = ['--out', out, '--pixels', 'caffe', '--classes', SHAPES_CLASSES.join()];
    expect(await convlens('import', file, ...args)).toMatchObject({ status: 0 });
    const { userDefinedMetadata } = JSON.parse(readFileSync(join(out, 'model.json'), 'utf8'));
    expect(userDefinedMetadata.convlens.preprocessing).toEqual({
      scale: 1,
      mean: MEAN_BGR,
      std: [1],
      channelOrder: 'bgr',
    });
    expect(await evaluate(out)).toEqual({ loss: await lossFor(CAFFE), stderr: '' });
  });

  it.each(['--preprocessing unit', '--diagnose shapes'])('refuses --pixels with %s', async (other) => {
    const args = ['--out', join(folder, 'none'), '--pixels', '0..1', ...other.split(' ')];
    const { status, stderr } = await convlens('import', file, ...args);
    expect(stderr).toContain('Expected --pixels, --preprocessing or --diagnose, got more than one');
    expect(status).toBe(2);
  });
});
