import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../../../test/support/requirements.js';
import { importDifference } from '../models/torch-networks.js';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/torchvision/${name}`, import.meta.url));

const torchvision = {
  name: 'torchvision',
  isPresent: spawnSync('python3', ['-c', 'import torchvision']).status === 0,
  absence: 'no python3 with torchvision, which writes the networks',
};

const folder = mkdtempSync(join(tmpdir(), 'convlens-torchvision-'));
afterAll(() => rmSync(folder, { recursive: true }));

// One file of vgg11-bn, which has 515 MB.
const networks = [
  ...['resnet18', 'mobilenet-v2'].flatMap((name) =>
    ['pth', 'pt', 'safetensors'].map((ending) => [name, ending]),
  ),
  ['vgg11-bn', 'pth'],
];

describeWith(torchvision)('convlens import with networks of torchvision', () => {
  beforeAll(() => {
    execFileSync('python3', [fixture('make-torchvision.py'), folder]);
  }, 300_000);

  it.each(networks)(
    'writes a model folder of %s.%s that predicts what PyTorch does',
    async (name, ending) => {
      const network = {
        file: join(folder, `${name}.${ending}`),
        module: fixture(`${name}.mjs`),
        reference: join(folder, `${name}.json`),
      };
      const out = join(folder, 'model');
      const difference = await importDifference(network, out);
      rmSync(out, { recursive: true });
      expect(difference).toBeLessThan(1e-5);
    },
    300_000,
  );
});
