import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateShapes } from '@convlens/image-set/shapes';
import { unzipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { convlens } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-import-'));
afterAll(() => rmSync(folder, { recursive: true }));

const models = fileURLToPath(
  new URL('../../../../packages/model-import/test/fixtures/models.zip', import.meta.url),
);
const files = unzipSync(readFileSync(models));
const unusual = unzipSync(readFileSync(models.replace('models.zip', 'unusual.zip')));
const fileOf = (name: string) => {
  const path = join(folder, name);
  writeFileSync(path, files[name]);
  return path;
};

describe('convlens with a Keras file', () => {
  it.each(['depthwise.keras', 'depthwise.h5'])('lists the layers of %s', async (name) => {
    const { status, stdout, stderr } = await convlens('layers', fileOf(name), '--backend', 'cpu');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/stem_relu6 +ReLU/);
  });

  it('converts one to a model folder that commands take as MODEL', async () => {
    const out = join(folder, 'model');
    const args = ['import', fileOf('zoo.keras'), '--out', out, '--preprocessing', 'centered'];
    const { status, stdout } = await convlens(...args);
    expect(status).toBe(0);
    expect(stdout).toContain('layer "random_flip" of class RandomFlip is imported as the identity');
    const { userDefinedMetadata } = JSON.parse(readFileSync(join(out, 'model.json'), 'utf8'));
    expect(userDefinedMetadata.convlens.preprocessing).toEqual({ scale: 1 / 255, mean: [0.5], std: [0.5] });
    const { stdout: layers } = await convlens('layers', out, '--backend', 'cpu');
    expect(layers).toMatch(/normalize_adapted +Normalization/);
  });

  it('--diagnose reports that no preprocessing is significantly better than chance', async () => {
    const out = join(folder, 'diagnosed');
    const file = fileOf('cifar10-3conv.keras');
    const { status, stdout } = await convlens('import', file, '--out', out, '--diagnose', 'shapes', '--backend', 'simd'); // prettier-ignore
    expect(status).toBe(0);
    expect(stdout).toMatch(/diagnosis: Nothing stands out: the best of \d+ trials .* on 500 images/);
    expect(stdout).toContain('warning: the preprocessing of the model is unknown, assuming 0 to 1');
    const { userDefinedMetadata } = JSON.parse(readFileSync(join(out, 'model.json'), 'utf8'));
    expect(userDefinedMetadata.convlens.preprocessing).toEqual({ scale: 1 / 255, mean: [0], std: [1] });
  });

  it('--diagnose determines the preprocessing and the class order of a model that Keras trained', async () => {
    const out = join(folder, 'found');
    const file = fileURLToPath(new URL('../fixtures/diagnosed.keras', import.meta.url));
    const { status, stdout } = await convlens('import', file, '--out', out, '--diagnose', 'shapes', '--backend', 'simd'); // prettier-ignore
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /diagnosis: Most likely trained on -1\.\.1, with its classes in another order: accuracy [89]\d\.\d% on 500 images/,
    );
    expect(stdout).not.toContain('is unknown');
    const { userDefinedMetadata } = JSON.parse(readFileSync(join(out, 'model.json'), 'utf8'));
    const { preprocessing, classNames } = userDefinedMetadata.convlens;
    // (pixel / 127.5) - 1, and the classes from last to first, as the script that trained it has them.
    expect(preprocessing).toEqual({ scale: 1 / 127.5, mean: [1], std: [1] });
    expect(classNames).toEqual([...generateShapes({ count: 1 }).classNames].reverse());
  });

  it('refuses to write a model folder that cannot be read', async () => {
    const twins = join(folder, 'twins.keras');
    writeFileSync(twins, unusual['twins.keras']);
    const { status, stderr } = await convlens('import', twins, '--out', join(folder, 'twins'));
    expect(stderr).toMatch(/twins\.keras .* two layers with the weight d\/kernel/);
    expect(status).toBe(2);
    expect(existsSync(join(folder, 'twins'))).toBe(false);
  });

  it('refuses bad input with exit status 2', async () => {
    const file = fileOf('depthwise.h5');
    const fails = async (message: RegExp, ...args: string[]) => {
      const { status, stderr } = await convlens('import', ...args, '--out', join(folder, 'none'));
      expect(stderr).toMatch(message);
      expect(status).toBe(2);
    };
    await fails(/found no file .*gone\.h5/, join(folder, 'gone.h5'));
    await fails(/Expected --classes to name 3 classes, got 2/, file, '--classes', 'cat,dog');
    await fails(
      /Expected --preprocessing to be one of unit, centered, none, got "x"/,
      file,
      '--preprocessing',
      'x',
    );
    await fails(
      /Expected --preprocessing or --diagnose, got both/,
      file,
      '--preprocessing',
      'unit',
      '--diagnose',
      'shapes',
    );
    writeFileSync(join(folder, 'cut.h5'), files['depthwise.h5'].subarray(0, 5000));
    await fails(
      /Expected .*cut\.h5 to be a valid HDF5 file, found a declared end of file/,
      join(folder, 'cut.h5'),
    );
  });
});
