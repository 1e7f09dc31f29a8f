import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { PRETRAINED } from '@convlens/pretrained';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith } from '../../../test/support/requirements.js';
import { convlens, filesIn } from './convlens.js';

const NAME = 'mnist-5x5';
const real = process.env.CONVLENS_DATA_DIR ?? '';
const folder = mkdtempSync(join(tmpdir(), 'convlens-pretrained-'));
const at = (...names: string[]) => join(folder, ...names);
const home = process.cwd();

/** A coloured PNG, by its definition (ISO 15948), of a function of place to red, green and blue. */
function png(size: number, colourAt: (row: number, column: number) => number[]): Uint8Array {
  const rows = Array.from({ length: size }, (_, row) => [
    0,
    ...Array.from({ length: size }, (_, column) => colourAt(row, column)).flat(),
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

/** A yellow ring or stroke on black, as a reader might draw a digit on a canvas of 140 x 140. */
const stroke = png(140, (row, column) =>
  Math.abs(column - 70) < 8 && Math.abs(row - 70) < 48 ? [255, 255, 180] : [0, 0, 0],
);
const ring = png(140, (row, column) =>
  Math.abs(Math.hypot((row - 70) / 1.25, column - 70) - 34) < 7 ? [255, 255, 180] : [0, 0, 0],
);

beforeAll(() => {
  // A machine on which nothing is, and which reaches nothing.
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

const look = (...flags: string[]) =>
  convlens('run', '--pretrained', NAME, '--backend', 'simd', '--detail', 'brief', ...flags);

describe('convlens run --pretrained', () => {
  it('looks inside with drawn shapes where the data set is not, and says how to get it', async () => {
    const { status, stdout, stderr } = await look();
    expect(stderr).toContain('convlens data mnist');
    expect(status).toBe(0);
    const run = at('work', 'runs', `${NAME}-1`);
    expect(stdout).toContain(PRETRAINED[NAME].title);
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

  it("looks at the reader's own images, resized and made grey, and says what they are taken for", async () => {
    const { status, stdout } = await look(
      '--image',
      at('one.png'),
      at('zero.png'),
      '--out',
      at('own'),
      '--json',
    );
    expect(status).toBe(0);
    const events = stdout.trim().split('\n').map((line) => JSON.parse(line)); // prettier-ignore
    const said = events.filter(({ event }) => event === 'prediction');
    expect(said.map(({ image, predicted }) => [image, predicted])).toEqual([
      ['one', '1'],
      ['zero', '0'],
    ]);
    expect(existsSync(at('own', 'figures', 'grad_cam_one.png'))).toBe(true);
    const html = readFileSync(at('own', 'report.html'), 'utf8');
    expect(html).toContain('What mnist-5x5 makes of 2 images');
    expect(html).not.toContain(folder);
    expect(html).not.toMatch(/(src|href)="https?:/);
  }, 60_000);

  it('tells images of one name apart, and takes names that are longer than a file of a figure may be', async () => {
    const long = 'ö'.repeat(120);
    mkdirSync(at('more'));
    for (const name of ['one.png', `${long}.png`, `a <b> (2).png`]) writeFileSync(at('more', name), stroke);
    const files = [
      at('one.png'),
      at('more', 'one.png'),
      at('more', `${long}.png`),
      at('more', 'a <b> (2).png'),
    ];
    const { status, stdout } = await look('--image', ...files, '--out', at('names'));
    expect(status).toBe(0);
    const titles = ['one', 'one (2)', `${long.slice(0, 40)}…`, 'a <b> (2)'];
    for (const title of titles) expect(stdout).toContain(`\n${title}: 1 (`);
    const figures = filesIn(at('names', 'figures')).filter((name) => /^grad_cam_.*png$/.test(name));
    expect(figures).toHaveLength(4);
    expect(readFileSync(at('names', 'report.html'), 'utf8')).not.toContain('a <b>');
  }, 60_000);

  it('leaves a run that every command takes', async () => {
    const { status, stdout } = await convlens('layers', at('own'), '--backend', 'simd');
    expect(status).toBe(0);
    expect(stdout).toContain('58,026 parameters');
    const again = await look('--image', at('one.png'), '--out', at('own'));
    expect(again).toMatchObject({ status: 2, stderr: expect.stringContaining('found a run in') });
  });
});

describe('pretrained:NAME', () => {
  it('stands for the network wherever a model is named', async () => {
    const { stdout } = await convlens('layers', `pretrained:${NAME}`, '--backend', 'simd');
    expect(stdout).toMatch(/conv2 +Conv2D +8 x 8 x 32 +51,232/);
    const compared = await convlens('compare', `pretrained:${NAME}`, at('own'));
    expect(compared.stdout).toMatch(/98\.80%.*\n.*98\.80%/);
    expect(compared.status).toBe(0);
  });

  it('is explained by images of the reader', async () => {
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

  it('is listed with what it is', async () => {
    const { stdout } = await convlens('list', 'pretrained');
    expect(stdout.trim().split('\n')).toEqual(
      Object.entries(PRETRAINED).map(([name, { title }]) => expect.stringMatching(`^${name} +${title}$`)),
    );
  });
});

describe('bad input gets exit status 2, a message that helps, and leaves no files', () => {
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
  const subject = `pretrained:${NAME}`;
  it.each<[string, string[], RegExp]>([
    [
      'an unknown network',
      ['run', '--pretrained', 'cifar10-bn', '--out', at('out')],
      /one of .*mnist-5x5.*got "cifar10-bn"/,
    ],
    [
      'an unknown subject',
      ['evaluate', 'pretrained:vgg', '--backend', 'simd'],
      /one of .*mnist-5x5.*got "vgg"/,
    ],
    ['an unknown network to report on', ['report', 'pretrained:vgg', '--backend', 'simd'], /got "vgg"/],
    ['an option of training', run('--epochs', '3'), /no --epochs with --pretrained, which trains nothing/],
    ['an image that is not there', run('--image', at('none.png')), /--image.*none\.png.*no such file/],
    ['a folder in place of an image', run('--image', at('work')), /--image.*work": EISDIR/],
    [
      'a file that is no image',
      run('--image', at('one.png'), at('notes.txt')),
      /notes\.txt: expected a PNG or a JPEG/,
    ],
    ['half an image', run('--image', at('cut.png')), /cut\.png: expected/],
    ['a data folder without the data', run('--data-dir', at('nothing')), /found no such file/],
    ['data that is damaged', run('--data-dir', at('damaged')), /mnist\/train-images-idx3-ubyte\.gz/],
    [
      'images for a run that trains',
      ['run', '--image', at('one.png'), '--out', at('out')],
      /Expected --pretrained NAME with --image/,
    ],
    [
      'images and a data set',
      ['explain', subject, '--method', 'saliency', '--image', at('one.png'), '--data', 'shapes'],
      /got both/,
    ],
    [
      'data that is not there',
      ['evaluate', subject, '--backend', 'simd'],
      /t10k-images.*found no such file/s,
    ],
    [
      'a report without the data',
      ['report', subject, '--backend', 'simd', '--data-dir', at('nothing')],
      /train-images.*found no such file/s,
    ],
    [
      'images without labels for a method that needs them',
      ['explain', subject, '--method', 'mistakes', '--image', at('one.png'), '--backend', 'simd'],
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

describeWith({
  name: 'data',
  isPresent: real !== '' && existsSync(join(real, 'mnist')),
  absence: 'CONVLENS_DATA_DIR names no folder with the real MNIST',
})('with the real MNIST on the machine', () => {
  it('run --pretrained evaluates and reports as after training', async () => {
    const { status, stdout } = await look('--data-dir', real, '--out', at('real'));
    expect(status).toBe(0);
    expect(stdout).toMatch(/MNIST test: accuracy 98\.\d\d%, loss 0\.0\d+ on 10000 images/);
    expect(filesIn(at('real', 'figures'))).toEqual(
      expect.arrayContaining(['training_curves.png', 'confusion_matrix.png', 'max_activating_filter0.png']),
    );
    expect(readFileSync(at('real', 'report.html'), 'utf8')).toContain('What mnist-5x5 learned');
  }, 120_000);
});
