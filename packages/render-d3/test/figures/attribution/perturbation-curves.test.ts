import type { PerturbationCurve } from '@convlens/core';
import { expect, it } from 'vitest';
import { perturbationCurves } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { textsOf } from '../../support/svg-queries.js';

const curveOf = (index: number, scores: number[], auc: number): PerturbationCurve => ({
  kind: 'deletion',
  method: 'm',
  classIndex: 0,
  index,
  fractions: Float32Array.of(0, 0.5, 1),
  scores: Float32Array.from(scores),
  auc,
});

it('averages over the images and shows the area under the curve of each method', () => {
  const svg = perturbationCurves([curveOf(1, [4, 2, 0], 2), curveOf(2, [2, 0, 0], 0.5)], { document });
  expect(textsOf(svg)).toContain('m (1.25)');
  expect([...svg.querySelectorAll('rect title')].map((title) => title.textContent)).toEqual([
    '0%: m 3',
    '50%: m 1',
    '100%: m 0',
  ]);
});

it('refuses curves with different fractions', () => {
  const other = { ...curveOf(2, [2, 0, 0], 0.5), fractions: Float32Array.of(0, 0.4, 1) };
  expect(() => perturbationCurves([curveOf(1, [4, 2, 0], 2), other], { document })).toThrow(
    'Expected the same fractions in every curve of m, got others for image 2',
  );
});
