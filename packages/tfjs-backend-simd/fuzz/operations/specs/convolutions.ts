import { literal } from '../../program.js';
import { convolution, depthwiseConvolution, transposedConvolution } from '../../reference/convolution.js';
import { Tape } from '../../reference/tape.js';
import type { Result, Values } from '../../reference/values.js';
import type { Padding, WindowOptions } from '../../reference/windows.js';
import { operation, type Chooser, type Known, type OperationSpec } from '../operation-spec.js';
import { fused, FUSED_ACTIVATIONS, LEAKY_ALPHA, type FusedActivation } from './products.js';

interface Attributes {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly pad: Padding;
}

const CHANNELS = [1, 2, 3, 4, 5, 8, 9, 16, 16, 24];
const SIZES = [1, 2, 3, 3, 3, 4, 5, 5];

/** Images: an existing tensor of this rank, or a new one of a size that is common in networks. */
export function images(chooser: Chooser, dimensions: number): Known {
  const { random } = chooser;
  if (random.chance(0.3))
    return chooser.any({ dtypes: ['float32'], minRank: dimensions + 2, maxRank: dimensions + 2 });
  const sizes = Array.from({ length: dimensions }, () => random.between(1, dimensions === 3 ? 5 : 10));
  const batch = random.chance(0.05) ? 0 : random.between(1, 3);
  return chooser.of([batch, ...sizes, random.pick(CHANNELS)], {
    isNew: random.chance(0.3),
    ...(random.chance(0.3) && { fill: 'sparse' }),
  });
}

/** Padding by numbers is for square windows: TensorFlow.js computes both sizes with the height of the window. */
export function choosePadding(
  chooser: Chooser,
  spans: readonly number[],
  sizes: readonly number[],
  { isExplicit = false } = {},
): Padding {
  const { random } = chooser;
  const isSquare = spans.every((span) => span === spans[0]);
  const choices: Padding[] = ['same', 'same'];
  if (spans.every((span, i) => span <= sizes[i])) choices.push('valid', 'valid');
  // A window must touch the image.
  const most = Math.min(...spans) - 1;
  if (isSquare && most > 0) choices.push(random.between(1, most));
  if (isExplicit && most > 0)
    choices.push(spans.map(() => [random.between(0, most), random.between(0, most)] as const));
  return random.pick(choices);
}

/** As TensorFlow.js takes it. */
export const paddingCode = (pad: Padding): string =>
  Array.isArray(pad)
    ? literal([[0, 0], ...(pad as readonly (readonly [number, number])[]), [0, 0]])
    : literal(pad);

function chooseWindows(
  chooser: Chooser,
  sizes: readonly number[],
  { isExplicit = false, hasEqualStrides = false } = {},
): Attributes & { filterSizes: readonly number[] } {
  const { random } = chooser;
  const square = random.pick(SIZES);
  const filterSizes = random.chance(0.7) ? sizes.map(() => square) : sizes.map(() => random.between(1, 5));
  const isStrided = random.chance(0.35);
  const isDilated = !isStrided && random.chance(0.2);
  const stride = random.between(1, 3);
  const strides = sizes.map(() => (isStrided ? (hasEqualStrides ? stride : random.between(1, 3)) : 1));
  const dilations = sizes.map(() => (isDilated ? random.between(1, 3) : 1));
  const spans = filterSizes.map((size, i) => (size - 1) * dilations[i] + 1);
  const pad = choosePadding(chooser, spans, sizes, { isExplicit });
  // With padding by a number TensorFlow.js divides both sizes by the first stride.
  const areEqual = typeof pad === 'number';
  return { filterSizes, strides: areEqual ? strides.map(() => strides[0]) : strides, dilations, pad };
}

const toOptions = ({ strides, dilations, pad }: Attributes): WindowOptions => ({ strides, dilations, pad });
const filterScale = (inputs: number) => Number((1 / Math.sqrt(Math.max(1, inputs))).toPrecision(2));

