import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UNIT_RANGE } from '@convlens/core';
import { folderStore } from '@convlens/storage/node';
import { generateShapes } from '@convlens/image-set/shapes';
import { saveModel } from '@convlens/models';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convlens } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-explain-'));
const out = join(folder, 'figures');

beforeAll(async () => {
  await tf.setBackend('cpu');
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ name: 'conv', filters: 3, kernelSize: 5, strides: 4, inputShape: [32, 32, 3] }),
      tf.layers.reLU({ name: 'relu' }),
      tf.layers.flatten({ name: 'flat' }),
      tf.layers.dense({ name: 'scores', units: 10, activation: 'softmax' }),
    ],
  });
  const { classNames } = generateShapes({ count: 1, seed: 0 });
  await saveModel(model, folderStore(folder), { preprocessing: UNIT_RANGE, classNames });
  model.dispose();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const explain = (...flags: string[]) =>
  convlens('explain', folder, '--data', 'shapes', '--out', out, '--backend', 'simd', ...flags);

describe('convlens explain', () => {
  it('explains a class by its name or number, and a channel of a layer', async () => {
    for (const target of ['star', '2', 'label', 'relu#1'])
      expect(await explain('--method', 'saliency', '--index', '4', '--target', target)).toMatchObject({
        status: 0,
        stdout: `${join(out, 'saliency_4.png')}\n`,
      });
    const { status, stderr } = await explain('--method', 'saliency', '--target', '10');
    expect(status).toBe(2);
    expect(stderr).toMatch(/Expected target to be an integer from 0 to 9 \(.*star.*\), got 10/);
  });

  it('optimizes images for filters of a layer', async () => {
    const { status } = await explain(
      '--method',
      'feature-visualization',
      '--layer',
      'relu',
      '--filters',
      '1',
    );
    expect(status).toBe(0);
    expect(existsSync(join(out, 'optimized_relu.svg'))).toBe(true);
  });

  it('optimizes images of classes by a score, a number of steps and a recipe', async () => {
    const method = ['--method', 'feature-visualization', '--classes', 'star,ring'];
    const missed = await explain(...method, '--score', 'logit', '--steps', '1', '--recipe', 'cifar10');
    expect(missed.status).toBe(0);
    expect(missed.stdout).toMatch(
      /\n0 of 2 images reach their class\. .*: star \d.*Try the score margin in place of logit, more steps than 1, or another recipe than cifar10\.\n/,
    );
    const refused = await explain(...method, '--score', 'odds');
    expect([refused.status, refused.stderr]).toEqual([
      2,
      expect.stringContaining('Allowed choices are logit, margin, probability'),
    ]);
    const other = await explain('--method', 'saliency', '--steps', '3');
    expect([other.status, other.stderr]).toEqual([
      2,
      expect.stringContaining('Expected no steps: it does not apply to saliency'),
    ]);
  });

  it('prints a table and its conclusion', async () => {
    const { status, stdout } = await explain('--method', 'diagnose-input');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^preprocessing +channels +axes +accuracy/);
    expect(stdout).toMatch(/\n(Nothing stands out|Most likely trained on).*\n$/);
  });

  it.each(['sanity-check', 'insertion-deletion'])('compares methods by %s', async (method) => {
    const { status, stdout } = await explain('--method', method, '--index', '4');
    expect(status).toBe(0);
    expect(stdout).toMatch('grad-cam');
    expect(existsSync(join(out, `${method.replace('-', '_')}.png`))).toBe(true);
  });
});
