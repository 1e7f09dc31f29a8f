import { literal } from '../../program.js';
import * as arrange from '../../reference/arrangement.js';
import { expect, sizeOf, type DType, type Values } from '../../reference/values.js';
import { operation, type OperationSpec } from '../operation-spec.js';

const ALL: readonly DType[] = ['float32', 'int32', 'bool'];

const concat = operation<{ axis: number }>({
  name: 'concat',
  choose(chooser) {
    const { random } = chooser;
    const x = chooser.any({ dtypes: ALL, minRank: 1 });
    const { shape, dtype } = x.value;
    const axis = random.below(shape.length);
    const others = Array.from({ length: random.between(1, 2) }, () => {
      const other = shape.map((size, i) => (i === axis && random.chance(0.5) ? random.below(6) : size));
      return chooser.of(other, { dtype });
    });
    return { inputs: random.shuffled([x, ...others]), attributes: { axis } };
  },
  code: (inputs, { axis }) => `tf.concat([${inputs.join(', ')}], ${axis})`,
  reference: (inputs, { axis }) => arrange.concat(inputs, axis),
  weight: 2,
});

const stacked = (x: Values, axis: number): Values => ({
  ...x,
  shape: [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)],
});

const stack = operation<{ axis: number }>({
  name: 'stack',
  choose(chooser) {
    const { random } = chooser;
    const x = chooser.any({ dtypes: ALL, maxRank: 5 });
    const { shape, dtype } = x.value;
    const others = Array.from({ length: random.between(0, 2) }, () => chooser.of(shape, { dtype }));
    return { inputs: [x, ...others], attributes: { axis: random.below(shape.length + 1) } };
  },
  code: (inputs, { axis }) => `tf.stack([${inputs.join(', ')}], ${axis})`,
  reference(inputs, { axis }) {
    const joined = arrange.concat(
      inputs.map((x) => stacked(x, axis)),
      axis,
    );
    return {
      ...joined,
      gradient: (dy) =>
        joined.gradient!(dy).map(
          (part, i) => part && { ...part, value: { ...part.value, shape: inputs[i].shape } },
        ),
    };
  },
});

const parts = (x: Values, axis: number, sizes: readonly number[]) => {
  let start = 0;
  return sizes.map((size) => {
    const begin = x.shape.map((_, i) => (i === axis ? start : 0));
    start += size;
    return arrange.slice(
      x,
      begin,
      x.shape.map((total, i) => (i === axis ? size : total)),
    );
  });
};

const unstack = operation<{ axis: number }>({
  name: 'unstack',
  choose(chooser) {
    const { random } = chooser;
    const x = chooser.any({ dtypes: ALL, minRank: 1, isFilled: true });
    const axis = random.below(x.value.shape.length);
    return x.value.shape[axis] <= 4 ? { inputs: [x], attributes: { axis } } : undefined;
  },
  code: ([x], { axis }) => `tf.unstack(${x}, ${axis})`,
  reference: ([x], { axis }) =>
    parts(x, axis, Array<number>(x.shape[axis]).fill(1)).map(({ value }) => ({
      value: { ...value, shape: value.shape.filter((_, i) => i !== axis) },
      precision: 'exact' as const,
    })),
});

const split = operation<{ axis: number; sizes: readonly number[] }>({
  name: 'split',
  choose(chooser) {
    const { random } = chooser;
    const x = chooser.any({ dtypes: ALL, minRank: 1 });
    const axis = random.below(x.value.shape.length);
    const total = x.value.shape[axis];
    const first = random.between(0, total);
    const second = random.between(0, total - first);
    return { inputs: [x], attributes: { axis, sizes: [first, second, total - first - second] } };
  },
  code: ([x], { axis, sizes }) => `tf.split(${x}, ${literal(sizes)}, ${axis})`,
  reference: ([x], { axis, sizes }) => {
    expect(sizes.reduce((a, b) => a + b, 0) === x.shape[axis], 'The parts do not make up the axis');
    return parts(x, axis, sizes);
  },
});

const tile = operation<{ reps: readonly number[] }>({
  name: 'tile',
  choose(chooser) {
    const { random } = chooser;
    const x = chooser.any({ dtypes: ALL, minRank: 1 });
    const reps = x.value.shape.map(() => random.pick([1, 1, 2, 3]));
    return sizeOf(reps) * sizeOf(x.value.shape) < 20_000 ? { inputs: [x], attributes: { reps } } : undefined;
  },
  code: ([x], { reps }) => `tf.tile(${x}, ${literal(reps)})`,
  reference: ([x], { reps }) => {
    expect(reps.length === x.shape.length, 'Repetitions of another rank');
    return arrange.tile(x, reps);
  },
});

const broadcastTo = operation<{ shape: readonly number[] }>({
  name: 'broadcastTo',
  choose(chooser) {
    const { random } = chooser;
    const x = chooser.any({ dtypes: ['float32'], maxRank: 4 });
    const more = Array.from({ length: random.below(2) }, () => random.between(1, 3));
    const shape = [...more, ...x.value.shape.map((size) => (size === 1 ? random.between(1, 4) : size))];
    return { inputs: [x], attributes: { shape } };
  },
  code: ([x], { shape }) => `tf.broadcastTo(${x}, ${literal(shape)})`,
  reference: ([x], { shape }) => {
    const offset = shape.length - x.shape.length;
    expect(
      x.shape.every((size, i) => size === 1 || size === shape[i + offset]),
      'Shapes do not broadcast',
    );
    return arrange.broadcastTo(x, shape);
  },
});

const gather = operation<{ axis: number }>({
  name: 'gather',
  choose(chooser) {
    const { random } = chooser;
    const x = chooser.any({ dtypes: ALL, minRank: 1, maxRank: 5, isFilled: true });
    const axis = random.below(x.value.shape.length);
    const count = random.pick([[], [1], [3], [5], [2, 2]]).slice(0, 6 - x.value.shape.length + 1);
    const indices = chooser.of(count, {
      dtype: 'int32',
      fill: 'indices',
      scale: x.value.shape[axis],
      isNew: true,
    });
    return { inputs: [x, indices], attributes: { axis } };
  },
  code: ([x, indices], { axis }) => `tf.gather(${x}, ${indices}, ${axis})`,
  reference: ([x, indices], { axis }) => arrange.gather(x, indices, axis),
});

/** Operations that join tensors, take them apart, or repeat their values. */
export const JOINING: readonly OperationSpec[] = [concat, stack, unstack, split, tile, broadcastTo, gather];
