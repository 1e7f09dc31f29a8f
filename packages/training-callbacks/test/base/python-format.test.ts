import { describe, expect, it } from 'vitest';
import { modelCheckpoint } from '../../src/index.js';
import { begin, oneWeightModel } from '../drive.js';

/** The path of modelCheckpoint for a template. */
async function fillTemplate(path: string, value: number): Promise<string> {
  const model = oneWeightModel();
  let filled = '';
  const callback = modelCheckpoint({ path, save: (_, info) => void (filled = info.path) });
  await begin(callback, model);
  await callback.onEpochEnd(6, { x: value });
  model.dispose();
  return filled;
}

describe('a template is filled as by str.format of Python', () => {
  // Each line was printed by Python 3.11: '{x:...}'.format(x=..., epoch=7).
  it.each([
    ['{x}', 1, '1.0'],
    ['{x}', 1e-5, '1e-05'],
    ['{x}', 1e16, '1e+16'],
    ['{x}', 123456789012345680, '1.2345678901234568e+17'],
    ['{x}', 0.0001, '0.0001'],
    ['{x}', -0, '-0.0'],
    ['{x}', NaN, 'nan'],
    ['{x:.2f}', 0.125, '0.12'],
    ['{x:.2f}', 0.375, '0.38'],
    ['{x:.0f}', 0.5, '0'],
    ['{x:.0f}', 1.5, '2'],
    ['{x:.0f}', 2.5, '2'],
    ['{x:.2f}', 1.005, '1.00'],
    ['{x:.1f}', 1e22, '10000000000000000000000.0'],
    ['{x:.1f}', -0.04, '-0.0'],
    ['{x:f}', 3.14159265, '3.141593'],
    ['{x:8.3f}|', -1.5, '  -1.500|'],
    ['{x:<8.3f}|', 1.5, '1.500   |'],
    ['{x:^9.2f}|', 1.5, '  1.50   |'],
    ['{x:*>8.2f}', 1.5, '****1.50'],
    ['{x:08.2f}', -1.5, '-0001.50'],
    ['{x:+.1f}', 2.25, '+2.2'],
    ['{x: .1f}', 2, ' 2.0'],
    ['{x:.1e}', 125, '1.2e+02'],
    ['{x:.1e}', 1.35e-7, '1.4e-07'],
    ['{x:.2E}', 1234.5, '1.23E+03'],
    ['{x:g}', 0.0001, '0.0001'],
    ['{x:g}', 0.00001, '1e-05'],
    ['{x:g}', 1234567, '1.23457e+06'],
    ['{x:.3g}', 100, '100'],
    ['{x:.1%}', 0.12345, '12.3%'],
    ['{x:.0%}', 0.005, '0%'],
    ['{x:.2f}', Infinity, 'inf'],
    ['{x:6.2f}', -Infinity, '  -inf'],
    ['{x:.3}', 1.23456, '1.23'],
    ['{x:.3}', 12, '12.0'],
    ['{x:.3}', 100, '1e+02'],
    ['{x:.3}', 0.00001234, '1.23e-05'],
    ['{x:G}', 0.00001, '1E-05'],
    ['{x:.1F}', Infinity, 'INF'],
    ['{x:<08.1f}|', 1.5, '1.500000|'],
    ['{epoch}', 0, '7'],
    ['{epoch:03d}', 0, '007'],
    ['{epoch:>4}|', 0, '   7|'],
    ['{epoch:.1f}', 0, '7.0'],
    ['{{{epoch}}}', 0, '{7}'],
  ])('%s of %d is %s', async (template, value, expected) => {
    expect(await fillTemplate(template, value)).toBe(expected);
  });

  it('refuses an integer format for a float', async () => {
    await expect(fillTemplate('{x:d}', 1.5)).rejects.toThrow(
      'Expected path to print x as e, f, g or %, got d',
    );
    await expect(fillTemplate('{epoch:.2}', 0)).rejects.toThrow('print epoch, an integer, without .2');
  });
});
