import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svgToPng } from '@convlens/svg-to-png';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convlens } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-containers-'));
/** The files that Python wrote. */
const CONTAINERS = fileURLToPath(
  new URL('../../../../packages/image-set/test/fixtures/containers/', import.meta.url),
);

const at = (...names: string[]) => join(folder, ...names);
afterAll(() => rmSync(folder, { recursive: true }));

const square = (color: string) =>
  svgToPng(`<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8" fill="${color}"/></svg>`); // prettier-ignore

/** 20 images of each of two classes. */
async function flowers(): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (const [name, color] of Object.entries({ red: '#d00', blue: '#00d' }))
    for (let i = 0; i < 20; i++) files[`flowers/${name}/${i}.png`] = await square(`${color}${i % 10}`);
  return files;
}

/** 60 gray images of 28 x 28 as FER2013 lists them, a tenth of them for validation, a tenth for tests. */
function digits(): string {
  const lines = Array.from({ length: 60 }, (_, i) => {
    const pixels = Array.from({ length: 784 }, (_, p) => ((i % 3) * 80 + p) % 256);
    const usage = i < 48 ? 'Training' : i < 54 ? 'PublicTest' : 'PrivateTest';
    return `${i % 3},${pixels.join(' ')},${usage}\n`;
  });
  return `emotion,pixels,Usage\n${lines.join('')}`;
}

describe('--data with a file of images', () => {
  beforeAll(async () => {
    const files = await flowers();
    for (const [name, bytes] of Object.entries(files)) {
      mkdirSync(at(name, '..'), { recursive: true });
      writeFileSync(at(name), bytes);
    }
    writeFileSync(at('flowers.zip'), zipSync(files));
    writeFileSync(at('digits.csv'), digits());
  });

  it('describes a zip archive of a folder', async () => {
    const { status, stdout, stderr } = await convlens('data', at('flowers.zip'), '--out', at('sheet'));
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('  2 classes by their folders: blue, red\n');
    expect(stdout).toContain('flowers train: 32 images of');
    expect(stdout).toMatch(/MiB in .*flowers\.zip: 40 images/);
  });

  it('trains on a zip archive to the weights that the folder gives, bit for bit, and evaluates on it', async () => {
    const weightsOf = async (data: string, out: string) => {
      const { status, stderr } = await convlens('train', '--data', at(data), '--model', 'shapes-3conv', '--epochs', '1', '--backend', 'simd', '--out', at(out)); // prettier-ignore
      expect([status, stderr]).toEqual([0, '']);
      return readFileSync(at(out, 'model/weights.bin'));
    };
    const ofZip = await weightsOf('flowers.zip', 'run-zip');
    expect(ofZip.equals(await weightsOf('flowers', 'run-folder'))).toBe(true);
    const evaluated = await convlens('evaluate', at('run-zip'), '--data', at('flowers.zip'), '--backend', 'simd'); // prettier-ignore
    expect(evaluated.stdout).toMatch(/flowers test: accuracy .* on 8 images/);
  }, 60_000);

  it.each<[string, string]>([
    ['pets.npz', '3 classes by the array y_train: 0, 1, 2'],
    ['hub', '3 classes by the column label: cat, dog, owl'],
    ['gzip.parquet', '3 classes by the column label: cat, dog, owl'],
    ['faces.csv', '3 classes by the column emotion: 0, 1, 2'],
  ])('describes %s', async (name, classes) => {
    const { status, stdout, stderr } = await convlens('data', join(CONTAINERS, name), '--out', at('sheet'));
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`  ${classes}\n`);
    expect(stdout).toMatch(/ train: 1[48] images of /);
  });

  it('trains on a CSV file of pixels with its validation images', async () => {
    const { status, stdout, stderr } = await convlens('train', '--data', at('digits.csv'), '--model', 'mnist-small', '--epochs', '1', '--backend', 'simd', '--out', at('run-csv')); // prettier-ignore
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('validation: 6 images');
    const { validation } = JSON.parse(readFileSync(at('run-csv', 'run.json'), 'utf8')).settings;
    expect(validation).toBe('separate');
  }, 60_000);

  it('says what a file is that holds no images', async () => {
    writeFileSync(at('notes.rar'), 'Rar!\x1a\x07\0');
    const { status, stderr } = await convlens('data', at('notes.rar'), '--out', at('sheet'));
    expect([status, stderr]).toEqual([2, expect.stringContaining('notes.rar')]);
    expect(stderr).toContain('found a RAR archive of 7 bytes: pack the files again as a zip');
  });
});
