import { expect, it } from 'vitest';
import { layerSeparability, THEMES } from '../../../src/index.js';
import { document } from '../../support/dom.js';
import { makeNearestClassMeans, makeSeparability } from '../../support/method-records.js';
import { descriptionOf, symbolsOf, translationOf } from '../../support/svg-queries.js';

const { train, validation } = THEMES.light;
const LAYERS = ['a', 'b', 'c'];
const recordsWith = (fractions: number[]) =>
  makeSeparability(LAYERS).map((record, i) => ({ ...record, betweenFraction: fractions[i] }));

it('shows fractions and accuracies on one linear scale', () => {
  const nearestClassMean = makeNearestClassMeans(LAYERS).map((record) => ({ ...record, accuracy: 0.25 }));
  const svg = layerSeparability(recordsWith([0, 0.5, 1]), { document, nearestClassMean });
  const [low, middle, high] = symbolsOf(svg, train).map(translationOf);
  expect(middle).toBeCloseTo((low + high) / 2, 2);
  for (const mark of symbolsOf(svg, validation))
    expect(translationOf(mark)).toBeCloseTo(low + (high - low) / 4, 2);
  expect(descriptionOf(svg)).toContain('c separates the classes best: 100.0%');
});

it('never describes NaN as the highest fraction', () => {
  const svg = layerSeparability(recordsWith([NaN, 0.2, 0.7]), { document });
  expect(descriptionOf(svg)).toContain('c separates the classes best: 70.0%');
});
