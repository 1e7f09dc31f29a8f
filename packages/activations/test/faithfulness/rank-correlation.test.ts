import { describe, expect, it } from 'vitest';
import { rankCorrelation } from '../../src/faithfulness/rank-correlation.js';
import { firstMap, secondMap } from './maps.js';

describe('rankCorrelation', () => {
  it('equals that of SciPy, with ties', () => {
    expect(rankCorrelation(firstMap, secondMap)).toBeCloseTo(0.4007470871244269, 12);
    expect(rankCorrelation(firstMap.map(Math.abs), secondMap.map(Math.abs))).toBeCloseTo(
      0.09769689663840511,
      12,
    );
  });
  it('is 1 for equal orders, -1 for reversed ones, NaN if all values are equal', () => {
    expect(rankCorrelation([1, 2, 9], [2, 4, 5])).toBeCloseTo(1, 12);
    expect(rankCorrelation([1, 2, 9], [5, 4, 2])).toBeCloseTo(-1, 12);
    expect(rankCorrelation([1, 1, 1], [5, 4, 2])).toBeNaN();
  });
});
