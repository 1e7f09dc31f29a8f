import '@convlens/tfjs-backend-simd';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluateModel } from '@convlens/activations';
import { UNIT_RANGE, type LabeledImageSet } from '@convlens/core';
import { loadModel, saveModel } from '@convlens/models';
import { folderStore } from '@convlens/storage/node';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pngOf } from '../../../../packages/image-set/test/codecs/png-of.js';
import { convlens } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-sizes-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A folder with the images of two classes of 4 x 4 pixels, each of one color and an alpha. */
const COLORS = { dark: [60, 20, 10, 51], light: [200, 250, 220, 102] };
const data = join(folder, 'data');

/** A model folder without class names, of two classes. */
async function modelFolder(name: string, inputShape: (number | null)[]): Promise<string> {
  const path = join(folder, name);
  const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
  const first =
    inputShape.length === 2
      ? [
          tf.layers.reshape({
            targetShape: [...(inputShape as number[]), 1],
            inputShape: inputShape as number[],
          }),
        ]
      : [];
  const shape = first.length === 0 ? { inputShape: inputShape as number[] } : {};
  const model = tf.sequential({
    layers: [
      ...first,
      tf.layers.conv2d({ name: 'conv', filters: 3, kernelSize: 3, kernelInitializer: seeded(1), ...shape }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: seeded(2) }),
    ],
  });
  await saveModel(model, folderStore(path), { preprocessing: UNIT_RANGE, classNames: ['dark', 'light'] });
  model.dispose();
  return path;
}

const run = (command: string, model: string, ...args: string[]) =>
  convlens(command, model, '--data', data, '--backend', 'simd', ...args);

/** The loss of a model for images of one color each. */
async function lossOf(model: string, side: number, colors: readonly (readonly number[])[]): Promise<number> {
  const channels = colors[0].length;
  const size = side * side * channels;
  const images: LabeledImageSet = {
    kind: 'image-set',
    name: 'colors',
    pixels: Uint8Array.from({ length: 2 * size }, (_, i) => colors[Math.floor(i / size)][i % channels]),
    labels: Int32Array.of(0, 1),
    count: 2,
    height: side,
    width: side,
    channels,
    classNames: ['dark', 'light'],
  };
  const { model: loaded, preprocessing } = await loadModel(folderStore(model));
  const { loss } = await evaluateModel(loaded, images, { preprocessing });
  loaded.dispose();
  return loss;
}

async function evaluated(model: string, ...args: string[]) {
  const { status, stdout, stderr } = await run('evaluate', model, '--json', ...args);
  expect(status, stderr).toBe(0);
  const { loss, count } = JSON.parse(stdout.trim().split('\n').at(-1)!);
  return { loss, count, stderr };
}

beforeAll(async () => {
  await tf.setBackend('simd');
  for (const [name, color] of Object.entries(COLORS)) {
    mkdirSync(join(data, 'test', name), { recursive: true });
    mkdirSync(join(data, 'train', name), { recursive: true });
    const row = Array.from({ length: 4 }, () => color).flat();
    const png = pngOf({ width: 4, height: 4, colorType: 6, rows: [row, row, row, row] });
    for (const split of ['test', 'train']) writeFileSync(join(data, split, name, 'a.png'), png);
  }
});

describe('convlens evaluate', () => {
  // A fifth and two fifths of the colors, over black or white.
  const OVER_BLACK = [
    [12, 4, 2],
    [80, 100, 88],
  ];
  const OVER_WHITE = [
    [216, 208, 206],
    [233, 253, 241],
  ];

  it('blends transparent images with black, or with --background', async () => {
    const model = await modelFolder('color', [8, 8, 3]);
    const black = await evaluated(model);
    expect(black).toMatchObject({ count: 2, stderr: '' });
    expect(black.loss).toBeCloseTo(await lossOf(model, 8, OVER_BLACK), 6);
    for (const white of ['white', '#ffffff', '#FFFFFF'])
      expect((await evaluated(model, '--background', white)).loss).toBeCloseTo(
        await lossOf(model, 8, OVER_WHITE),
        6,
      );
  });

  it('reads a folder in --size, for a model of any size', async () => {
    const model = await modelFolder('open', [null, null, 3]);
    const { status, stderr } = await run('evaluate', model);
    expect(stderr).toContain('Expected a size (--size, such as 224 or 192x256)');
    expect(status).toBe(2);
    for (const size of ['8', '8x8', '224'])
      expect((await evaluated(model, '--size', size)).loss).toBeCloseTo(
        await lossOf(model, parseInt(size, 10), OVER_BLACK),
        6,
      );
  });

  it('turns color images to gray for inputs of height x width, with a warning', async () => {
    const model = await modelFolder('gray', [8, 8]);
    // 0.299 red + 0.587 green + 0.114 blue.
    const { loss, stderr } = await evaluated(model);
    expect(loss).toBeCloseTo(await lossOf(model, 8, [[6], [93]]), 6);
    expect(stderr).toContain('the color images become gray (luminance), which the model reads');
  });

  it('refuses a size that is not that of the model, and what is no size or color', async () => {
    const model = join(folder, 'color');
    const fails = async (text: string, ...args: string[]) => {
      const { status, stderr } = await run('evaluate', model, ...args);
      expect(stderr).toContain(text);
      expect(status).toBe(2);
    };
    await fails('Expected the size 8 x 8, which the model reads, got 16 x 16', '--size', '16');
    for (const size of ['0', '8x', 'x8', '8x0', '8x8x3', '-8'])
      await fails('Expected --size such as 224, or 192x256 (height x width)', '--size', size);
    for (const color of ['blue', '#ffff', 'ffffff'])
      await fails('Expected --background to be black, white, gray or such as #ffffff', '--background', color);
  });
});

describe('convlens explain', () => {
  it.each(['open', 'gray', 'color'])('explains the images of a folder and of a file: %s', async (name) => {
    const model = join(folder, name);
    const size = name === 'open' ? ['--size', '12'] : [];
    const out = join(folder, 'figures', name);
    for (const method of ['grad-cam', 'feature-maps', 'integrated-gradients'])
      expect(
        await run('explain', model, '--method', method, '--index', '0', '--out', out, ...size),
      ).toMatchObject({ status: 0 });
    const file = join(data, 'test', 'light', 'a.png');
    const explained = await convlens(
      'explain',
      model,
      '--method',
      'saliency',
      '--image',
      file,
      '--out',
      out,
      ...size,
    );
    expect([explained.status, explained.stderr]).toEqual([0, '']);
  });

  it('shows images of the user over --background', async () => {
    const svgOf = async (...args: string[]) => {
      const out = join(folder, 'background', args.join(''));
      const file = join(data, 'test', 'dark', 'a.png');
      const { stdout } = await convlens(
        'explain',
        join(folder, 'color'),
        '--method',
        'saliency',
        '--image',
        file,
        '--out',
        out,
        ...args,
      );
      return readFileSync(stdout.trim().replace(/png$/, 'svg'), 'utf8');
    };
    const black = await svgOf();
    expect(await svgOf('--background', 'black')).toBe(black);
    expect(await svgOf('--background', 'white')).not.toBe(black);
  });
});
