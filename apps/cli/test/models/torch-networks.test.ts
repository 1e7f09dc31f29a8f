import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { convlens } from '../convlens.js';
import { importDifference } from './torch-networks.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-torchvision-'));
afterAll(() => rmSync(folder, { recursive: true }));

const small = (name: string) =>
  fileURLToPath(new URL(`../fixtures/torchvision/small/${name}`, import.meta.url));

const networks = ['resnet', 'vgg', 'mobilenet'].flatMap((name) =>
  ['pth', 'pt', 'safetensors'].map((ending) => [name, ending]),
);

describe('convlens import with PyTorch weights', () => {
  it.each(networks)(
    'writes a model folder of %s.%s that predicts what PyTorch does',
    async (name, ending) => {
      const network = {
        file: small(`${name}.${ending}`),
        module: small(`${name}.mjs`),
        reference: small(`${name}.json`),
      };
      expect(await importDifference(network, join(folder, name + ending))).toBeLessThan(1e-5);
    },
  );

  it('prints which tensor went where, as a table and as JSON', async () => {
    const args = ['import', small('mobilenet.pth'), '--architecture', small('mobilenet.mjs')];
    const { stdout } = await convlens(...args, '--out', join(folder, 'table'));
    expect(stdout).toMatch(
      /features\.1\.conv\.0\.0\.weight +features\.1\.conv\.0\.0 +depthwise_kernel +axes/,
    );
    expect(stdout).toMatch(/features\.0\.1\.running_var +features\.0\.1 +moving_variance/);
    const json = await convlens(...args, '--out', join(folder, 'json'), '--json');
    const events = json.stdout.trim().split('\n').map((line) => JSON.parse(line)); // prettier-ignore
    const { assignments, ignored } = events.find(({ event }) => event === 'tensors');
    const tensors = assignments.map(({ tensor }: { tensor: string }) => tensor);
    expect(new Set(tensors).size).toBe(tensors.length);
    expect(ignored.every((name: string) => name.endsWith('num_batches_tracked'))).toBe(true);
  });

  /** A module with changed source, beside the one that it changes. */
  const changed = (module: string, file: string, from: string, to: string) => {
    const source = readFileSync(small(`../${module}`), 'utf8');
    expect(source).toContain(from);
    const path = join(folder, file);
    const absolute = source.replace('./torch-layers.mjs', pathToFileURL(small('../torch-layers.mjs')).href);
    writeFileSync(path, absolute.replaceAll(from, to));
    return path;
  };
  const resnet = '{ tf, inputShape = [24, 20, 3], classes = 5, widths = [4, 6, 8], blocks = 1 }';
  const signature =
    '{ tf, inputShape = [64, 64, 3], classes = 10, widths = [64, 128, 256, 512], blocks = 2 }';

  it.each([
    [
      'weights that got no tensor',
      'bn1`',
      'bn9`',
      /hold layer1\.0\.bn9\.weight for gamma of layer "layer1\.0\.bn9".* and 4 more; give the layers/,
    ],
    [
      'tensors that went nowhere',
      'bn1`',
      'bn9`',
      /found none for layer1\.0\.bn1\.weight, layer1\.0\.bn1\.bias.* and 4 more/,
    ],
    [
      'a layer of another size',
      'widths[0], {',
      'widths[1], {',
      /conv1\.weight to fit kernel of layer "conv1", 7 x 7 x 3 x 6/,
    ],
    [
      'a missing layer',
      "tf.layers.dense({ name: 'fc', units: classes }).apply(x)",
      'x',
      /Expected a layer for every tensor of the state dict, found none for fc\.weight, fc\.bias/,
    ],
    [
      'a bias that is not in the file',
      'useBias = false',
      'useBias = true',
      /conv1\.bias for bias of layer "conv1"/,
    ],
  ])('refuses %s by name', async (title, from, to, message) => {
    const sized = changed('resnet18.mjs', 'sized.mjs', signature, resnet);
    const source = readFileSync(sized, 'utf8');
    const layers = readFileSync(small('../torch-layers.mjs'), 'utf8');
    const name = title.replace(/\W/g, '-');
    writeFileSync(join(folder, `${name}-layers.mjs`), layers.replace(from, to));
    const path = join(folder, `${name}.mjs`);
    const importing = pathToFileURL(join(folder, `${name}-layers.mjs`)).href;
    writeFileSync(path, source.replaceAll(from, to).replace(/'file:[^']*'/, `'${importing}'`));
    const out = join(folder, 'refused');
    const { status, stderr } = await convlens('import', small('resnet.pth'), '--architecture', path, '--out', out); // prettier-ignore
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
    expect(existsSync(out)).toBe(false);
  });
});
