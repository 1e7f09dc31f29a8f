import type { Random } from '../../random.js';
import { convolution, depthwiseConvolution, transposedConvolution } from '../../reference/convolution.js';
import { add, binary } from '../../reference/elementwise.js';
import type { Node, Tape } from '../../reference/tape.js';
import { activate, ACTIVATIONS, COMMON_ACTIVATIONS } from '../activations.js';
import { layer, type LayerSpec, type Shape, type WeightSpec } from '../layer-spec.js';

interface ConvolutionOptions {
  readonly filters: number;
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly dilationRate: readonly number[];
  readonly padding: 'same' | 'valid';
  readonly activation: string;
  readonly useBias: boolean;
  readonly depthMultiplier: number;
}

/** Half of the numbers of channels meet the conditions of Winograd's algorithm: multiples of 8, at least 16. */
const CHANNELS = [1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 16, 16, 24, 32];

/** The output size of a window, before rounding down. */
const fits = (size: number, kernel: number, dilation: number) => (kernel - 1) * dilation + 1 <= size;

function chooseOptions(random: Random, shape: Shape): ConvolutionOptions | undefined {
  const sizes = shape.slice(0, -1);
  const square = random.pick([1, 2, 3, 3, 3, 3, 4, 5, 5]);
  const kernelSize = random.chance(0.7) ? sizes.map(() => square) : sizes.map(() => random.between(1, 5));
  const isStrided = random.chance(0.3);
  const isDilated = !isStrided && random.chance(0.2);
  const several = (isUsed: boolean) => sizes.map(() => (isUsed ? random.between(1, 3) : 1));
  const dilationRate = several(isDilated);
  const fitsAll = sizes.every((size, i) => fits(size, kernelSize[i], dilationRate[i]));
  return {
    filters: random.pick(CHANNELS),
    kernelSize,
    strides: several(isStrided),
    dilationRate,
    padding: fitsAll && random.chance(0.4) ? 'valid' : 'same',
    activation: random.pick(random.chance(0.8) ? COMMON_ACTIVATIONS : ACTIVATIONS),
    useBias: random.chance(0.75),
    depthMultiplier: random.pick([1, 1, 1, 2, 3]),
  };
}

const chosen =
  (
    rank: number,
    change: (options: ConvolutionOptions) => ConvolutionOptions | undefined = (options) => options,
  ) =>
  (random: Random, [shape]: readonly Shape[]) => {
    if (shape.length !== rank) return undefined;
    const options = chooseOptions(random, shape);
    return options && change(options);
  };

/** Strides that differ are refused by TensorFlow.js for depthwise convolutions. */
const withEqualStrides = (options: ConvolutionOptions): ConvolutionOptions => ({
  ...options,
  strides: options.strides.map(() => options.strides[0]),
});

const common = ({ kernelSize, strides, dilationRate, padding, activation, useBias }: ConvolutionOptions) => ({
  kernelSize,
  ...(strides.some((stride) => stride > 1) && { strides }),
  ...(dilationRate.some((rate) => rate > 1) && { dilationRate }),
  padding,
  ...(activation !== 'linear' && { activation }),
  ...(!useBias && { useBias }),
});

const product = (sizes: Shape) => sizes.reduce((a, b) => a * b, 1);

/** Weights that keep the size of values: of variance 2 / inputs. */
const kernelSpec = (shape: Shape, inputs: number): WeightSpec => ({
  shape,
  fill: { kind: 'normal', scale: Number(Math.sqrt(2 / inputs).toPrecision(3)) },
});
const biasSpec = (options: ConvolutionOptions, size: number): WeightSpec[] =>
  options.useBias ? [{ shape: [size], fill: { kind: 'normal', scale: 0.3 } }] : [];

function finish(tape: Tape, y: Node, bias: Node | undefined, activation: string): Node {
  const biased = bias ? tape.apply([y, bias], (a, b) => binary(a, b, add)) : y;
  return activate(tape, biased, activation);
}

const windowOptions = ({ strides, dilationRate, padding }: ConvolutionOptions) => ({
  strides,
  dilations: dilationRate,
  pad: padding,
});

/** Options of a convolution that are closer to the simplest. */
const simpler = (options: ConvolutionOptions): ConvolutionOptions[] => [
  { ...options, activation: 'linear' },
  { ...options, useBias: false },
  { ...options, strides: options.strides.map(() => 1) },
  { ...options, dilationRate: options.dilationRate.map(() => 1) },
  { ...options, kernelSize: options.kernelSize.map(() => 1) },
  ...(Math.max(...options.kernelSize) > 3
    ? [{ ...options, kernelSize: options.kernelSize.map(() => 3) }]
    : []),
  { ...options, padding: 'valid' },
  { ...options, depthMultiplier: 1 },
  ...[1, 2, 8, 16].filter((filters) => filters < options.filters).map((filters) => ({ ...options, filters })),
];

