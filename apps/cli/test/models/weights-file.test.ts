import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadModel } from '@convlens/models';
import { folderStore } from '@convlens/storage/node';
import { encode } from 'fast-png';
import { afterAll, describe, expect, it } from 'vitest';
import { joinSafetensors } from '../../../../packages/model-import/test/pytorch/join-safetensors.js';
import { smallDistance } from '../../../../packages/model-import/test/small.js';
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

  /** As the module above, but it does not say the sizes. */
  const unsized = written(
    'unsized.mjs',
    `export default ({ tf: { layers: l, sequential }, inputShape, classes }) =>
  sequential({ layers: [
    l.conv2d({ name: 'conv', filters: 2, kernelSize: 3, inputShape }),
    l.flatten(),
    l.dense({ name: 'fc', units: classes }),
  ] });`,
  );

  /** A folder of images of three classes. */
  const images = join(folder, 'images');
  for (const [k, name] of ['cat', 'dog', 'owl'].entries()) {
    mkdirSync(join(images, name), { recursive: true });
    for (let i = 0; i < 6; i++) {
      const data = Uint8Array.from({ length: 32 * 32 * 3 }, (_, n) => (n * (k + 2) + i * 40) % 256);
      writeFileSync(join(images, name, `${i}.png`), encode({ width: 32, height: 32, channels: 3, data }));
    }
  }

  /** Its weights for images of these sizes, as safetensors. */
  function unsizedWeights(name: string, [height, width, channels, classes]: readonly number[]): string {
    const shapes = {
      'conv.weight': [2, channels, 3, 3],
      'conv.bias': [2],
      'fc.weight': [classes, 2 * (height - 2) * (width - 2)],
      'fc.bias': [classes],
    };
    const header: Record<string, object> = {};
    let offset = 0;
    for (const [tensor, shape] of Object.entries(shapes)) {
      const bytes = 4 * shape.reduce((product, size) => product * size, 1);
      header[tensor] = { dtype: 'F32', shape, data_offsets: [offset, (offset += bytes)] };
    }
    const values = Float32Array.from({ length: offset / 4 }, (_, i) => Math.sin(i) / 10);
    const path = join(folder, name);
    writeFileSync(path, joinSafetensors(header, new Uint8Array(values.buffer)));
    return path;
  }

  it.each([
    ['evaluate', ['--data', images, '--pixels', '0..1']],
    [
      'explain',
      [
        '--data',
        images,
        '--pixels',
        '0..1',
        '--method',
        'grad-cam',
        '--index',
        '0',
        '--out',
        join(folder, 'maps'),
      ],
    ],
    ['import', ['--diagnose', images, '--out', join(folder, 'sized')]],
  ])('%s takes inputShape and classes of a module from the data', async (command, args) => {
    const weights = unsizedWeights('three.safetensors', [32, 32, 3, 3]);
    const options = ['--architecture', unsized, ...args, '--backend', 'simd'];
    const { status, stdout, stderr } = await convlens(command, weights, ...options);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/fc\.weight +fc +kernel +axes 1, 0; inputs reordered/);
  });

  it('says what to type for a module without sizes, and what does not fit the data', async () => {
    const weights = unsizedWeights('three.safetensors', [32, 32, 3, 3]);
    const { status, stderr } = await layers(weights, '--architecture', unsized);
    expect(status).toBe(2);
    expect(stderr).toMatch(/Give them defaults in the module, such as \(\{ tf, inputShape = \[32, 32, 3\]/);
    const others = unsizedWeights('others.safetensors', [28, 28, 1, 3]);
    const options = ['--architecture', unsized, '--data', images, '--backend', 'cpu'];
    const result = await convlens('evaluate', others, ...options);
    expect(result.status).toBe(2);
    expect(result.stderr).toMatch(
      /conv\.weight to fit kernel of layer "conv", 3 x 3 x 3 x 2, got 2 x 1 x 3 x 3/,
    );
  });

  it.each(['weights-only.weights.h5', 'weights-only-keras2.h5'])(
    'imports %s as a model folder',
    async (name) => {
      const out = join(folder, `${name}-model`);
      const args = ['--architecture', fixture('small/architecture.json'), '--out', out];
      const { status, stdout, stderr } = await convlens('import', fixture(`small/${name}`), ...args);
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toContain(`model folder: ${out}`);
      const { model } = await loadModel(folderStore(out));
      expect(smallDistance(model)).toBeLessThan(1e-6);
      model.dispose();
    },
  );

  it.each([
    ['weights-only.weights.h5', /found weights only/],
    ['weights-only-keras2.h5', /weights only/],
    ['../torch/zip.pth', /holds weights only: add --architecture/],
  ])('import refuses %s without an architecture', async (name, message) => {
    const { status, stderr } = await convlens(
      'import',
      fixture(`small/${name}`),
      '--out',
      join(folder, 'no'),
    );
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});
