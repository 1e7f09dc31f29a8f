import { describe, expect, it } from 'vitest';
import { divergenceOf, isCrossEntropyLoss, isDivergedLoss, markCrossEntropyLoss } from '../../src/index.js';

describe('isDivergedLoss', () => {
  it.each([NaN, Infinity, -Infinity])('is true for %s', (loss) => {
    expect(isDivergedLoss(loss)).toBe(true);
    expect(isDivergedLoss(loss, { isCrossEntropy: true })).toBe(true);
  });

  it.each([0, -0, 1e-30, 1e30, -1e-6])('is false for %s', (loss) => {
    expect(isDivergedLoss(loss)).toBe(false);
    expect(isDivergedLoss(loss, { isCrossEntropy: true })).toBe(false);
  });

  it('is true for a cross-entropy below -1e-6, and for no other loss', () => {
    for (const loss of [-1.1e-6, -0.4, -1e30]) {
      expect(isDivergedLoss(loss, { isCrossEntropy: true })).toBe(true);
      expect(isDivergedLoss(loss)).toBe(false);
    }
  });
});

describe('divergenceOf', () => {
  it.each([
    [{ loss: NaN, valLoss: 1 }, 'loss NaN'],
    [{ loss: 1, valLoss: Infinity }, 'validation loss Infinity'],
    [{ loss: NaN, valLoss: NaN }, 'loss NaN, validation loss NaN'],
    [{ loss: -0.4, valLoss: 1 }, 'loss -0.4'],
    [{ loss: 1, valLoss: 1, diverged: 'weight a/b NaN' }, 'weight a/b NaN'],
    [{ loss: NaN, valLoss: 1, diverged: 'loss Infinity' }, 'loss Infinity'],
  ])('names what is diverged in %o', (record, reason) => {
    expect(divergenceOf(record, { isCrossEntropy: true })).toBe(reason);
  });

  it('is undefined for finite losses and for losses that are absent', () => {
    for (const record of [{}, { loss: 1 }, { loss: 0, valLoss: 1e30 }, { loss: -3 }])
      expect(divergenceOf(record)).toBeUndefined();
  });
});

describe('isCrossEntropyLoss', () => {
  const marked = () => 0;
  markCrossEntropyLoss(marked);

  it.each([
    'categoricalCrossentropy',
    'sparseCategoricalCrossentropy',
    'binaryCrossentropy',
    marked,
    [['binaryCrossentropy', marked]],
    { first: 'binaryCrossentropy', second: marked },
  ])('is true for %o', (loss) => expect(isCrossEntropyLoss(loss)).toBe(true));

  it.each(['meanSquaredError', () => 0, [['binaryCrossentropy', 'hinge']], {}, undefined, null])(
    'is false for %o',
    (loss) => expect(isCrossEntropyLoss(loss)).toBe(false),
  );
});
