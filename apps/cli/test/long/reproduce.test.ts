import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, expect, it } from 'vitest';
import { describeWith } from '../../../../test/support/requirements.js';
import { convlens, filesIn } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-reproduce-'));
const at = (...names: string[]) => join(folder, ...names);
afterAll(() => rmSync(folder, { recursive: true }));

const data = process.env.CONVLENS_DATA_DIR ?? '';
const describeWithData = describeWith({
  name: 'data',
  isPresent: data !== '' && existsSync(join(data, 'mnist')),
  absence: 'CONVLENS_DATA_DIR names no folder with the real MNIST',
});

describeWithData('convlens reproduce on MNIST', () => {
  const quick = ['reproduce', 'E', '--scale', '0.004', '--detail', 'brief', '--data-dir', data, '--backend', 'simd'] as const; // prettier-ignore

  it('estimates the training time, prints the comparison, and writes a page without paths', async () => {
    const { status, stdout } = await convlens(...quick, '--out', at('e'), '--docs', at('docs'));
    expect(status).toBe(0);
    expect(stdout.indexOf('estimated training time')).toBeGreaterThan(0);
    expect(stdout.indexOf('estimated training time')).toBeLessThan(stdout.indexOf('E: training'));
    expect(stdout).toMatch(
      /\n +project +this run +difference\ntraining accuracy, last epoch +98% +[\d.]+% +−/,
    );
    const pngs = filesIn(at('docs')).filter((name) => name.endsWith('.png'));
    expect(pngs).toContain('E/training_curves.png');
    expect(decode(readFileSync(at('docs', pngs[0]))).channels).toBe(3);
    for (const name of ['README.md', 'E/results.md', 'E/results.json']) {
      const text = readFileSync(at('docs', name), 'utf8');
      expect(text).toContain('mnist');
      for (const path of [folder, data]) expect(text).not.toContain(path);
    }
    // Nor does any file of the run folder, which others may get.
    for (const name of filesIn(at('e')))
      for (const path of [folder, data])
        expect([name, readFileSync(at('e', name), 'latin1').includes(path)]).toEqual([name, false]);
  }, 120_000);

  it('refuses a damaged page in the folder of --docs before the training', async () => {
    mkdirSync(at('pages/other'), { recursive: true });
    writeFileSync(at('pages/other/results.json'), '{"recipe": 3}');
    const { status, stderr } = await convlens(...quick, '--out', at('e2'), '--docs', at('pages'));
    expect([status, stderr]).toEqual([2, expect.stringContaining(`${at('pages')}/other/results.json`)]);
    expect(existsSync(at('e2'))).toBe(false);
  });

  it('--resume fails if there is no run to resume', async () => {
    const { status, stdout } = await convlens(...quick, '--out', at('e'), '--resume', '--json');
    expect(status).toBe(0);
    const events = stdout.trim().split('\n').map((line) => JSON.parse(line)); // prettier-ignore
    expect(events.map(({ event }) => event)).toEqual(['plan', 'backend', 'results']);
    expect(events[0]).toMatchObject({ project: 'E', scale: 0.004, seconds: 0 });
    const none = await convlens(...quick, '--out', at('nothing'), '--resume');
    expect([none.status, none.stderr]).toEqual([2, expect.stringContaining('Expected a run to resume')]);
  }, 120_000);
});
