import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convlens, filesIn } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-report-'));
const at = (...names: string[]) => join(folder, ...names);
const small = ['--data', 'shapes', '--limit', '60', '--epochs', '2', '--batch-size', '30', '--backend', 'simd']; // prettier-ignore

beforeAll(async () => {
  // No downloads, also on a machine with a network.
  process.env.CONVLENS_OFFLINE = '1';
  const { status } = await convlens('train', ...small, '--model', 'shapes-3conv', '--out', at('run'));
  expect(status).toBe(0);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe('convlens report', () => {
  it('renders a report: every figure as SVG and PNG, and one page', async () => {
    writeFileSync(at('run', 'notes.md'), 'The stripes were <easy>.');
    const { status, stdout } = await convlens('report', at('run'), '--backend', 'simd');
    expect(status).toBe(0);
    expect(stdout).toContain(at('run', 'report.html'));
    const files = filesIn(at('run', 'figures'));
    for (const name of [
      'augmentation_examples',
      'training_curves',
      'selected_images',
      'feature_maps_disc',
      'all_feature_maps_disc',
      'conv1_filter_kernels',
      'max_activating_filter0',
      'max_activating_filter10',
      'max_activating_filter25',
      'per_class_activation',
      'top20_activations',
      'optimized_classes',
      'scores_of_optimized_classes',
      'insertion_and_deletion',
      'sanity_check',
    ])
      expect(files).toEqual(expect.arrayContaining([`${name}.svg`, `${name}.png`]));
    const html = readFileSync(at('run', 'report.html'), 'utf8');
    expect(html).toContain('The stripes were &lt;easy&gt;.');
    expect(html).not.toMatch(/(src|href)="https?:/);
  }, 120_000);

  it('renders a report on a model of a module', async () => {
    writeFileSync(
      at('my-cnn.mjs'),
      `export default ({ tf, inputShape, classes }) => tf.sequential({ layers: [
        tf.layers.conv2d({ inputShape, filters: 4, kernelSize: 3, activation: 'relu', name: 'conv' }),
        tf.layers.globalAveragePooling2d({}),
        tf.layers.dense({ units: classes }),
      ] });`,
    );
    const out = ['--model', at('my-cnn.mjs'), '--out', at('mine')];
    expect((await convlens('train', ...small, ...out)).status).toBe(0);
    expect((await convlens('report', at('mine'), '--backend', 'simd')).status).toBe(0);
  }, 120_000);
});
