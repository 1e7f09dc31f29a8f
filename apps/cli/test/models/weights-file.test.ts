import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { tfjsFolder } from '../../../../test/support/tfjs/tfjs-folders.js';
import { convlens } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-weights-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fixture = (name: string) =>
  fileURLToPath(new URL(`../../../../packages/model-import/test/fixtures/${name}`, import.meta.url));

const layers = (file: string, ...args: string[]) => convlens('layers', file, ...args, '--backend', 'cpu');

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The network of the PyTorch fixtures, its layers with other names. */
const module = (names: readonly string[]) =>
  written(
    `${names.join('-')}.mjs`,
    `export default ({ tf: { layers: l, sequential } }) =>
  sequential({ layers: [
    l.conv2d({ name: '${names[0]}', filters: 3, kernelSize: 3, padding: 'same', inputShape: [6, 8, 2] }),
    l.batchNormalization({ name: '${names[1]}' }),
    l.reLU({}),
    l.conv2d({ name: '${names[2]}', filters: 4, kernelSize: 3, activation: 'relu' }),
    l.maxPooling2d({ poolSize: 2 }),
    l.flatten(),
    l.dense({ name: '${names[3]}', units: 5, activation: 'relu' }),
    l.dense({ name: '${names[4]}', units: 3 }),
  ] });`,
  );

const tfjsDir = (name: string) => {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  for (const [file, bytes] of Object.entries(tfjsFolder(name))) writeFileSync(join(path, file), bytes);
  return path;
};

describe('convlens with weights and an architecture', () => {
  it.each(['weights-only.weights.h5', 'weights-only-keras2.h5'])('opens %s with model.json', async (name) => {
    const result = await layers(
      fixture(`small/${name}`),
      '--architecture',
      fixture('small/architecture.json'),
    );
    expect([result.status, result.stderr]).toEqual([0, '']);
    expect(result.stdout).toMatch(/conv2d +Conv2D/);
  });

  it('refuses weights of Keras without one, with what to type', async () => {
    const { status, stderr } = await layers(fixture('small/weights-only.weights.h5'));
    expect(status).toBe(2);
    expect(stderr).toMatch(/found weights only \(.*--architecture model\.json/);
  });

  it.each(['zip.pth', 'old.pt', 'checkpoint.pth'])('opens %s by the names of the layers', async (name) => {
    const { status, stdout, stderr } = await layers(
      fixture(`torch/${name}`),
      '--architecture',
      module(['conv1', 'bn1', 'conv2', 'fc1', 'fc2']),
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/fc1\.weight +fc1 +kernel +axes 1, 0; inputs reordered from/);
    expect(stderr).toContain('Not used, because they only count batches: bn1.num_batches_tracked');
    expect(stderr).toContain('has the epsilon 0.001; that of PyTorch is 0.00001');
  });

  it('opens one by order, and says so', async () => {
    const { status, stdout, stderr } = await layers(
      fixture('torch/zip.pth'),
      '--architecture',
      module(['a', 'b', 'c', 'd', 'e']),
    );
    expect(status).toBe(0);
    expect(stderr).toContain('the tensors were assigned by their order');
    expect(stdout).toMatch(/conv2\.weight +c +kernel/);
  });

  it.each([
    ['without one', [], /holds weights only: add --architecture model\.json, a model folder, a module/],
    [
      'with a network of other sizes',
      ['--architecture', 'mnist-small'],
      /; by their order: Expected a layer of/,
    ],
    [
      'with one that does not exist',
      ['--architecture', 'nosuch'],
      /Expected --architecture to be model\.json/,
    ],
  ])('refuses PyTorch weights %s', async (_, args, message) => {
    const { status, stderr } = await layers(fixture('torch/zip.pth'), ...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });

  it.each(['keras2', 'keras2-prefixed', 'keras3', 'keras3-prefixed'])(
    'opens a folder of the converter of TensorFlow.js: %s, also by its model.json',
    async (name) => {
      const path = tfjsDir(name);
      const results = [await layers(path), await layers(join(path, 'model.json'))];
      for (const { status, stdout, stderr } of results) {
        expect([status, stderr]).toEqual([0, '']);
        expect(stdout).toMatch(/conv +Conv2D/);
      }
    },
  );

  it.each([
    ['photo.webp', 'RIFF....WEBPVP8 ', /, got .*photo\.webp, a WebP image$/],
    ['page.html', '<!doctype html>', /, got .*page\.html, an HTML page/],
    ['config.json', '{"class_name": 1}', /, got .*config\.json, JSON text$/],
    ['notes', 'hello', /, got .*notes, a file that begins with 68 65 6c 6c$/],
    ['empty.bin', '', /, got .*empty\.bin, an empty file$/],
  ])('calls a file that is no model what it is: %s', async (name, text, message) => {
    const { status, stderr } = await layers(written(name, text));
    expect(status).toBe(2);
    expect(stderr.trim()).toMatch(message);
  });

  it('refuses --architecture for a model folder', async () => {
    const args = ['--architecture', 'mnist-small'];
    const { status, stderr } = await layers(tfjsDir('keras2'), ...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(/Expected --architecture only for a file with weights only/);
  });
});
