import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomAt } from '@convlens/core';
import { readZip } from '@convlens/formats';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convlens } from '../convlens.js';

/** Networks that Keras wrote, see make-course-networks.py. */
const archive = new URL(
  '../../../../packages/model-import/test/fixtures/course-networks.zip',
  import.meta.url,
);
const files = new Map(readZip(readFileSync(archive), { name: 'the fixture', maxBytes: 2 ** 30 }));
const folder = mkdtempSync(join(tmpdir(), 'convlens-courses-'));
const at = (name: string) => join(folder, name);
const out = at('figures');

/** A color PNG of noise, which is brighter for higher levels. */
function noise(size: number, seed: number, level: number) {
  const random = randomAt(seed, 'course images');
  const data = Uint8Array.from({ length: size * size * 3 }, () => 20 * level + 70 * random());
  return encode({ width: size, height: size, channels: 3, depth: 8, data });
}

/** A folder with two images of each class. */
function imageFolder(name: string, classes: readonly string[]): string {
  for (const [level, className] of classes.entries()) {
    mkdirSync(at(join(name, className)), { recursive: true });
    for (const seed of [1, 2])
      writeFileSync(at(join(name, className, `${seed}.png`)), noise(32, seed, level));
  }
  return at(name);
}

beforeAll(() => {
  for (const [name, bytes] of files) writeFileSync(at(name), bytes);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The layers in a file with what Keras computes, without the number of a call. */
const layersInKeras = (network: string) => {
  const { layers } = JSON.parse(new TextDecoder().decode(files.get(`${network}.json`))) as { layers: object };
  return [...new Set(Object.keys(layers).map((name) => name.replace(/:\d+$/, '')))];
};

const simd = ['--backend', 'simd'];

/** Networks that scale pixels themselves. Of the others it is not known what pixels become. */
const SCALING = /^(transfer-learning|fine-tuning|xception-block|mbconv|convnext)\./;

/** Expects the warning that 0..1 is assumed, for networks of which that is not known, and nothing else. */
function expectPixelWarning(name: string, stderr: string): void {
  const lines = stderr.split('\n').filter((line) => line !== '');
  const warning = [expect.stringMatching(/^The model inputs that pixels become .* 0\.\.1 is assumed/)];
  expect(lines).toEqual(SCALING.test(name) ? [] : warning);
}

describe('convlens layers', () => {
  it.each([
    'fine-tuning.keras',
    'fine-tuning.h5',
    'transfer-learning.keras',
    'siamese.keras',
    'siamese.h5',
    'autoencoder.keras',
    'autoencoder.h5',
    'convnext.h5',
    'two-heads.keras',
  ])('lists every layer that Keras has, those inside nested models too: %s', async (name) => {
    const { status, stdout } = await convlens('layers', at(name));
    expect(status).toBe(0);
    const names = stdout.split('\n').map((line) => line.split(' ')[0]);
    expect(names).toEqual(expect.arrayContaining(layersInKeras(name.replace(/\.\w+$/, ''))));
  });
});

describe('convlens evaluate', () => {
  const ten = [...'0123456789'];
  it.each<[string, string[]]>([
    ['transfer-learning.keras', ['cat', 'dog']],
    ['xception-block.h5', ['cat', 'dog']],
    ['cnn-tutorial.keras', ten],
    ['residual.h5', ten],
    ['convnext.h5', ten],
    ['inverted-residual.keras', ten.slice(0, 6)],
    ['mbconv.keras', ten.slice(0, 7)],
  ])('evaluates %s on a folder of images', async (name, classes) => {
    const data = imageFolder(`images-${name}`, classes);
    const { status, stdout, stderr } = await convlens('evaluate', at(name), '--data', data, ...simd);
    expect(status).toBe(0);
    expectPixelWarning(name, stderr);
    expect(stdout).toMatch(/accuracy .* loss/);
    for (const className of classes) expect(stdout).toContain(`  ${className}`);
  });
});

describe('convlens explain', () => {
  const image = (size: number) => {
    writeFileSync(at(`${size}.png`), noise(size, 4, 2));
    return ['--image', at(`${size}.png`), '--out', out, ...simd];
  };

  it.each([
    ['fine-tuning.keras', 'feature-maps', 'base/conv2d_1', 20, 'feature_maps_base-conv2d_1_0'],
    ['fine-tuning.h5', 'grad-cam', 'base/activation_1', 20, 'grad-cam_0'],
    ['fine-tuning.keras', 'layer-gradients', 'base', 20, 'layer_gradients_base_0'],
    ['fine-tuning.keras', 'kernels', 'base/conv2d', 20, 'kernels_base-conv2d'],
    ['transfer-learning.keras', 'channel-maximum', 'mobilenetv2/conv2d', 32, 'channel_maximum_'],
    ['autoencoder.keras', 'feature-maps', 'decoder/up1', 28, 'feature_maps_decoder-up1_0'],
  ])('%s by %s of a layer in a nested model: %s', async (name, method, layer, size, figure) => {
    const { status, stdout, stderr } = await convlens(
      'explain',
      at(name),
      '--method',
      method,
      '--layer',
      layer,
      ...image(size),
    );
    expect(status).toBe(0);
    expectPixelWarning(name, stderr);
    expect(stdout).toContain(join(out, figure));
  });

  it('explains a channel of a layer in a nested model', async () => {
    const flags = ['--method', 'saliency', '--target', 'base/conv2d_1#1', ...image(20)];
    expect(await convlens('explain', at('fine-tuning.keras'), ...flags)).toMatchObject({ status: 0 });
  });

  it('names the layers of nested models where there is no such layer', async () => {
    const flags = ['--method', 'grad-cam', '--layer', 'conv2d', ...image(20)];
    const { status, stderr } = await convlens('explain', at('fine-tuning.keras'), ...flags);
    expect(status).toBe(2);
    expect(stderr).toMatch(/Expected layer to be one of .*base\/conv2d, .*, got "conv2d"/);
  });

  it('shows the strongest filters', async () => {
    const explain = (filters: string) =>
      convlens('explain', at('fine-tuning.keras'), '--method', 'kernels', '--filters', filters, ...image(20));
    expect(await explain('top:1')).toMatchObject({ status: 0, stderr: '' });
    const svg = readFileSync(join(out, 'kernels_base-conv2d.svg'), 'utf8');
    expect(svg).toContain('The 1 strongest of 2 filters');
    for (const wrong of ['top:0', 'top:-1', 'top:', 'top:x', 'best:3'])
      expect(await explain(wrong)).toMatchObject({
        status: 2,
        stderr: expect.stringContaining('Expected --filters such as 0,10,25, top:32 or all'),
      });
  });
});
