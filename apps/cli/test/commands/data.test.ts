import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { svgToPng } from '@convlens/svg-to-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith } from '../../../../test/support/requirements.js';
import { convlens, filesIn } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-data-'));
const at = (...names: string[]) => join(folder, ...names);
afterAll(() => rmSync(folder, { recursive: true }));

const events = (stdout: string) => stdout.trim().split('\n').map((line) => JSON.parse(line)); // prettier-ignore
const square = (color: string) =>
  svgToPng(`<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8" fill="${color}"/></svg>`); // prettier-ignore

/** MNIST in its official lengths, plain, with image i of label i modulo 10. */
function writeDigits(target: string): void {
  mkdirSync(target, { recursive: true });
  for (const [prefix, count] of [
    ['train', 60_000],
    ['t10k', 10_000],
  ] as const) {
    const images = Buffer.alloc(16 + count * 784, 51);
    const labels = Buffer.alloc(8 + count);
    images.set([0, 0, 8, 3]);
    labels.set([0, 0, 8, 1]);
    [count, 28, 28].forEach((size, i) => images.writeUInt32BE(size, 4 + 4 * i));
    labels.writeUInt32BE(count, 4);
    for (let i = 0; i < count; i++) labels[8 + i] = i % 10;
    writeFileSync(join(target, `${prefix}-images-idx3-ubyte`), images);
    writeFileSync(join(target, `${prefix}-labels-idx1-ubyte`), labels);
  }
}

