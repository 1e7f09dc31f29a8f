import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { convlens } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-diverged-'));
const at = (...names: string[]) => join(folder, ...names);
const flags = ['--data', 'shapes', '--limit', '60', '--batch-size', '18', '--backend', 'simd', '--validation', 'first:6']; // prettier-ignore
/** A model whose moving variance becomes NaN in step 4, in the second epoch of three steps. */
const faulty = at('faulty.mjs');

beforeAll(() => {
  writeFileSync(
    faulty,
    `export default ({ tf, inputShape, classes }) => {
      const model = tf.sequential({ layers: [
        tf.layers.conv2d({ inputShape, filters: 2, kernelSize: 3, activation: 'relu', name: 'conv' }),
        tf.layers.batchNormalization({ name: 'norm' }),
        tf.layers.globalAveragePooling2d({}),
        tf.layers.dense({ units: classes, name: 'dense' }),
      ] });
      const train = model.trainOnBatch.bind(model);
      let steps = 0;
      model.trainOnBatch = async (x, y) => {
        const metrics = await train(x, y);
        const { val } = model.weights.find(({ originalName }) => originalName === 'norm/moving_variance');
        if (++steps === 4) tf.tidy(() => val.assign(tf.fill(val.shape, NaN)));
        return metrics;
      };
      return model;
    };`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

it('train that diverges in its first epoch ends with 3, and leaves no model', async () => {
  const out = at('first');
  const training = [...flags, '--model', 'shapes-3conv', '--epochs', '2', '--lr', '1e30'];
  const { status, stdout, stderr } = await convlens('train', ...training, '--out', out);
  expect([status, stderr]).toEqual([3, expect.any(String)]);
  expect(stderr).toMatch(
    /^convlens: The training diverged in epoch 1 \(.*weight \S+ (NaN|-?Infinity)\); no model is kept\. Train with a lower learning rate than 1e\+30, such as 1e\+29$/,
  );
  expect(stdout).toContain('no epoch has a model');
  expect(existsSync(join(out, 'model'))).toBe(false);
  expect(existsSync(join(out, 'checkpoint'))).toBe(false);

  const evaluated = await convlens('evaluate', out, '--backend', 'simd');
  expect([evaluated.status, evaluated.stderr]).toEqual([
    2,
    expect.stringContaining('its training diverged in each epoch'),
  ]);
  const resumed = await convlens('train', '--resume', '--out', out, '--backend', 'simd');
  expect([resumed.status, resumed.stderr]).toEqual([3, stderr]);
}, 60_000);

it('run that diverges later reports the model of the epoch before, and ends with 3', async () => {
  const out = at('later');
  const training = [...flags, '--model', faulty, '--epochs', '3', '--detail', 'brief'];
  const { status, stdout, stderr } = await convlens('run', ...training, '--out', out);
  expect([status, stderr]).toEqual([
    3,
    'convlens: The training diverged in epoch 2 (validation loss NaN, weight norm/moving_variance NaN); the model of epoch ' +
      '1 is kept. Train with a lower learning rate than 0.001, such as 0.0001',
  ]);
  expect(stdout).toContain('best epoch 1');
  expect(stdout).toMatch(/accuracy [\d.]+%, loss [\d.]+ on/);
  const report = readFileSync(join(out, 'report.html'), 'utf8');
  expect(report).toContain(
    'The training diverged in epoch 2 (validation loss NaN, weight norm/moving_variance NaN).',
  );
  expect(report).toContain('2, diverged, best 1');
  expect(report).toContain('Diverged in epoch 2.');
  expect(readFileSync(join(out, 'history.csv'), 'utf8').split('\n')[2]).toContain('NaN');

  const compared = await convlens('compare', out, at('first'));
  expect(compared.stdout).toMatch(/later .*2 \(diverged\) +1 /);
  expect(compared.stdout).toMatch(/first .*1 \(diverged\) +none /);
}, 60_000);

it('evaluate of a model whose outputs are not finite names the layer and the image, and ends with 3', async () => {
  const out = at('overflow');
  const training = [...flags, '--model', 'shapes-3conv', '--epochs', '1'];
  expect((await convlens('train', ...training, '--out', out)).status).toBe(0);
  // Weights that are finite, but whose outputs overflow float32.
  const weights = join(out, 'model', 'weights.bin');
  const before = readFileSync(weights);
  const values = new Float32Array(Uint8Array.from(before).buffer);
  const after = new Uint8Array(values.map((value, i) => (i % 2 ? 1 : -1) * (value && 3e38)).buffer);
  writeFileSync(weights, after);
  const manifest = join(out, 'model', 'model.json');
  const checksums = [before, after].map((bytes) => crc32(bytes).toString(16).padStart(8, '0'));
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(checksums[0], checksums[1]));
  const { status, stderr } = await convlens('evaluate', out, '--backend', 'simd');
  expect([status, stderr]).toEqual([
    3,
    expect.stringMatching(
      /^convlens: Expected finite outputs of every layer, got \S+ in layer \S+ for image 0: .* The training diverged/,
    ),
  ]);
  expect(existsSync(join(out, 'evaluation.json'))).toBe(false);
}, 60_000);
