import { describe, expect, it } from 'vitest';
import { describeReachedClasses } from '../../src/explain/describe-reached-classes.js';

const classNames = ['cat', 'dog', 'frog'];
const optimizedBy = { score: 'margin', steps: 64, recipe: 'lucid' } as const;

/** A table of probabilities, one row per image. */
const scoresOf = (rows: number[][], names = classNames) => ({
  score: 'probability' as const,
  names,
  classNames,
  values: Float32Array.from(rows.flat()),
});

describe('describeReachedClasses', () => {
  it('tells the lowest probability if all images reach their class', () => {
    const rows = [
      [0.9, 0.05, 0.05],
      [0.2, 0.7, 0.1],
      [0, 0, 1],
    ];
    expect(describeReachedClasses(scoresOf(rows), optimizedBy)).toBe(
      'All 3 images reach their class, with a probability of 70.00% or more.',
    );
    expect(describeReachedClasses(scoresOf([[0, 0.75, 0.25]], ['dog']), optimizedBy)).toBe(
      'The image reaches its class, with a probability of 75.00%.',
    );
  });

  it('names each class that is not reached, its probability, the class that has more, and what to try', () => {
    const rows = [
      [0.1, 0.6, 0.3],
      [0.3, 0.4, 0.3],
      [0.1, 0.1, 0.8],
    ];
    expect(describeReachedClasses(scoresOf(rows), { ...optimizedBy, score: 'logit' })).toBe(
      '1 of 3 images reach their class. Not reached, with the probability of the class: cat 10.00% (dog has ' +
        '60.00%), dog 40.00% (the highest). Try the score margin in place of logit, more steps than 64, or ' +
        'another recipe than lucid.',
    );
  });

  it('takes half of the probability and NaN for not reached', () => {
    const rows = [
      [0.5, 0.5, 0],
      [NaN, NaN, NaN],
    ];
    const text = describeReachedClasses(scoresOf(rows, ['cat', 'dog']), optimizedBy);
    expect(text).toMatch(/^0 of 2 images reach their class\. .*cat 50\.00% \(the highest\), dog (NaN|–|-)/);
  });

  it('names five classes of many', () => {
    const names = Array.from({ length: 12 }, (_, i) => classNames[i % 3]);
    const text = describeReachedClasses(
      scoresOf(
        names.map(() => [0.3, 0.3, 0.4]),
        names,
      ),
      optimizedBy,
    );
    expect(text).toContain(' and 7 more. Try more steps than 64, or another recipe than lucid.');
  });
});
