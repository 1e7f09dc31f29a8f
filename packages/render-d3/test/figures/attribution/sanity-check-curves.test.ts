import { expect, it } from 'vitest';
import { sanityCheckCurves } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeSanityCheck } from '../../support/method-records.js';
import { tooltipsOf } from '../../support/svg-queries.js';

it('takes the mean over the images whose similarity is finite', () => {
  const check = makeSanityCheck('m', false);
  const [first] = check.steps;
  const similarities = [0.2, 0.4, NaN].map((spearman, index) => ({
    index,
    spearman,
    spearmanOfMagnitudes: 0,
    ssim: 0,
  }));
  const svg = sanityCheckCurves([{ ...check, steps: [{ ...first, similarities }] }], { document });
  expect(tooltipsOf(svg)).toContain('dense2, m: 0.300');
});
