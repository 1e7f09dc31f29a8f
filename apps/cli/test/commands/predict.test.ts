import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UNIT_RANGE } from '@convlens/core';
import { generateShapes } from '@convlens/image-set/shapes';
import { saveModel } from '@convlens/models';
import { folderStore } from '@convlens/storage/node';
import * as tf from '@tensorflow/tfjs';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convlens, filesIn } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-predict-'));
const modelFolder = join(folder, 'model');
const GAIN = 3;
/** The class names of the shapes; the first three are scored by the mean of red, green and blue. */
const { classNames } = generateShapes({ count: 1, seed: 0 });

/** The probabilities of an image of one color, in closed form: a softmax of logits in proportion to the color. */
function expectedProbabilities(color: readonly number[]): number[] {
  const exponentials = classNames.map((_, c) => (c < 3 ? Math.exp((GAIN * color[c]) / 255) : 1));
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  return exponentials.map((value) => value / total);
}

function writeImage(name: string, color: readonly number[]): string {
  const path = join(folder, name);
  const data = Uint8Array.from({ length: 40 * 40 * 3 }, (_, i) => color[i % 3]);
  writeFileSync(path, encode({ width: 40, height: 40, channels: 3, data }));
  return path;
}

const red = writeImage('red.png', [255, 0, 0]);
const teal = writeImage('teal.png', [0, 204, 153]);

beforeAll(async () => {
  await tf.setBackend('cpu');
  const model = tf.sequential({
    layers: [
      tf.layers.globalAveragePooling2d({ inputShape: [32, 32, 3] }),
      tf.layers.dense({ units: 10, useBias: false, activation: 'softmax' }),
    ],
  });
  tf.tidy(() => model.layers[1].setWeights([tf.mul(tf.eye(3, 10), GAIN)]));
  await saveModel(model, folderStore(modelFolder), { preprocessing: UNIT_RANGE, classNames });
  model.dispose();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const predict = (...flags: string[]) => convlens('predict', modelFolder, '--backend', 'cpu', ...flags);

/** The predictions that `--json` prints. */
async function predictionsOf(...flags: string[]) {
  const { stdout, stderr, status } = await predict(...flags, '--json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return events.find(({ event }) => event === 'predictions');
}

describe('convlens predict', () => {
  it('prints class, probability and the most probable classes of images of files', async () => {
    const { stdout, status } = await predict('--image', red, teal, '--top', '2');
    expect(status).toBe(0);
    const percent = (color: readonly number[], c: number) =>
      `${classNames[c]} ${(100 * expectedProbabilities(color)[c]).toFixed(2)}%`;
    const rows = stdout.trim().split('\n').slice(-2);
    expect(rows[0]).toMatch(/^red /);
    expect(rows[0]).toContain(percent([255, 0, 0], 0));
    expect(rows[1]).toContain(`${percent([0, 204, 153], 1)}, ${percent([0, 204, 153], 2)}`);
    expect(stdout).not.toContain('true class');
  });

  it('gives numbers as numbers, and the true class of test images, with --json', async () => {
    const { predictions } = await predictionsOf('--image', red);
    const expected = expectedProbabilities([255, 0, 0]);
    expect(predictions).toHaveLength(1);
    expect(predictions[0]).toMatchObject({ index: 0, name: 'red', predicted: classNames[0] });
    predictions[0].probabilities.forEach((p: number, c: number) => expect(p).toBeCloseTo(expected[c], 6));
    expect(predictions[0].top).toHaveLength(5);
    expect(predictions[0]).not.toHaveProperty('label');

    const ofData = await predictionsOf('--data', 'shapes', '--index', '15,20');
    const { labels } = generateShapes({ count: 21, split: 'test' });
    expect(
      ofData.predictions.map(({ index, label }: { index: number; label: string }) => [index, label]),
    ).toEqual([
      [15, classNames[labels![15]]],
      [20, classNames[labels![20]]],
    ]);
  });

  it('predicts the nth test image of each class', async () => {
    const { predictions } = await predictionsOf('--data', 'shapes', '--classes', 'star,ring', '--nth', '2');
    expect(predictions.map(({ label }: { label: string }) => label)).toEqual(['star', 'ring']);
  });

  it('writes the images with their predictions, and their probabilities, into the folder of --out', async () => {
    const out = join(folder, 'figures');
    const { status, stdout } = await predict('--image', red, teal, '--out', out);
    expect(status).toBe(0);
    expect(stdout).toContain(join(out, 'predictions.png'));
    expect(filesIn(out)).toEqual(
      ['predictions', 'probabilities_red', 'probabilities_teal'].flatMap((name) => [
        `${name}.png`,
        `${name}.svg`,
      ]),
    );
  });

  it.each([
    [['--image', red, '--index', '1'], '--index or --image, got both'],
    [['--image', red, '--data', 'shapes'], '--data or --image, got both'],
    [['--data', 'shapes', '--index', '1', '--nth', '2'], 'got both'],
    [['--data', 'shapes', '--index', 'x'], 'x'],
    [['--data', 'shapes', '--top', '0'], '--top'],
    [['--data', 'shapes', '--classes', 'gray'], 'gray'],
    [['--image', join(folder, 'missing.png')], 'missing.png", which does not exist'],
  ])('refuses %j with a sentence', async (flags, message) => {
    const { status, stderr } = await predict(...flags);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });

  it.each(['evaluate', 'layers', 'predict', 'report', 'compare'])(
    '%s says that a folder does not exist',
    async (command) => {
      const missing = join(folder, 'missing');
      const { status, stderr } = await convlens(
        command,
        missing,
        ...(command === 'compare' ? [modelFolder] : []),
      );
      expect(status).toBe(2);
      expect(stderr).toContain(
        `Expected a run folder or a model folder, got ${missing}, which does not exist`,
      );
    },
  );
});
