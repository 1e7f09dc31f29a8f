import { integersAttribute } from './attributes.js';
import type { NodeDef } from './graph-topology.js';

/** An array that a node reads. */
export interface OperationInput {
  readonly shape: readonly number[];
  /** Its values, of an array of integers such as a shape. */
  readonly values: () => readonly number[];
}

/** An operation of convolutional networks. */
export interface Operation {
  /** The Keras layer that computes the same of one array; "Lambda" for others. */
  readonly kind: string;
  /** At least the number of values that it computes. */
  readonly bound: (inputs: readonly OperationInput[], node: NodeDef) => number;
}

type Bound = Operation['bound'];

const product = (sizes: readonly number[]) => sizes.reduce((result, size) => result * size, 1);
const count = ({ shape }: OperationInput) => product(shape);

const sameSize: Bound = ([first]) => count(first);
const sumOfSizes: Bound = (inputs) => inputs.reduce((sum, input) => sum + count(input), 0);
/** A list of sizes, such as a shape. */
const rankOnly: Bound = ([{ shape }]) => shape.length + 1;

const broadcast: Bound = (inputs) => {
  const rank = Math.max(...inputs.map(({ shape }) => shape.length));
  const sizes = Array.from({ length: rank }, (_, axis) =>
    Math.max(...inputs.map(({ shape }) => shape[shape.length - 1 - axis] ?? 1)),
  );
  return product(sizes);
};

const matrixProduct: Bound = ([a, b]) => {
  const sides = [a, b].map(({ shape }) => Math.max(...shape.slice(-2)));
  const matrices = [a, b].map(({ shape }) => product(shape.slice(0, -2)));
  return product(sides) * Math.max(...matrices);
};

const convolution: Bound = ([{ shape }, filter], node) => {
  const [images, height, width] = shape;
  const padding = integersAttribute(node, 'explicit_paddings').reduce((sum, size) => sum + Math.abs(size), 0);
  const isDepthwise = /depthwise/i.test(node.op);
  const channels = product(filter.shape.slice(isDepthwise ? 2 : 3));
  return images * (height + padding) * (width + padding) * channels;
};

/** The product of a list of sizes that the node reads. */
const listedSizes =
  (position: number): Bound =>
  (inputs) =>
    product(inputs[position].values().map(Math.abs));

const padded: Bound = ([{ shape }, paddings]) => {
  const amounts = paddings.values().map(Math.abs);
  return product(shape.map((size, axis) => size + (amounts[2 * axis] ?? 0) + (amounts[2 * axis + 1] ?? 0)));
};

/** Blocks along rows and columns, whose paddings are the third input. */
const paddedBlocks: Bound = ([{ shape }, , paddings]) =>
  product(shape) * product(paddings.values().map((amount) => Math.abs(amount) + 1));

const resized: Bound = ([{ shape }, sizes]) =>
  shape[0] * (shape[3] ?? 1) * product(sizes.values().map(Math.abs));

const tiled: Bound = ([{ shape }, repetitions]) =>
  product(shape) * product(repetitions.values().map(Math.abs));

const gathered: Bound = ([{ shape }, indices]) =>
  (product(shape) / Math.max(1, Math.min(...shape))) * count(indices);

const listOf = (names: string, kind: string, bound: Bound): [string, Operation][] =>
  names.split(' ').map((name) => [name, { kind, bound }]);

/**
 * The operations that are known, by name. Each computes values of a size that is checked before it runs: a file may ask for
 * any.
 */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ...listOf('Conv2D _FusedConv2D', 'Conv2D', convolution),
  ...listOf('DepthwiseConv2dNative FusedDepthwiseConv2dNative', 'DepthwiseConv2D', convolution),
  ...listOf('Conv2DBackpropInput', 'Conv2DTranspose', listedSizes(0)),
  ...listOf('MatMul _FusedMatMul', 'Dense', matrixProduct),
  ...listOf('BatchMatMul BatchMatMulV2', 'Lambda', matrixProduct),
  ...listOf('MaxPool', 'MaxPooling2D', sameSize),
  ...listOf('AvgPool', 'AveragePooling2D', sameSize),
  ...listOf('FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 BiasAdd', 'BatchNormalization', sameSize),
  ...listOf('Relu Relu6', 'ReLU', sameSize),
  ...listOf('LeakyRelu', 'LeakyReLU', sameSize),
  ...listOf('Elu', 'ELU', sameSize),
  ...listOf('Selu', 'ScaledELU', sameSize),
  ...listOf('Prelu', 'PReLU', broadcast),
  ...listOf('Softmax', 'Softmax', sameSize),
  ...listOf('Sigmoid', 'Sigmoid', sameSize),
  ...listOf(
    'Tanh Softplus Exp Log Log1p Sqrt Rsqrt Square Abs Neg Sign Floor Ceil Round',
    'Activation',
    sameSize,
  ),
  ...listOf('Reciprocal Erf Sin Cos LogSoftmax ClipByValue LogicalNot', 'Activation', sameSize),
  ...listOf('Cast Identity StopGradient PreventGradient Snapshot', 'Dropout', sameSize),
  ...listOf('IdentityN', 'Dropout', sumOfSizes),
  ...listOf('ZerosLike OnesLike LRN', 'Lambda', sameSize),
  ...listOf('Add AddV2', 'Add', broadcast),
  ...listOf('AddN', 'Add', sameSize),
  ...listOf('Mul', 'Multiply', broadcast),
  ...listOf('Sub', 'Subtract', broadcast),
  ...listOf('Maximum', 'Maximum', broadcast),
  ...listOf('Minimum', 'Minimum', broadcast),
  ...listOf(
    'RealDiv Div DivNoNan FloorDiv Mod FloorMod Pow SquaredDifference Select SelectV2',
    'Lambda',
    broadcast,
  ),
  ...listOf('Greater GreaterEqual Less LessEqual Equal NotEqual LogicalAnd LogicalOr', 'Lambda', broadcast),
  ...listOf('ConcatV2 Concat', 'Concatenate', sumOfSizes),
  ...listOf('Pack', 'Lambda', sumOfSizes),
  ...listOf('Mean Max Min Sum Prod ArgMax ArgMin', 'Lambda', sameSize),
  ...listOf('Reshape Squeeze ExpandDims', 'Reshape', sameSize),
  ...listOf('Transpose', 'Permute', sameSize),
  ...listOf(
    'Slice StridedSlice Split SplitV Unpack DepthToSpace SpaceToDepth BatchToSpaceND',
    'Lambda',
    sameSize,
  ),
  ...listOf('Shape Rank Size', 'Lambda', rankOnly),
  ...listOf('Pad PadV2 MirrorPad', 'Lambda', padded),
  ...listOf('SpaceToBatchND', 'Lambda', paddedBlocks),
  ...listOf('ResizeBilinear ResizeNearestNeighbor', 'Lambda', resized),
  ...listOf('Tile', 'Lambda', tiled),
  ...listOf('Fill', 'Lambda', listedSizes(0)),
  ...listOf('BroadcastTo', 'Lambda', listedSizes(1)),
  ...listOf('Gather GatherV2', 'Lambda', gathered),
]);

/** Operations that read nothing of the graph. */
export const SOURCES: readonly string[] = ['Const', 'Placeholder', 'PlaceholderWithDefault'];
