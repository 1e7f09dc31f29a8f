import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeShapes } from '@convlens/image-set/shapes';
import { unzipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { convlens } from './convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-import-'));
afterAll(() => rmSync(folder, { recursive: true }));

const models = fileURLToPath(
  new URL('../../../packages/model-import/test/fixtures/models.zip', import.meta.url),
);
const files = unzipSync(readFileSync(models));
const unusual = unzipSync(readFileSync(models.replace('models.zip', 'unusual.zip')));
const fileOf = (name: string) => {
  const path = join(folder, name);
  writeFileSync(path, files[name]);
  return path;
};

describe('convlens with a file of Keras', () => {
  it.each(['depthwise.keras', 'depthwise.h5'])('lists the layers of %s', async (name) => {
    const { status, stdout, stderr } = await convlens('layers', fileOf(name), '--backend', 'cpu');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/stem_relu6 +ReLU/);
  });

  it('imports one into a model folder, which is a subject like any other', async () => {
    const out = join(folder, 'model');
    const args = ['import', fileOf('zoo.keras'), '--out', out, '--pixels', 'signed'];
    const { status, stdout } = await convlens(...args);
    expect(status).toBe(0);
    expect(stdout).toContain('layer "random_flip" of class RandomFlip is read as the identity');
    const { userDefinedMetadata } = JSON.parse(readFileSync(join(out, 'model.json'), 'utf8'));
    expect(userDefinedMetadata.convlens.preprocessing).toEqual({ scale: 1 / 255, mean: [0.5], std: [0.5] });
    const { stdout: layers } = await convlens('layers', out, '--backend', 'cpu');
    expect(layers).toMatch(/normalize_adapted +Normalization/);
  });

  it('finds out with labelled images what the model reads, and says so where nothing stands out', async () => {
    const out = join(folder, 'diagnosed');
    const file = fileOf('cifar10-3conv.keras');
    const { status, stdout } = await convlens('import', file, '--out', out, '--diagnose', 'shapes', '--backend', 'simd'); // prettier-ignore
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /diagnosis: Nothing stands out: of \d+ ways to feed the model the best .* of 500 images/,
    );
    expect(stdout).toContain('note: what the model reads is not known, 0 to 1 is taken');
    const { userDefinedMetadata } = JSON.parse(readFileSync(join(out, 'model.json'), 'utf8'));
    expect(userDefinedMetadata.convlens.preprocessing).toEqual({ scale: 1 / 255, mean: [0], std: [1] });
  });

  it('finds out what a network that Keras trained reads, and the order of its classes', async () => {
    const out = join(folder, 'found');
    const file = fileURLToPath(new URL('fixtures/diagnosed.keras', import.meta.url));
    const { status, stdout } = await convlens('import', file, '--out', out, '--diagnose', 'shapes', '--backend', 'simd'); // prettier-ignore
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /diagnosis: Most likely trained on -1\.\.1, with its classes in another order: right for [89]\d\.\d% of 500 images/,
    );
    expect(stdout).not.toContain('is not known');
    const { userDefinedMetadata } = JSON.parse(readFileSync(join(out, 'model.json'), 'utf8'));
    const { preprocessing, classNames } = userDefinedMetadata.convlens;
    // (pixel / 127.5) - 1, and the classes from last to first, as the script that trained it has them.
    expect(preprocessing).toEqual({ scale: 1 / 127.5, mean: [1], std: [1] });
    expect(classNames).toEqual([...makeShapes({ count: 1 }).classNames].reverse());
  });

  it('refuses to write a model folder that could not be read again', async () => {
    const twins = join(folder, 'twins.keras');
    writeFileSync(twins, unusual['twins.keras']);
    const { status, stderr } = await convlens('import', twins, '--out', join(folder, 'twins'));
    expect(stderr).toMatch(/twins\.keras .* two layers with the weight d\/kernel/);
    expect(status).toBe(2);
    expect(existsSync(join(folder, 'twins'))).toBe(false);
  });

  it('says what is wrong with bad input, with status 2', async () => {
    const file = fileOf('depthwise.h5');
    const fails = async (message: RegExp, ...args: string[]) => {
      const { status, stderr } = await convlens('import', ...args, '--out', join(folder, 'none'));
      expect(stderr).toMatch(message);
      expect(status).toBe(2);
    };
    await fails(/found no file .*gone\.h5/, join(folder, 'gone.h5'));
    await fails(/Expected --classes to name 3 classes, got 2/, file, '--classes', 'cat,dog');
    await fails(/Expected --pixels to be one of unit, signed, none, got "x"/, file, '--pixels', 'x');
    await fails(
      /Expected --pixels or --diagnose, got both/,
      file,
      '--pixels',
      'unit',
      '--diagnose',
      'shapes',
    );
    writeFileSync(join(folder, 'cut.h5'), files['depthwise.h5'].subarray(0, 5000));
    await fails(/Expected .*cut\.h5 to be a whole HDF5 file, found an end of file/, join(folder, 'cut.h5'));
  });
});
