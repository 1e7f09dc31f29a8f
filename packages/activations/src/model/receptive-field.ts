import type * as tf from '@tensorflow/tfjs';
import type { Region } from '@convlens/core';
import { isGraphNode, kindOf } from '../graph-model/graph-node.js';
import { internals, kerasConvolution } from './layer-kinds.js';
import type { ModelGraph, GraphNode } from './model-graph.js';

/** Rows or columns from `first` to `last`, both included. */
type Span = readonly [first: number, last: number];

const EMPTY_SPAN: Span = [0, -1];

/** Maps positions of a layer's output along one axis to the positions of its input that they depend on. */
type SpanRule = (span: Span, sizes: { input: number; output: number }) => Span;

const alongAxis = (value: number | number[] | undefined, axis: number) =>
  Array.isArray(value) ? value[axis] : (value ?? 1);

/** A window of `size` positions that moves by `stride`, as in a convolution or a pooling. */
const window =
  (size: number, stride: number, padding: unknown): SpanRule =>
  ([first, last], { input, output }) => {
    const padded = padding === 'same' ? Math.max(0, (output - 1) * stride + size - input) : 0;
    const before = Math.floor(padded / 2);
    return [first * stride - before, last * stride - before + size - 1];
  };

/** Each position of the input contributes to a window of the output, as in a transposed convolution. */
const transposedWindow =
  (size: number, stride: number, padding: unknown): SpanRule =>
  ([first, last], { input, output }) => {
    const padded = padding === 'same' ? Math.max(0, (input - 1) * stride + size - output) : 0;
    const before = Math.floor(padded / 2);
    const ends = [Math.ceil((first + before - size + 1) / stride), Math.floor((last + before) / stride)];
    // A position in the gap between two windows depends on no input (ends[0] > ends[1]): use the two
    // neighbors of the gap.
    return [Math.min(...ends), Math.max(...ends)];
  };

const shifted =
  (offset: number): SpanRule =>
  ([first, last]) => [first + offset, last + offset];

const same: SpanRule = (span) => span;

/** Layers that compute each position from the same position of their inputs. */
const POINTWISE = [
  'Activation',
  'Add',
  'AlphaDropout',
  'Average',
  'AxisBatchNormalization',
  'BatchNormalization',
  'Dropout',
  'ELU',
  'GaussianDropout',
  'GaussianNoise',
  'GeneralReLU',
  'LayerScale',
  'LeakyReLU',
  'Maximum',
  'Minimum',
  'Multiply',
  'Normalization',
  'PReLU',
  'ReLU',
  'Rescaling',
  'ScaledELU',
  'SelectChannels',
  'SpatialDropout2D',
  'Subtract',
  'ThresholdedReLU',
];

/** Layers whose nodes in a graph model may not say their windows. */
const WINDOWED = ['Conv2D', 'DepthwiseConv2D', 'Conv2DTranspose', 'MaxPooling2D', 'AveragePooling2D'];

/**
 * Layers that are pointwise if their axis is that of the channels. A group normalization is not: its statistics are those of all
 * positions.
 */
const POINTWISE_ALONG_CHANNELS = [
  ...['Concatenate', 'LayerNormalization', 'RMSNormalization', 'Softmax', 'StackTensors'],
  'UnitNormalization',
];

/** Layers that choose channels, or make channels of maps without any: one of their values has no axis for channels. */
const CHANNEL_CHOICES = ['SelectChannels', 'StackTensors'];

/** The axes in the configuration of a layer. */
function axesOf(layer: tf.layers.Layer): number[] {
  const { axis } = layer.getConfig() as { axis?: number | number[] };
  return [axis ?? -1].flat();
}

/** The span of a dilated window. */
const dilated = (size: number, dilation: number) => (size - 1) * dilation + 1;

/**
 * The rule of a layer along one axis (0: rows, 1: columns); undefined if a position may depend on all
 * positions.
 */