describe('convlens data', () => {
  it('copies files from another folder, describes them, and renders a contact sheet', async () => {
    writeDigits(at('elsewhere/mnist'));
    const options = [
      '--copy-from',
      at('elsewhere'),
      '--data-dir',
      at('data'),
      '--out',
      at('sheet'),
      '--json',
    ];
    const { status, stdout, stderr } = await convlens('data', 'mnist', ...options);
    expect([status, stderr]).toEqual([0, '']);
    const [train, test, copy, files, figures] = events(stdout);
    expect(train).toMatchObject({ event: 'data', name: 'MNIST train', count: 60_000, channels: 1 });
    expect(train.counts).toEqual(new Array(10).fill(6000));
    expect([train.mean[0], train.std[0]]).toEqual([expect.closeTo(0.2, 12), expect.closeTo(0, 12)]);
    expect(test.count).toBe(10_000);
    expect(copy).toMatchObject({ event: 'copy', to: at('data'), copied: 4 });
    expect(files.bytes).toBe(2 * 24 + 70_000 * 785);
    expect(filesIn(at('data'))).toEqual(
      ['t10k-images-idx3', 't10k-labels-idx1', 'train-images-idx3', 'train-labels-idx1'].map((name) => `mnist/${name}-ubyte`), // prettier-ignore
    );
    expect(figures.paths.map((path: string) => existsSync(path))).toEqual([true, true]);
    expect(readFileSync(at('sheet/contact_sheet.svg'), 'utf8')).toContain('<svg');
    const again = await convlens(
      'data',
      'mnist',
      '--data-dir',
      at('data'),
      '--offline',
      '--out',
      at('sheet'),
    );
    expect(again.stdout).toContain('MNIST train: 60000 images of 28 x 28 x 1');
    expect(again.stdout).toMatch(/MiB in .*length and labels are valid/s);
  });

  it('copies nothing twice, and refuses to replace other files', async () => {
    const copy = () =>
      convlens(
        'data',
        'mnist',
        '--copy-from',
        at('elsewhere'),
        '--data-dir',
        at('copy'),
        '--out',
        at('sheet'),
      );
    const labels = at('copy/mnist/t10k-labels-idx1-ubyte');
    const counts = [];
    mkdirSync(at('copy/mnist'), { recursive: true });
    writeFileSync(labels, 'mine');
    const refused = await copy();
    expect([refused.status, refused.stderr]).toEqual([
      2,
      expect.stringContaining(`found ${labels}, which was not written by convlens: move it away`),
    ]);
    expect(readFileSync(labels, 'utf8')).toBe('mine');
    rmSync(labels);
    for (let time = 0; time < 2; time++) counts.push(/copied (\d) files/.exec((await copy()).stdout)?.[1]);
    expect(counts).toEqual([expect.stringMatching(/[1-4]/), '0']);
    expect(filesIn(at('copy'))).toHaveLength(4);
  });

  it("describes a folder of the user's images, and trains on it", async () => {
    for (const [name, color] of [
      ['red', '#d00'],
      ['blue', '#00d'],
    ]) {
      mkdirSync(at('flowers', name), { recursive: true });
      for (let i = 0; i < 20; i++) writeFileSync(at('flowers', name, `${i}.png`), await square(color));
    }
    const { status, stdout } = await convlens('data', at('flowers'), '--out', at('sheet'));
    expect(status).toBe(0);
    expect(stdout).toContain('flowers train: 32 images of 16 x 16 x 3\n  classes  blue 16, red 16');
    expect(stdout).toMatch(/0\.0 MiB in .*flowers: 40 images/);
    const inside = await convlens('data', at('flowers'), '--out', at('flowers/sheet'));
    expect([inside.status, inside.stderr]).toEqual([2, expect.stringContaining('Expected --out outside of')]);
    const train = await convlens('train', '--data', at('flowers'), '--model', 'shapes-3conv', '--epochs', '1', '--backend', 'simd', '--size', '16', '--fit', 'pad', '--background', '#fff', '--out', at('run')); // prettier-ignore
    expect([train.status, train.stderr]).toEqual([0, '']);
    expect(train.stdout).toContain('images of 16 x 16 (--size), pad (--fit)');
    const { settings } = JSON.parse(readFileSync(at('run/run.json'), 'utf8'));
    expect(settings).toMatchObject({
      size: { height: 16, width: 16 },
      fit: 'pad',
      background: [255, 255, 255],
    });
    const refused = await convlens('data', 'shapes', '--size', '16');
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('only for a folder')]);
    const evaluated = await convlens('evaluate', at('run'), '--data', at('flowers'), '--backend', 'simd');
    expect(evaluated.stdout).toMatch(/flowers test: accuracy .* on 8 images/);
    const remembered = await convlens('evaluate', at('run'), '--backend', 'simd');
    expect(remembered.stdout).toContain(
      evaluated.stdout.split('\n').find((line) => line.includes('on 8 images')),
    );
  }, 60_000);

  it('says how a folder was understood, and validates the images of its val/', async () => {
    for (const [split, count] of [
      ['training_set', 12],
      ['val', 3],
      ['test_set', 4],
    ] as const)
      for (const [name, color] of Object.entries({ red: '#d00', blue: '#00d' })) {
        mkdirSync(at('pets', split, name), { recursive: true });
        for (let i = 0; i < count; i++)
          writeFileSync(at('pets', split, name, `${i}.png`), await square(color));
      }
    writeFileSync(at('pets/training_set/red/Thumbs.db'), 'x');
    const layout = [
      `${at('pets')}`,
      '  2 classes by their folders: blue, red',
      '  training: 24 images (12, 12)',
      '  validation: 6 images (3, 3)',
      '  test: 8 images (4, 4)',
      '  not read: 1 file, hidden files and files of the system, such as training_set/red/Thumbs.db',
    ].join('\n');
    const { status, stdout } = await convlens('data', at('pets'), '--out', at('pets-sheet'));
    expect([status, stdout.split(layout).length]).toEqual([0, 2]);
    const train = [
      'train',
      '--data',
      at('pets'),
      '--model',
      'shapes-3conv',
      '--epochs',
      '1',
      '--backend',
      'simd',
    ];
    const trained = await convlens(...train, '--out', at('pets-run'));
    expect([trained.status, trained.stdout]).toEqual([
      0,
      expect.stringContaining('; validation: 6 images of its own\n'),
    ]);
    const { settings } = JSON.parse(readFileSync(at('pets-run/run.json'), 'utf8'));
    expect(settings.validation).toBe('separate');
    const again = await convlens(...train, '--epochs', '2', '--resume-or-start', '--out', at('pets-run'));
    expect([again.status, again.stderr]).toEqual([0, '']);
    const chosen = await convlens(...train, '--validation', 'stratified:0.25', '--out', at('pets-chosen'));
    expect(chosen.stdout).toContain('; validation: stratified:0.25 of 24 images\n');
  }, 60_000);

  it('takes one URL per --mirror, before or after the name', async () => {
    const mirrors = ['--mirror', 'ftp://one', '--mirror', 'http://two'];
    const { status, stderr } = await convlens('data', ...mirrors, 'mnist', '--data-dir', at('empty'));
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('such as https://host/folder, got "ftp://one"'),
    ]);
  });

  it('shows one image per class of many classes', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `class-${String(i).padStart(2, '0')}`);
    for (const name of names) {
      mkdirSync(at('many', name), { recursive: true });
      for (let i = 0; i < 2; i++) writeFileSync(at('many', name, `${i}.png`), await square('#d00'));
    }
    const { stdout } = await convlens('data', at('many'), '--out', at('sheet'));
    expect(stdout).toMatch(/classes {2}class-00 \d, .*,\n {11}class-/);
    const sheet = readFileSync(at('sheet/contact_sheet.svg'), 'utf8');
    expect(sheet).toContain('First image of each class (number of images): many train');
    expect(names.filter((name) => !sheet.includes(name))).toEqual([]);
  });

  it.each([
    ['svhn', /Expected train_32x32\.mat of SVHN in .*empty.*put the official files there \(http/],
    ['cifar100', /train\.bin of CIFAR-100.*unpack the official cifar-100-binary\.tar\.gz/],
    [
      'imagenet',
      /one of shapes, cifar10, cifar100, mnist, fashion-mnist, svhn.*, got "imagenet"; a folder of your own/,
    ],
    [
      './nothing',
      /Expected image files \(PNG, JPEG, WebP, GIF or BMP\) in .*nothing, in one folder per class, found no file/,
    ],
  ])('names the missing files of %s, and how to get them', async (name, message) => {
    const { status, stderr } = await convlens('data', name, '--offline', '--data-dir', at('empty'));
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(existsSync(at('empty'))).toBe(false);
  });
});

