import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { findEntry } from '@convlens/core';
import { MODEL_CARDS } from '@convlens/pretrained';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convlens, filesIn } from '../convlens.js';

const NAME = 'mnist-5x5';
const real = process.env.CONVLENS_DATA_DIR ?? '';
const folder = mkdtempSync(join(tmpdir(), 'convlens-pretrained-'));
const at = (...names: string[]) => join(folder, ...names);
const home = process.cwd();

/** A PNG (ISO 15948) of a function from row and column to red, green and blue. */
function png(size: number, colorAt: (row: number, column: number) => number[]): Uint8Array {
  const rows = Array.from({ length: size }, (_, row) => [
    0,
    ...Array.from({ length: size }, (_, column) => colorAt(row, column)).flat(),
  ]);
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 2], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(Uint8Array.from(rows.flat()));
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

/** A yellow stroke and a yellow ring on black: the digits 1 and 0, 140 x 140. */
const stroke = png(140, (row, column) =>
  Math.abs(column - 70) < 8 && Math.abs(row - 70) < 48 ? [255, 255, 180] : [0, 0, 0],
);
const ring = png(140, (row, column) =>
  Math.abs(Math.hypot((row - 70) / 1.25, column - 70) - 34) < 7 ? [255, 255, 180] : [0, 0, 0],
);

