import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXPLAIN_METHODS } from '@convlens/pipeline';
import { afterAll, describe, expect, it } from 'vitest';
import { isExplained, writeGraphAndImages } from '../models/graph-folder.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-graph-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Methods that need gradients, kernels or changed weights. */
const REFUSED = [
  ...['kernels', 'optimal-stimuli', 'similar-filters', 'saliency', 'gradient-times-input'],
  ...['integrated-gradients', 'smooth-grad', 'guided-backprop', 'deconvnet', 'guided-grad-cam', 'grad-cam'],
  ...['grad-cam-plus-plus', 'layer-cam', 'layer-gradients', 'sanity-check', 'insertion-deletion'],
  'feature-visualization',
];

describe('convlens explain with a graph model', () => {
  it('computes every method or refuses it by name, and never prints the graph', async () => {
    const { graph, images } = writeGraphAndImages(folder);
    const refused = [];
    for (const { id } of EXPLAIN_METHODS)
      if (!(await isExplained(id, { graph, images, out: join(folder, 'figures') }))) refused.push(id);
    expect(refused.sort()).toEqual([...REFUSED].sort());
  }, 120_000);
});