const dense = (name: string, rank: number): LayerSpec =>
  layer<ConvolutionOptions>({
    name,
    choose: chosen(rank),
    code: (options) => ({ filters: options.filters, ...common(options) }),
    weights: (options, shape) => [
      kernelSpec(
        [...options.kernelSize, shape.at(-1)!, options.filters],
        product(options.kernelSize) * shape.at(-1)!,
      ),
      ...biasSpec(options, options.filters),
    ],
    cost: ({ kernelSize, filters }, shape) => product(shape) * product(kernelSize) * filters,
    reference: ({ tape, inputs, weights: [kernel, bias], options }) => {
      const y = tape.apply([inputs[0], kernel], (x, w) => convolution(x, w, windowOptions(options)));
      return finish(tape, y, bias, options.activation);
    },
    simpler,
  });

const depthwise = layer<ConvolutionOptions>({
  name: 'depthwiseConv2d',
  choose: chosen(3, withEqualStrides),
  code: (options) => ({
    ...common(options),
    ...(options.depthMultiplier > 1 && { depthMultiplier: options.depthMultiplier }),
  }),
  weights: (options, shape) => [
    kernelSpec([...options.kernelSize, shape.at(-1)!, options.depthMultiplier], product(options.kernelSize)),
    ...biasSpec(options, shape.at(-1)! * options.depthMultiplier),
  ],
  cost: ({ kernelSize, depthMultiplier }, shape) => product(shape) * product(kernelSize) * depthMultiplier,
  reference: ({ tape, inputs, weights: [kernel, bias], options }) => {
    const y = tape.apply([inputs[0], kernel], (x, w) => depthwiseConvolution(x, w, windowOptions(options)));
    return finish(tape, y, bias, options.activation);
  },
  simpler,
});

const separable = layer<ConvolutionOptions>({
  name: 'separableConv2d',
  choose: chosen(3, withEqualStrides),
  code: (options) => ({
    filters: options.filters,
    ...common(options),
    ...(options.depthMultiplier > 1 && { depthMultiplier: options.depthMultiplier }),
  }),
  weights: (options, shape) => {
    const channels = shape.at(-1)! * options.depthMultiplier;
    return [
      kernelSpec(
        [...options.kernelSize, shape.at(-1)!, options.depthMultiplier],
        product(options.kernelSize),
      ),
      kernelSpec([1, 1, channels, options.filters], channels),
      ...biasSpec(options, options.filters),
    ];
  },
  cost: ({ kernelSize, depthMultiplier, filters }, shape) =>
    product(shape) * depthMultiplier * (product(kernelSize) + filters),
  reference: ({ tape, inputs, weights: [depthwiseKernel, pointwiseKernel, bias], options }) => {
    const filtered = tape.apply([inputs[0], depthwiseKernel], (x, w) =>
      depthwiseConvolution(x, w, windowOptions(options)),
    );
    const y = tape.apply([filtered, pointwiseKernel], (x, w) =>
      convolution(x, w, { strides: [1, 1], pad: 'valid' }),
    );
    return finish(tape, y, bias, options.activation);
  },
  simpler,
});

const transposed = layer<ConvolutionOptions>({
  name: 'conv2dTranspose',
  choose: chosen(3, (options) => withEqualStrides({ ...options, dilationRate: [1, 1] })),
  code: (options) => ({ filters: options.filters, ...common(options) }),
  weights: (options, shape) => [
    kernelSpec(
      [...options.kernelSize, options.filters, shape.at(-1)!],
      product(options.kernelSize) * shape.at(-1)!,
    ),
    ...biasSpec(options, options.filters),
  ],
  cost: ({ kernelSize, filters, strides }, shape) =>
    product(shape) * product(kernelSize) * filters * product(strides),
  reference: ({ tape, inputs, weights: [kernel, bias], options }) => {
    const { kernelSize, strides, padding, filters } = options;
    const [images, ...rest] = inputs[0].value.shape;
    const sizes = rest.slice(0, -1).map((size, i) => {
      const overlap = padding === 'valid' ? Math.max(0, kernelSize[i] - strides[i]) : 0;
      return size * strides[i] + overlap;
    });
    const outShape = [images, ...sizes, filters];
    const y = tape.apply([inputs[0], kernel], (x, w) =>
      transposedConvolution(x, w, { outShape, strides, pad: padding }),
    );
    return finish(tape, y, bias, options.activation);
  },
  simpler,
});

export const CONVOLUTION_LAYERS: readonly LayerSpec[] = [
  dense('conv2d', 3),
  dense('conv1d', 2),
  dense('conv3d', 4),
  depthwise,
  separable,
  transposed,
];
