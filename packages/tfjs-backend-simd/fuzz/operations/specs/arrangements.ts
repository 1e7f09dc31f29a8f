import { literal } from '../../program.js';
import * as arrange from '../../reference/arrangement.js';
import { expect, type DType } from '../../reference/values.js';
import { operation, type Chooser, type Known, type OperationSpec } from '../operation-spec.js';

const ALL: readonly DType[] = ['float32', 'int32', 'bool'];
const axesOf = ({ value }: Known) => value.shape.map((_, i) => i);

/** Another shape of as many values: dimensions merged, split, or of size 1 added. */
function anotherShape({ random }: Chooser, shape: readonly number[]): number[] {
  let result = [...shape];
  for (let i = 0; i < 3; i++) {
    const at = random.below(result.length + 1);
    const factor = [2, 3, 5].find((n) => at < result.length && result[at] > 0 && result[at] % n === 0);
    if (random.chance(0.4) && at + 1 < result.length)
      result = [...result.slice(0, at), result[at] * result[at + 1], ...result.slice(at + 2)];
    else if (factor && result.length < 6) result.splice(at, 1, factor, result[at] / factor);
    else if (result.length < 6) result.splice(at, 0, 1);
  }
  return result;
}

const reshape = operation<{ shape: readonly number[] }>({
  name: 'reshape',
  choose(chooser) {
    const x = chooser.any({ dtypes: ALL });
    return { inputs: [x], attributes: { shape: anotherShape(chooser, x.value.shape) } };
  },
  code: ([x], { shape }) => `tf.reshape(${x}, ${literal(shape)})`,
  reference: ([x], { shape }) => arrange.reshape(x, shape),
  weight: 2,
});

const clone = operation<object>({
  name: 'clone',
  choose: (chooser) => ({ inputs: [chooser.any({ dtypes: ALL })], attributes: {} }),
  code: ([x]) => `tf.clone(${x})`,
  reference: ([x]) => arrange.reshape(x, x.shape),
  weight: 2,
});

const expandDims = operation<{ axis: number }>({
  name: 'expandDims',
  choose(chooser) {
    const x = chooser.any({ dtypes: ALL, maxRank: 5 });
    return { inputs: [x], attributes: { axis: chooser.random.below(x.value.shape.length + 1) } };
  },
  code: ([x], { axis }) => `tf.expandDims(${x}, ${axis})`,
  reference: ([x], { axis }) => arrange.reshape(x, [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)]),
});

const squeeze = operation<object>({
  name: 'squeeze',
  choose: (chooser) => ({ inputs: [chooser.any({ dtypes: ALL })], attributes: {} }),
  code: ([x]) => `tf.squeeze(${x})`,
  reference: ([x]) =>
    arrange.reshape(
      x,
      x.shape.filter((size) => size !== 1),
    ),
});

const transpose = operation<{ permutation: readonly number[] }>({
  name: 'transpose',
  choose(chooser) {
    const x = chooser.any({ dtypes: ALL });
    return { inputs: [x], attributes: { permutation: chooser.random.shuffled(axesOf(x)) } };
  },
  code: ([x], { permutation }) => `tf.transpose(${x}, ${literal(permutation)})`,
  reference: ([x], { permutation }) => {
    expect(permutation.length === x.shape.length, 'A permutation of another rank');
    return arrange.transpose(x, permutation);
  },
  weight: 2,
});

const slice = operation<{ begin: readonly number[]; size: readonly number[] }>({
  name: 'slice',
  choose(chooser) {
    const { random } = chooser;
    const x = chooser.any({ dtypes: ALL, minRank: 1, maxRank: 6 });
    const begin = x.value.shape.map((size) => random.below(size + 1));
    const size = x.value.shape.map((total, i) => random.between(0, total - begin[i]));
    return { inputs: [x], attributes: { begin, size } };
  },
  code: ([x], { begin, size }) => `tf.slice(${x}, ${literal(begin)}, ${literal(size)})`,
  reference: ([x], { begin, size }) => arrange.slice(x, begin, size),
  weight: 2,
});

const stridedSlice = operation<{
  begin: readonly number[];
  size: readonly number[];
  step: readonly number[];
}>({
  name: 'stridedSlice',
  choose(chooser) {
    const { random } = chooser;
    const x = chooser.any({ dtypes: ALL, minRank: 1, maxRank: 5, isFilled: true });
    const { shape } = x.value;
    const begin = shape.map((size) => random.below(size));
    const step = shape.map(() => random.between(1, 3));
    const size = shape.map((total, i) => random.between(1, Math.ceil((total - begin[i]) / step[i])));
    return { inputs: [x], attributes: { begin, size, step } };
  },
  code: ([x], { begin, size, step }) => {
    const end = begin.map((start, i) => start + (size[i] - 1) * step[i] + 1);
    return `tf.stridedSlice(${x}, ${literal(begin)}, ${literal(end)}, ${literal(step)})`;
  },
  reference: ([x], { begin, size, step }) =>
    arrange.slice(
      x,
      begin,
      size,
      step.map((s) => s),
    ),
  gradientOf: [],
});

type Paddings = readonly (readonly [number, number])[];

const pad = operation<{ paddings: Paddings; fill: number }>({
  name: 'pad',
  choose(chooser) {
    const { random } = chooser;
    const x = chooser.any({ dtypes: ['float32', 'int32'], minRank: 1, maxRank: 6 });
    const paddings = x.value.shape.map(() => [random.below(3), random.below(3)] as const);
    return { inputs: [x], attributes: { paddings, fill: random.pick([0, 0, 2]) } };
  },
  code: ([x], { paddings, fill }) => `tf.pad(${x}, ${literal(paddings)}, ${fill})`,
  reference: ([x], { paddings, fill }) => arrange.pad(x, paddings, { fill }),
});

const mirrorPad = operation<{ paddings: Paddings; mode: 'reflect' | 'symmetric' }>({
  name: 'mirrorPad',
  choose(chooser) {
    const { random } = chooser;
    const x = chooser.any({ dtypes: ['float32'], minRank: 1, maxRank: 4, isFilled: true });
    const mode = random.pick(['reflect', 'symmetric'] as const);
    const most = (size: number) => Math.min(3, size - Number(mode === 'reflect'));
    const paddings = x.value.shape.map(
      (size) => [random.between(0, most(size)), random.between(0, most(size))] as const,
    );
    return { inputs: [x], attributes: { paddings, mode } };
  },
  code: ([x], { paddings, mode }) => `tf.mirrorPad(${x}, ${literal(paddings)}, '${mode}')`,
  reference: ([x], { paddings, mode }) => arrange.pad(x, paddings, { mode }),
});

const reverse = operation<{ axes: readonly number[] }>({
  name: 'reverse',
  choose(chooser) {
    const { random } = chooser;
    const x = chooser.any({ dtypes: ALL, minRank: 1 });
    return { inputs: [x], attributes: { axes: axesOf(x).filter(() => random.chance(0.5)) } };
  },
  code: ([x], { axes }) => `tf.reverse(${x}, ${literal(axes)})`,
  reference: ([x], { axes }) => arrange.reverse(x, axes),
});

/** Operations that rearrange the values of one tensor. */
export const ARRANGEMENTS: readonly OperationSpec[] = [
  reshape,
  clone,
  expandDims,
  squeeze,
  transpose,
  slice,
  stridedSlice,
  pad,
  mirrorPad,
  reverse,
];