function spanRuleOf(layer: tf.layers.Layer, axis: number): SpanRule | undefined {
  const keras = kerasConvolution(layer);
  if (keras) {
    const { kind, padding } = keras;
    const [size, stride] = [keras.kernelSize[axis], keras.strides[axis]];
    if (kind === 'transposed') return transposedWindow(size, stride, padding);
    return window(dilated(size, keras.dilationRate[axis]), stride, padding);
  }
  const { kernelSize, poolSize, strides, dilationRate, padding, cropping } = internals(layer);
  const stride = alongAxis(strides, axis);
  const className = kindOf(layer);
  if (isGraphNode(layer) && WINDOWED.includes(className) && strides === undefined) return undefined;
  switch (className) {
    case 'Conv2D':
    case 'SeparableConv2D':
    case 'DepthwiseConv2D':
      return window(dilated(alongAxis(kernelSize, axis), alongAxis(dilationRate, axis)), stride, padding);
    case 'MaxPooling2D':
    case 'AveragePooling2D':
      return window(alongAxis(poolSize, axis), stride, padding);
    case 'Conv2DTranspose':
      return transposedWindow(alongAxis(kernelSize, axis), stride, padding);
    case 'UpSampling2D': {
      const { size, interpolation } = layer as unknown as { size: number[]; interpolation: string };
      return interpolation === 'nearest' ? transposedWindow(size[axis], size[axis], 'valid') : undefined;
    }
    case 'ZeroPadding2D':
      return shifted(-(padding as [[number, number], [number, number]])[axis][0]);
    case 'Cropping2D':
      return shifted(cropping![axis][0]);
  }
  if (POINTWISE_ALONG_CHANNELS.includes(className)) {
    return axesOf(layer).every((each) => each === 3 || each === -1) ? same : undefined;
  }
  return POINTWISE.includes(className) ? same : undefined;
}

/** The positions of one input that a node computes the positions `span` of its output from. */
function inputSpan(
  node: GraphNode,
  span: Span | undefined,
  { input, output, axis }: { input: number[]; output: number[]; axis: number },
): Span {
  const rule = spanRuleOf(node.layer, axis);
  const sizes = { input: input[axis + 1], output: output[axis + 1] };
  const wholeAxis: Span = [0, sizes.input - 1];
  const rank = CHANNEL_CHOICES.includes(node.layer.getClassName()) ? 3 : 4;
  if (!rule || !span || Math.min(input.length, output.length) < rank) return wholeAxis;
  // A merge of maps of different sizes broadcasts the smaller one.
  if (rule === same && sizes.input !== sizes.output) return wholeAxis;
  const [first, last] = rule(span, sizes).map((position) => Math.min(sizes.input - 1, Math.max(0, position)));
  return [first, last];
}

const union = (a: Span | undefined, b: Span): Span => (a ? [Math.min(a[0], b[0]), Math.max(a[1], b[1])] : b);

/** The rows (axis 0) or columns (axis 1) of the image that one position of a value depends on. */
function receptiveSpan(
  graph: ModelGraph,
  { value, shapes, position, axis }: { value: number; shapes: number[][]; position: number; axis: number },
): Span {
  const spans = new Map<number, Span>();
  if (shapes[value].length === 4) spans.set(value, [position, position]);
  const reached = new Set([value]);
  for (const node of [...graph.nodes].reverse()) {
    const output = node.outputs.find((each) => reached.has(each));
    if (output === undefined) continue;
    for (const input of node.inputs) {
      reached.add(input);
      if (shapes[input].length < 3) continue;
      const span = inputSpan(node, spans.get(output), { input: shapes[input], output: shapes[output], axis });
      spans.set(input, union(spans.get(input), span));
    }
  }
  return spans.get(graph.inputs[0]) ?? EMPTY_SPAN;
}

/**
 * The receptive field of one position of a layer output: the region of the image that it depends on, found by
 * following intervals backwards through the layers. A layer that is not known to be local, such as a dense
 * one, is assumed to depend on the whole image. The region is empty for a layer that depends on other inputs
 * only.
 */
export function receptiveField(
  graph: ModelGraph,
  { value, shapes, row, column }: { value: number; shapes: number[][]; row: number; column: number },
): Region {
  const [top, bottom] = receptiveSpan(graph, { value, shapes, position: row, axis: 0 });
  const [left, right] = receptiveSpan(graph, { value, shapes, position: column, axis: 1 });
  return { top, left, height: bottom - top + 1, width: right - left + 1 };
}
