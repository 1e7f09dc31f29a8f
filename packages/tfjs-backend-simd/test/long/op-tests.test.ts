import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

interface Outcome {
  ran: number;
  failures: { name: string; message: string }[];
}

const TIES = [
  '1D, ties',
  'ties, 2D, axes=-1, keepDims=false',
  'ties, 3D, axes=[1, 2], keepDims=false',
  'ties, 4D, axes=[1, 2, 3], keepDims=false',
  'ties, 4D, axes=[2, 3], keepDims=true',
];

/** Tests of tfjs-core that are expected to fail, each with its reason; docs/tfjs-faults.md has the right values. */
const EXPECTED_FAILURES: Record<string, string> = {
  'gradients simd {} errors if relevant ops are missing grads': 'logicalAnd has a gradient now',
  'depthwiseConv2d gradients simd {} throws error on dilations > 1':
    'dilated convolutions have a gradient now',
  'avgPool simd {} gradient x=[3,3,1] f=[3,3] s=1 p=explicit':
    'expects the gradient divided by the whole window',
  'div simd {} gradient: Tensor1D with int32': 'expects a gradient through a cast to integers',
  'div simd {} gradient: 1d<int32> with 1d<bool> ': 'expects a gradient through a cast to truth values',
  'maxPool simd {} [x=[3,3,1] f=[2,2] s=1 ignores NaNs': 'expects the maximum of the other values',
  'mirrorPad simd {} grad': 'expects no gradient through the copies',
  'mirrorPad simd {} gradient with clones': 'expects no gradient through the copies',
  ...Object.fromEntries(
    ['max', 'min'].flatMap((name) =>
      TIES.map((ties) => [
        `${name} simd {} ${name} gradient: ${ties}`,
        'expects the whole gradient at equal values',
      ]),
    ),
  ),
};

const runner = fileURLToPath(new URL('../../scripts/op-tests.js', import.meta.url));

it('passes the op tests of tfjs-core, at least 3,400', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'op-tests-'));
  try {
    const file = join(folder, 'outcome.json');
    await promisify(execFile)(process.execPath, [runner, 'simd', file], { maxBuffer: 2 ** 26 });
    const { ran, failures } = JSON.parse(await readFile(file, 'utf8')) as Outcome;
    expect(failures.filter(({ name }) => !(name in EXPECTED_FAILURES))).toEqual([]);
    expect(ran).toBeGreaterThanOrEqual(3400);
  } finally {
    await rm(folder, { recursive: true });
  }
});
