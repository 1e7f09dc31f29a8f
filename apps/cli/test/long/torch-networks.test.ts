import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importDifference } from '../models/torch-networks.js';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/torchvision/${name}`, import.meta.url));

/** A Python with torchvision: that of the environment variable, else python3. */
const python = process.env.CONVLENS_TORCH_PYTHON ?? 'python3';
const hasTorchvision = spawnSync(python, ['-c', 'import torchvision']).status === 0;

const folder = mkdtempSync(join(tmpdir(), 'convlens-torchvision-'));
afterAll(() => rmSync(folder, { recursive: true }));

const networks = ['resnet18', 'vgg11-bn', 'mobilenet-v2'].flatMap((name) =>
  ['pth', 'pt', 'safetensors'].map((ending) => [name, ending]),
);

/** Needs PyTorch and torchvision, which write the files; CONVLENS_TORCH_PYTHON names a Python that has them. */
describe.skipIf(!hasTorchvision)('convlens import with networks of torchvision', () => {
  beforeAll(() => {
    execFileSync(python, [fixture('make-torchvision.py'), folder]);
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
      console.log(`${name}.${ending}: ${difference.toExponential(1)}`);
      expect(difference).toBeLessThan(1e-5);
    },
    300_000,
  );
});
