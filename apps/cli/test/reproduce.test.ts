import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { svgToPng } from '@convlens/render-d3/node';
import { decode } from 'fast-png';
import { afterAll, describe, expect, it } from 'vitest';
import { describeWith } from '../../../test/support/requirements.js';
import { smallPng } from '../src/small-png.js';
import { convlens, filesIn } from './convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-reproduce-'));
const at = (...names: string[]) => join(folder, ...names);
afterAll(() => rmSync(folder, { recursive: true }));

describe('convlens reproduce', () => {
  it.each([
    [['F'], 'Expected a source, one of A, B, C, D, E, D-keras-cifar10-long, cifar10-fast, D-mnist-5x5,'],
    [['E', '--scale', '2'], 'Expected scale to be a number from 0.001 to 1, got 2'],
    [['E', '--scale', 'small'], 'Expected a number, got "small"'],
    [['E', '--detail', 'huge'], "argument 'huge' is invalid. Allowed choices are brief, normal, full"],
    [['E'], 'Expected train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz of MNIST'],
    [['D-svhn-4conv'], 'or take house numbers drawn from MNIST in its place (--generate-svhn)'],
  ])('refuses %j before it writes anything', async (args, message) => {
    process.env.CONVLENS_OFFLINE = '1';
    const nothing = ['--data-dir', at('empty'), '--out', at('nothing')];
    const { status, stderr } = await convlens('reproduce', ...args, ...nothing);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(existsSync(at('nothing'))).toBe(false);
  });
});

describe('smallPng', () => {
  it('is pixel for pixel what svgToPng draws, in fewer bytes', () => {
    const stripes = Array.from({ length: 40 }, (_, i) => `<rect x="${5 * i}" y="${3 * i}" width="90" height="7" fill="hsl(${9 * i} 70% 50%)"/>`); // prettier-ignore
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><rect width="300" height="200" fill="#fff"/><text x="9" y="150">conv1</text>${stripes.join('')}</svg>`;
    const [small, large] = [smallPng(svg), svgToPng(svg, { pixelRatio: 1 })];
    const [ours, theirs] = [decode(small), decode(large)];
    expect([ours.width, ours.height, ours.channels]).toEqual([300, 200, 3]);
    const opaque = theirs.data.filter((_, i) => i % 4 < 3);
    expect(ours.data).toEqual(opaque);
    expect(small.length).toBeLessThan(large.length);
  });
});

const data = process.env.CONVLENS_DATA_DIR ?? '';
const describeWithData = describeWith({
  name: 'data',
  isPresent: data !== '' && existsSync(join(data, 'mnist')),
  absence: 'CONVLENS_DATA_DIR names no folder with the real MNIST',
});

describeWithData('convlens reproduce on MNIST', () => {
  const quick = ['reproduce', 'E', '--scale', '0.004', '--detail', 'brief', '--data-dir', data, '--backend', 'simd'] as const; // prettier-ignore

  it('says how long it will take before it trains, ends with the table, and writes a page without paths', async () => {
    const { status, stdout } = await convlens(...quick, '--out', at('e'), '--docs', at('docs'));
    expect(status).toBe(0);
    expect(stdout.indexOf('training takes about')).toBeGreaterThan(0);
    expect(stdout.indexOf('training takes about')).toBeLessThan(stdout.indexOf('E: training'));
    expect(stdout).toMatch(
      /\n +the source +this run +difference\naccuracy while training, last epoch +98% +[\d.]+% +−/,
    );
    const pngs = filesIn(at('docs')).filter((name) => name.endsWith('.png'));
    expect(pngs).toContain('E/training_curves.png');
    expect(decode(readFileSync(at('docs', pngs[0]))).channels).toBe(3);
    for (const name of ['README.md', 'E/results.md', 'E/results.json']) {
      const text = readFileSync(at('docs', name), 'utf8');
      expect(text).toContain('mnist');
      for (const path of [folder, data]) expect(text).not.toContain(path);
    }
  }, 60_000);

  it('goes on with --resume only where there is something to go on from', async () => {
    const { status, stdout } = await convlens(...quick, '--out', at('e'), '--resume', '--json');
    expect(status).toBe(0);
    const events = stdout.trim().split('\n').map((line) => JSON.parse(line)); // prettier-ignore
    expect(events.map(({ event }) => event)).toEqual(['plan', 'backend', 'results']);
    expect(events[0]).toMatchObject({ source: 'E', scale: 0.004, seconds: 0 });
    const none = await convlens(...quick, '--out', at('nothing'), '--resume');
    expect([none.status, none.stderr]).toEqual([2, expect.stringContaining('found no run')]);
  }, 60_000);
});