const dense = (name: string, dimensions: number, code: OperationSpec<Attributes>['code']): OperationSpec =>
  operation<Attributes>({
    name,
    choose(chooser) {
      const x = images(chooser, dimensions);
      const sizes = x.value.shape.slice(1, -1);
      const { filterSizes, ...attributes } = chooseWindows(chooser, sizes, { isExplicit: dimensions === 2 });
      if (dimensions !== 2 && typeof attributes.pad !== 'string') return undefined;
      const filterShape = [...filterSizes, x.value.shape.at(-1)!, chooser.random.pick(CHANNELS)];
      const filter = chooser.of(filterShape, {
        scale: filterScale(filterShape.slice(0, -1).reduce((a, b) => a * b, 1)),
      });
      return { inputs: [x, filter], attributes };
    },
    code,
    reference: ([x, w], attributes) => convolution(x, w, toOptions(attributes)),
    spreadsNaN: true,
    weight: dimensions === 2 ? 5 : 1,
  });

const conv2d = dense(
  'conv2d',
  2,
  ([x, w], { strides, dilations, pad }) =>
    `tf.conv2d(${x}, ${w}, ${literal(strides)}, ${paddingCode(pad)}, 'NHWC', ${literal(dilations)})`,
);
const conv1d = dense(
  'conv1d',
  1,
  ([x, w], { strides, dilations, pad }) =>
    `tf.conv1d(${x}, ${w}, ${strides[0]}, ${paddingCode(pad)}, 'NWC', ${dilations[0]})`,
);
const conv3d = dense(
  'conv3d',
  3,
  ([x, w], { strides, dilations, pad }) =>
    `tf.conv3d(${x}, ${w}, ${literal(strides)}, ${paddingCode(pad)}, 'NDHWC', ${literal(dilations)})`,
);

type FusedAttributes = Attributes & { readonly activation: FusedActivation };

const fusedConvolution = (
  name: string,
  convolve: (x: Values, w: Values, options: WindowOptions) => Result,
  isDepthwise: boolean,
): OperationSpec =>
  operation<FusedAttributes>({
    name,
    choose(chooser) {
      const { random } = chooser;
      const x = images(chooser, 2);
      const { filterSizes, ...attributes } = chooseWindows(chooser, x.value.shape.slice(1, -1), {
        hasEqualStrides: isDepthwise,
      });
      const inputs = x.value.shape.at(-1)!;
      const outputs = isDepthwise ? random.pick([1, 1, 2, 3]) : random.pick(CHANNELS);
      const filter = chooser.of([...filterSizes, inputs, outputs], { scale: 0.2 });
      const bias = random.chance(0.7) ? [chooser.of([isDepthwise ? inputs * outputs : outputs])] : [];
      return {
        inputs: [x, filter, ...bias],
        attributes: { ...attributes, activation: random.pick(FUSED_ACTIVATIONS) },
      };
    },
    code: ([x, filter, bias], { strides, dilations, pad, activation }) => {
      const options = `strides: ${literal(strides)}, pad: ${paddingCode(pad)}, dilations: ${literal(dilations)}, activation: '${activation}', leakyreluAlpha: ${LEAKY_ALPHA}`;
      return `tf.${name}({ x: ${x}, filter: ${filter}, ${bias ? `bias: ${bias}, ` : ''}${options} })`;
    },
    reference: (inputs, { activation, ...attributes }, branches) =>
      fused(inputs, (x, w) => convolve(x, w, toOptions(attributes)), activation, branches),
    spreadsNaN: true,
    weight: 3,
  });

