import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { convlens } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-reproduce-'));
const at = (...names: string[]) => join(folder, ...names);
afterAll(() => rmSync(folder, { recursive: true }));

describe('convlens reproduce', () => {
  it.each([
    [['F'], 'Expected project to be one of A, B, C, D, E, D-keras-cifar10-long, cifar10-fast, D-mnist-5x5,'],
    [['E', '--scale', '2'], 'Expected scale to be a number from 0.001 to 1, got 2'],
    [['E', '--scale', 'small'], 'Expected a number, got "small"'],
    [['E', '--detail', 'huge'], "argument 'huge' is invalid. Allowed choices are brief, normal, full"],
    [['E'], 'Expected train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz of MNIST'],
    [['D-svhn-4conv'], '--generate-svhn'],
  ])('refuses %j before anything is written', async (args, message) => {
    process.env.CONVLENS_OFFLINE = '1';
    const nothing = ['--data-dir', at('empty'), '--out', at('nothing')];
    const { status, stderr } = await convlens('reproduce', ...args, ...nothing);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(existsSync(at('nothing'))).toBe(false);
  });
});
