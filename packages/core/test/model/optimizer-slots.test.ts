import { describe, expect, it } from 'vitest';
import { areSlotsInOrder, slotRole, slotWeightNames, trainedWeights } from '../../src/index.js';

const weight = (id: number, layer: string) => ({
  id,
  name: `${layer}/kernel_${id}`,
  originalName: `${layer}/kernel`,
});
const [a, b, c] = [weight(1, 'a'), weight(2, 'b'), weight(3, 'c')];
const layers = [a, b, c].map((one) => ({ name: one.originalName.slice(0, 1), weights: [one] }));
/** A model that was compiled while only some of its weights were trainable. */
const model = (collected: (typeof a)[], trainable = collected) => ({
  name: 'm',
  layers,
  weights: [a, b, c],
  trainableWeights: trainable,
  collectedTrainableWeights: collected,
});
const slots = (...weights: (typeof a)[]) => weights.map(({ name }) => `${name}/m`);

describe('trainedWeights', () => {
  it('are those of the compilation, whatever was frozen or unfrozen since', () => {
    expect(trainedWeights(model([b, c], [a, b, c]))).toEqual([b, c]);
  });

  it('of a sequential model are those of the model inside it; of one that is not compiled those that are trainable', () => {
    const inner = model([c]);
    expect(
      trainedWeights({ ...model([b]), collectedTrainableWeights: undefined, model: inner } as never),
    ).toEqual([c]);
    expect(trainedWeights({ ...model([b], [a]), collectedTrainableWeights: undefined } as never)).toEqual([
      a,
    ]);
  });
});

describe('slotWeightNames', () => {
  it('follow the name of the variable, also of a weight that is no longer trained', () => {
    expect(slotWeightNames(model([b, c]), slots(c, a))).toEqual(['c/kernel', 'a/kernel']);
  });

  it('follow the position if names are of another process', () => {
    expect(slotWeightNames(model([c, a]), ['x/kernel/m', 'y/kernel/m', 'z/kernel/m'])).toEqual([
      'c/kernel',
      'a/kernel',
      undefined,
    ]);
  });
});

it('slotRole is the last part of the name of a slot', () => {
  expect(slotRole('a/kernel_2/accum_grad')).toBe('accum_grad');
});

describe('areSlotsInOrder', () => {
  it.each([
    ['the same variables', ['b/kernel/m', 'c/kernel/m'], true],
    ['variables with other numbers', ['b/kernel_7/m', 'c/kernel_12/m'], true],
    ['made-up names', ['dense_Dense1/kernel/m', 'dense_Dense2/kernel/m'], true],
    ['another order', ['c/kernel/m', 'b/kernel/m'], false],
    ['another layer', ['a/kernel/m', 'c/kernel/m'], false],
    ['fewer', ['b/kernel/m'], false],
    ['more', ['a/kernel/m', 'b/kernel/m', 'c/kernel/m'], false],
  ])('compares slots with the weights that are trained: %s', (_, names, expected) => {
    expect(areSlotsInOrder(model([b, c]), names)).toBe(expected);
  });
});