const real = join(process.env.CONVLENS_DATA_DIR ?? '', 'mnist');
const describeWithData = describeWith({
  name: 'data',
  isPresent: Boolean(process.env.CONVLENS_DATA_DIR) && existsSync(real),
  absence: 'CONVLENS_DATA_DIR names no folder with the real MNIST',
});

describeWithData('convlens data with a mirror', () => {
  const server = createServer((request, response) => {
    const path = join(real, request.url!.split('/').pop()!);
    if (!existsSync(path)) return response.writeHead(404).end();
    return response.end(readFileSync(path));
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => void server.close());

  it('downloads missing files once', async () => {
    const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sets`;
    const options = ['--data-dir', at('downloaded'), '--mirror', mirror, '--out', at('sheet'), '--json'];
    const { status, stdout, stderr } = await convlens('data', 'mnist', ...options);
    expect([status, stderr]).toEqual([0, '']);
    const downloads = events(stdout).filter(({ event }) => event === 'download');
    expect(downloads.map(({ url }) => url.slice(0, mirror.length))).toEqual(new Array(4).fill(mirror));
    const [{ files }] = events(stdout).filter(({ event }) => event === 'files');
    expect(files.map(({ verified }: { verified: boolean }) => verified)).toEqual([true, true, true, true]);
    const again = await convlens('data', 'mnist', ...options);
    expect(again.stdout).not.toContain('"download"');
  });
});