beforeAll(() => {
  // A machine without data sets and without a network.
  process.env.CONVLENS_OFFLINE = '1';
  process.env.CONVLENS_DATA_DIR = at('data');
  mkdirSync(at('work'));
  process.chdir(at('work'));
  writeFileSync(at('one.png'), stroke);
  writeFileSync(at('zero.png'), ring);
});
afterAll(() => {
  process.env.CONVLENS_DATA_DIR = real;
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

const runPretrained = (...flags: string[]) =>
  convlens('run', '--pretrained', NAME, '--backend', 'simd', '--detail', 'brief', ...flags);

describe('convlens run --pretrained', () => {
  it('reports on generated shapes without the data set, and says how to download it', async () => {
    const { status, stdout, stderr } = await runPretrained();
    expect(stderr).toContain('convlens data mnist');
    expect(status).toBe(0);
    const run = at('work', 'runs', `${NAME}-1`);
    expect(stdout).toContain(findEntry('model', NAME, MODEL_CARDS).title);
    expect(stdout).toContain(join(run, 'report.html'));
    const files = filesIn(run);
    for (const name of [
      'model/model.json',
      'run.json',
      'report.html',
      'figures/images.png',
      'figures/conv1_filter_kernels.svg',
    ])
      expect(files).toContain(name);
    expect(files.filter((name) => /checkpoint/.test(name))).toEqual([]);
  }, 60_000);

  it("reports on the user's images, resized and converted to gray, and prints the predictions", async () => {
    const { status, stdout } = await runPretrained(
      '--image',
      at('one.png'),
      at('zero.png'),
      '--out',
      at('images'),
      '--json',
    );
    expect(status).toBe(0);
    const events = stdout.trim().split('\n').map((line) => JSON.parse(line)); // prettier-ignore
    const predictions = events.filter(({ event }) => event === 'prediction');
    expect(predictions.map(({ image, predicted }) => [image, predicted])).toEqual([
      ['one', '1'],
      ['zero', '0'],
    ]);
    expect(existsSync(at('images', 'figures', 'grad_cam_one.png'))).toBe(true);
    const html = readFileSync(at('images', 'report.html'), 'utf8');
    expect(html).toContain('Predictions of mnist-5x5 for 2 images');
    expect(html).not.toContain(folder);
    expect(html).not.toMatch(/(src|href)="https?:/);
  }, 60_000);

  it('distinguishes images of one name, and shortens names for file names', async () => {
    const long = 'ö'.repeat(120);
    mkdirSync(at('more'));
    for (const name of ['one.png', `${long}.png`, `a <b> (2).png`]) writeFileSync(at('more', name), stroke);
    const files = [
      at('one.png'),
      at('more', 'one.png'),
      at('more', `${long}.png`),
      at('more', 'a <b> (2).png'),
    ];
    const { status, stdout } = await runPretrained('--image', ...files, '--out', at('names'));
    expect(status).toBe(0);
    const titles = ['one', 'one (2)', `${long.slice(0, 40)}…`, 'a <b> (2)'];
    for (const title of titles) expect(stdout).toContain(`\n${title}: 1 (`);
    const figures = filesIn(at('names', 'figures')).filter((name) => /^grad_cam_.*png$/.test(name));
    expect(figures).toHaveLength(4);
    expect(readFileSync(at('names', 'report.html'), 'utf8')).not.toContain('a <b>');
  }, 60_000);

  it('writes a run folder that other commands take', async () => {
    const { status, stdout } = await convlens('layers', at('images'), '--backend', 'simd');
    expect(status).toBe(0);
    expect(stdout).toContain('58,026 parameters');
    const again = await runPretrained('--image', at('one.png'), '--out', at('images'));
    expect(again).toMatchObject({ status: 0, stderr: '' });
    const other = await convlens('run', '--pretrained', 'mnist-small', '--backend', 'simd', '--out', at('images')); // prettier-ignore
    expect(other).toMatchObject({ status: 2, stderr: expect.stringContaining('found a run in') });
  });
});

describe('pretrained:NAME', () => {
  it('is a MODEL of layers and compare', async () => {
    const { stdout } = await convlens('layers', `pretrained:${NAME}`, '--backend', 'simd');
    expect(stdout).toMatch(/conv2 +Conv2D +8 x 8 x 32 +51,232/);
    const compared = await convlens('compare', `pretrained:${NAME}`, at('images'));
    expect(compared.stdout).toMatch(/98\.80%.*\n.*98\.80%/);
    expect(compared.status).toBe(0);
  });

  it('is explained on images of the user', async () => {
    const command = ['explain', `pretrained:${NAME}`, '--method', 'saliency', '--backend', 'simd'];
    const { status, stdout } = await convlens(...command, '--image', at('one.png'), at('zero.png'));
    expect(status).toBe(0);
    const figures = at('work', 'runs', NAME, 'figures', 'images');
    expect(stdout.trim().split('\n')).toEqual(
      ['saliency_0.png', 'saliency_1.png'].map((name) => join(figures, name)),
    );
    const one = await convlens(...command, '--image', at('zero.png'), '--target', '0', '--out', at('one'));
    expect(one).toMatchObject({ status: 0, stdout: `${at('one', 'saliency_0.png')}\n` });
  });

  it('is listed with its title', async () => {
    const { stdout } = await convlens('list', 'pretrained');
    expect(stdout.trim().split('\n')).toEqual(
      MODEL_CARDS.map(({ id, title }) => expect.stringMatching(`^${id} +${title}$`)),
    );
  });
});

describe('bad input ends with exit status 2 and a helpful message, and leaves no files', () => {
  beforeAll(() => {
    mkdirSync(at('damaged', 'mnist'), { recursive: true });
    for (const name of ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'])
      writeFileSync(at('damaged', 'mnist', `${name}-ubyte.gz`), 'broken');
    writeFileSync(at('notes.txt'), 'no image');
    writeFileSync(at('cut.png'), stroke.subarray(0, 300));
  });

  const run = (...flags: string[]) => [
    'run',
    '--pretrained',
    NAME,
    '--backend',
    'simd',
    '--out',
    at('out'),
    ...flags,
  ];
  const source = `pretrained:${NAME}`;
  it.each<[string, string[], RegExp]>([
    [
      'an unknown model',
      ['run', '--pretrained', 'cifar10-bn', '--out', at('out')],
      /one of .*mnist-5x5.*got "cifar10-bn"/,
    ],
    [
      'an unknown pretrained source',
      ['evaluate', 'pretrained:vgg', '--backend', 'simd'],
      /one of .*mnist-5x5.*got "vgg"/,
    ],
    ['an unknown model to report on', ['report', 'pretrained:vgg', '--backend', 'simd'], /got "vgg"/],
    [
      'an option of training',
      run('--epochs', '3'),
      /--epochs does not apply with --pretrained, which does not train/,
    ],
    ['a missing image', run('--image', at('none.png')), /--image.*none\.png", which does not exist/],
    [
      'a folder in place of an image',
      run('--image', at('work')),
      /--image.*work" to be a regular file, got a folder/,
    ],
    [
      'a file that is not an image',
      run('--image', at('one.png'), at('notes.txt')),
      /notes\.txt: expected a PNG, JPEG, WebP, GIF or BMP/,
    ],
    ['half an image', run('--image', at('cut.png')), /cut\.png: expected/],
    ['a data folder without the data', run('--data-dir', at('nothing')), /found no such file/],
    ['damaged data', run('--data-dir', at('damaged')), /mnist\/train-images-idx3-ubyte\.gz/],
    [
      'images for a training run',
      ['run', '--image', at('one.png'), '--out', at('out')],
      /Expected --pretrained NAME with --image/,
    ],
    [
      'images and a data set',
      ['explain', source, '--method', 'saliency', '--image', at('one.png'), '--data', 'shapes'],
      /got both/,
    ],
    ['missing data', ['evaluate', source, '--backend', 'simd'], /t10k-images.*found no such file/s],
    [
      'a report without the data',
      ['report', source, '--backend', 'simd', '--data-dir', at('nothing')],
      /train-images.*found no such file/s,
    ],
    [
      'images without labels for a method that needs them',
      ['explain', source, '--method', 'mistakes', '--image', at('one.png'), '--backend', 'simd'],
      /Expected images with labels, got "one\.png" without any/,
    ],
  ])('%s', async (_, args, message) => {
    const before = filesIn(folder);
    const { status, stderr } = await convlens(...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
    expect(filesIn(folder)).toEqual(before);
  });
});
