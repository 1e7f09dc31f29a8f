import { describe, expect, it } from 'vitest';
import { structuralSimilarity } from '../../src/faithfulness/structural-similarity.js';
import { firstMap, secondMap } from './maps.js';

describe('structuralSimilarity', () => {
  it('equals that of SciPy', () =>
    expect(structuralSimilarity(firstMap, secondMap, { height: 9, width: 11 })).toBeCloseTo(
      0.21918225235809272,
      10,
    ));
  it('is 1 for a map and the same map on another scale', () => {
    const scaled = firstMap.map((value) => 3 * value + 1);
    expect(structuralSimilarity(firstMap, scaled, { height: 9, width: 11 })).toBeCloseTo(1, 10);
    expect(structuralSimilarity([1, 2, 3, 4], [1, 2, 3, 4], { height: 2, width: 2 })).toBeCloseTo(1, 10);
  });
});
