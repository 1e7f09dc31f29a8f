import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { describeWith } from '../../../../test/support/requirements.js';
import { convlens, filesIn } from '../convlens.js';

const NAME = 'mnist-5x5';
const real = process.env.CONVLENS_DATA_DIR ?? '';
const folder = mkdtempSync(join(tmpdir(), 'convlens-pretrained-'));
const at = (...names: string[]) => join(folder, ...names);
afterAll(() => rmSync(folder, { recursive: true }));

describeWith({
  name: 'data',
  isPresent: real !== '' && existsSync(join(real, 'mnist')),
  absence: 'CONVLENS_DATA_DIR names no folder with the real MNIST',
})('with the real MNIST on the machine', () => {
  it('run --pretrained evaluates and reports as after training', async () => {
    const { status, stdout } = await convlens(
      ...['run', '--pretrained', NAME, '--backend', 'simd', '--detail', 'brief'],
      ...['--data-dir', real, '--out', at('real')],
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /MNIST test: accuracy 98\.\d\d%, balanced accuracy 98\.\d\d%, loss 0\.0\d+ on 10000 images/,
    );
    expect(filesIn(at('real', 'figures'))).toEqual(
      expect.arrayContaining(['training_curves.png', 'confusion_matrix.png', 'max_activating_filter0.png']),
    );
    expect(readFileSync(at('real', 'report.html'), 'utf8')).toContain('What mnist-5x5 learned');
  }, 120_000);
});
