import type * as tf from '@tensorflow/tfjs';
import type { Region } from '@convlens/core';
import { internals, kerasConvolution } from './layer-kinds.js';
import type { Plan, Step } from './plan.js';

/** What a model puts out in each of its values, by number, for inputs of these shapes (batch axis first). */
export function shapesOf(plan: Plan, inputs: readonly (readonly number[])[]): number[][] {
  const shapes: number[][] = [];
  plan.inputs.forEach((value, i) => (shapes[value] = [...inputs[i]]));
  for (const { layer, inputs, outputs } of plan.steps) {
    const given = inputs.map((value) => shapes[value]);
    const made = layer.computeOutputShape(given.length === 1 ? given[0] : given) as number[] | number[][];
    const list = Array.isArray(made[0]) ? (made as number[][]) : [made as number[]];
    outputs.forEach((value, i) => (shapes[value] = list[i]));
  }
  return shapes;
}

/** Rows or columns from `first` to `last`, both included. */
type Span = readonly [first: number, last: number];

const NOTHING: Span = [0, -1];

/** From places of a layer's output along one axis to places of its input. */
type SpanRule = (span: Span, sizes: { input: number; output: number }) => Span;

const at = (value: number | number[] | undefined, axis: number) =>
  Array.isArray(value) ? value[axis] : (value ?? 1);

/** A window of `reach` places that moves by `stride`, as in a convolution or a pooling. */
const window =
  (reach: number, stride: number, padding: unknown): SpanRule =>
  ([first, last], { input, output }) => {
    const padded = padding === 'same' ? Math.max(0, (output - 1) * stride + reach - input) : 0;
    const before = Math.floor(padded / 2);
    return [first * stride - before, last * stride - before + reach - 1];
  };

/** The opposite: each place of the input is spread over a window of the output, as in a transposed convolution. */
const spread =
  (reach: number, stride: number, padding: unknown): SpanRule =>
  ([first, last], { input, output }) => {
    const padded = padding === 'same' ? Math.max(0, (input - 1) * stride + reach - output) : 0;
    const before = Math.floor(padded / 2);
    const ends = [Math.ceil((first + before - reach + 1) / stride), Math.floor((last + before) / stride)];
    // Between windows that leave gaps a place sees nothing; its neighbours' are told.
    return [Math.min(...ends), Math.max(...ends)];
  };

const shifted =
  (by: number): SpanRule =>
  ([first, last]) => [first + by, last + by];

const same: SpanRule = (span) => span;

/** Layers that compute each place from the same place of their inputs. */
const PLACEWISE = [
  ...['Activation', 'ReLU', 'LeakyReLU', 'PReLU', 'ThresholdedReLU', 'ELU', 'BatchNormalization'],
  ...['Dropout', 'SpatialDropout2D', 'AlphaDropout', 'GaussianDropout', 'GaussianNoise', 'Rescaling'],
  ...['Add', 'Average', 'Maximum', 'Minimum', 'Multiply', 'Subtract'],
  ...['GeneralReLU', 'ScaledELU', 'AxisBatchNormalization', 'Normalization'],
];

/** Layers that do so if the axis they work along is that of the channels. */
const ALONG_AN_AXIS = ['Concatenate', 'LayerNormalization', 'Softmax'];

/** How a layer looks along one axis (0: rows, 1: columns); undefined if it may look everywhere. */
function ruleOf(layer: tf.layers.Layer, axis: number): SpanRule | undefined {
  const { kernelSize, poolSize, strides, dilationRate, padding, cropping } = internals(layer);
  const kind = layer.getClassName();
  if (kind === 'Conv2D' || kind === 'SeparableConv2D' || kind === 'DepthwiseConv2D') {
    const reach = (at(kernelSize, axis) - 1) * at(dilationRate, axis) + 1;
    return window(reach, at(strides, axis), padding);
  }
  const keras = kerasConvolution(layer);
  if (keras) {
    const { kernelSize, strides, dilationRate, padding } = keras;
    if (keras.kind === 'transposed') return spread(kernelSize[axis], strides[axis], padding);
    return window((kernelSize[axis] - 1) * dilationRate[axis] + 1, strides[axis], padding);
  }
  if (kind === 'MaxPooling2D' || kind === 'AveragePooling2D')
    return window(at(poolSize, axis), at(strides, axis), padding);
  if (kind === 'Conv2DTranspose') return spread(at(kernelSize, axis), at(strides, axis), padding);
  if (kind === 'UpSampling2D') {
    const { size, interpolation } = layer as unknown as { size: number[]; interpolation: string };
    return interpolation === 'nearest' ? spread(size[axis], size[axis], 'valid') : undefined;
  }
  if (kind === 'ZeroPadding2D') return shifted(-(padding as [[number, number], [number, number]])[axis][0]);
  if (kind === 'Cropping2D') return shifted(cropping![axis][0]);
  if (ALONG_AN_AXIS.includes(kind)) {
    const { axis: along } = layer as unknown as { axis: number | number[] };
    return [along].flat().every((one) => one === 3 || one === -1) ? same : undefined;
  }
  return PLACEWISE.includes(kind) ? same : undefined;
}

/** The places of one input that a step computes some places of its output from. */
function spanOf(
  step: Step,
  span: Span | undefined,
  { input, output, axis }: { input: number[]; output: number[]; axis: number },
): Span {
  const rule = ruleOf(step.layer, axis);
  const sizes = { input: input[axis + 1], output: output[axis + 1] };
  const everything: Span = [0, sizes.input - 1];
  if (!rule || !span || input.length !== 4 || output.length !== 4) return everything;
  // A merge of maps of different sizes repeats the smaller one.
  if (rule === same && sizes.input !== sizes.output) return everything;
  const [first, last] = rule(span, sizes).map((place) => Math.min(sizes.input - 1, Math.max(0, place)));
  return [first, last];
}

/**
 * The part of the image that can change a place of a layer's output, found by following intervals backwards through the
 * layers. A layer that is not known to look at a window only, such as a dense one, is taken to look everywhere; one that
 * reads other inputs of the model alone sees a part of no size.
 */
export function receptiveField(
  plan: Plan,
  { value, shapes, row, column }: { value: number; shapes: number[][]; row: number; column: number },
): Region {
  const ends = [row, column].map((place, axis) => {
    const spans = new Map<number, Span>();
    if (shapes[value].length === 4) spans.set(value, [place, place]);
    const reached = new Set([value]);
    for (const step of [...plan.steps].reverse()) {
      const [made] = step.outputs.filter((output) => reached.has(output));
      if (made === undefined) continue;
      for (const input of step.inputs) {
        reached.add(input);
        if (shapes[input].length !== 4) continue;
        const seen = spanOf(step, spans.get(made), { input: shapes[input], output: shapes[made], axis });
        const known = spans.get(input) ?? seen;
        spans.set(input, [Math.min(known[0], seen[0]), Math.max(known[1], seen[1])]);
      }
    }
    return spans.get(plan.inputs[0]) ?? NOTHING;
  });
  const [[top, bottom], [left, right]] = ends;
  return { top, left, height: bottom - top + 1, width: right - left + 1 };
}