const depthwise = operation<Attributes>({
  name: 'depthwiseConv2d',
  choose(chooser) {
    const { random } = chooser;
    const x = images(chooser, 2);
    const { filterSizes, ...attributes } = chooseWindows(chooser, x.value.shape.slice(1, -1), {
      hasEqualStrides: true,
    });
    const filter = chooser.of([...filterSizes, x.value.shape.at(-1)!, random.pick([1, 1, 2, 3])]);
    return { inputs: [x, filter], attributes };
  },
  code: ([x, w], { strides, dilations, pad }) =>
    `tf.depthwiseConv2d(${x}, ${w}, ${literal(strides)}, ${paddingCode(pad)}, 'NHWC', ${literal(dilations)})`,
  reference: ([x, w], attributes) => depthwiseConvolution(x, w, toOptions(attributes)),
  spreadsNaN: true,
  weight: 3,
});

const separable = operation<Attributes>({
  name: 'separableConv2d',
  choose(chooser) {
    const { random } = chooser;
    const x = images(chooser, 2);
    const { filterSizes, ...attributes } = chooseWindows(chooser, x.value.shape.slice(1, -1), {
      hasEqualStrides: true,
    });
    if (typeof attributes.pad !== 'string') return undefined;
    const channels = x.value.shape.at(-1)!;
    const multiplier = random.pick([1, 2]);
    return {
      inputs: [
        x,
        chooser.of([...filterSizes, channels, multiplier], { scale: 0.4 }),
        chooser.of([1, 1, channels * multiplier, random.pick(CHANNELS)], { scale: 0.4 }),
      ],
      attributes,
    };
  },
  code: ([x, w, p], { strides, dilations, pad }) =>
    `tf.separableConv2d(${x}, ${w}, ${p}, ${literal(strides)}, ${paddingCode(pad)}, ${literal(dilations)})`,
  reference(inputs, attributes, branches) {
    const tape = new Tape({ branches, round: ({ value }) => value });
    const [x, w, p] = inputs.map((value) => tape.leaf(value));
    const filtered = tape.apply([x, w], (a, b) => depthwiseConvolution(a, b, toOptions(attributes)));
    const y = tape.apply([filtered, p], (a, b) => convolution(a, b, { strides: [1, 1], pad: 'valid' }));
    return {
      value: y.value,
      precision: 'rounded',
      gradient: (dy) =>
        tape.gradients([[y, dy]], [x, w, p]).map((value) => ({ value, precision: 'rounded' as const })),
    };
  },
  spreadsNaN: true,
});

type TransposedAttributes = Attributes & { readonly outShape: readonly number[] };

const transposed = operation<TransposedAttributes>({
  name: 'conv2dTranspose',
  choose(chooser) {
    const { random } = chooser;
    const x = images(chooser, 2);
    const [batch, ...rest] = x.value.shape;
    const channels = rest.pop()!;
    const square = random.pick(SIZES);
    const stride = random.between(1, 3);
    const pad = random.pick(['same', 'valid'] as const);
    const sizes = rest.map((size) => (pad === 'same' ? size * stride : (size - 1) * stride + square));
    const outputs = random.pick(CHANNELS);
    const filter = chooser.of([square, square, outputs, channels], {
      scale: filterScale(square * square * channels),
    });
    return {
      inputs: [x, filter],
      attributes: { strides: [stride, stride], dilations: [1, 1], pad, outShape: [batch, ...sizes, outputs] },
    };
  },
  code: ([x, w], { strides, pad, outShape }) =>
    `tf.conv2dTranspose(${x}, ${w}, ${literal(outShape)}, ${literal(strides)}, ${literal(pad)})`,
  reference: ([x, w], { outShape, ...attributes }) =>
    transposedConvolution(x, w, { outShape, ...toOptions(attributes) }),
  spreadsNaN: true,
  weight: 2,
});

export const CONVOLUTIONS: readonly OperationSpec[] = [
  conv2d,
  conv1d,
  conv3d,
  fusedConvolution('fused.conv2d', convolution, false),
  fusedConvolution('fused.depthwiseConv2d', depthwiseConvolution, true),
  depthwise,
  separable,
  transposed,
];
