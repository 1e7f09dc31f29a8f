import * as tf from '@tensorflow/tfjs';
import {
  expectImages,
  expectOneOf,
  expectPreprocessing,
  InputError,
  preprocess,
  UNIT_RANGE,
  type Images,
  type Preprocessing,
} from '@convlens/core';
import { inferShapes } from './infer-shapes.js';
import type { InferenceOptions, InputValues } from './inference-options.js';
import { readGraph, type ModelGraph } from './model-graph.js';
import { selectInput } from './select-input.js';
import { selectOutput } from './select-output.js';

/** A model and images that fit each other. */
export interface ModelInput {
  /** Its one input is the one that reads the images. */
  readonly graph: ModelGraph;
  /** What the other inputs of the model read, by value. */
  readonly otherInputs: ReadonlyMap<number, InputValues>;
  /** The images that are used: those at the positions `indices`. */
  readonly images: Images;
  readonly preprocessing: Preprocessing;
}

const sizesOf = (shape: readonly (number | null)[]) => shape.map((size) => size ?? 'any').join(' x ');

/**
 * The graph for images of height x width x 1 whose model reads height x width, without an axis of channels: it begins with a layer
 * that drops the axis.
 */
function withoutChannelAxis(graph: ModelGraph, position: number, { height, width }: Images): ModelGraph {
  const values = [...graph.inputs, ...graph.nodes.flatMap(({ outputs }) => outputs)];
  const images = Math.max(...values) + 1;
  const layer = tf.layers.reshape({ name: 'without_channel_axis', targetShape: [height, width] });
  const node = { name: layer.name, layer, inputs: [images], outputs: [graph.inputs[position]] };
  const inputs = graph.inputs.map((value, i) => (i === position ? images : value));
  return { ...graph, inputs, nodes: [node, ...graph.nodes] };
}

/** Whether an array of these sizes fits the declared sizes, where null is any size. */
const fits = (actual: readonly number[], declared: readonly (number | null)[]) =>
  actual.length === declared.length && declared.every((size, i) => size === null || size === actual[i]);

/** The names of the inputs of a model. That of a symbolic tensor changes with every model that is built; that of its layer does not. */
const inputNames = ({ inputs }: tf.LayersModel) => inputs.map(({ sourceLayer }) => sourceLayer.name);

/** The position of an input that is named, or given by its index, in the option `inputs`. */
export function inputPosition(model: tf.LayersModel, key: string): number {
  const names = inputNames(model);
  if (!names.includes(key) && /^\d+$/.test(key) && Number(key) < names.length) return Number(key);
  return names.indexOf(expectOneOf('the name in inputs', key, names));
}

/** Finds the input that reads the images: the one without values in `inputs`, which are checked. */
function assignInputs(
  { model, inputs }: ModelGraph,
  { count }: Images,
  inputValues: Readonly<Record<string, InputValues>>,
): { otherInputs: Map<number, InputValues>; position: number } {
  const names = inputNames(model);
  const positions = Object.keys(inputValues).map((key) => inputPosition(model, key));
  const repeated = positions.find((position, i) => positions.indexOf(position) < i);
  if (repeated !== undefined)
    throw new InputError(`Expected inputs to have each input once, got ${names[repeated]} twice`);
  const remaining = names.filter((_, position) => !positions.includes(position));
  if (remaining.length !== 1) {
    const specified = Object.keys(inputValues).join(', ') || 'none';
    throw new InputError(
      `Expected a model that reads images only, or inputs for all but one of its inputs, ` +
        `got one with ${names.length} inputs: ${names.join(', ')}, and inputs for ${specified}. The functions of ` +
        `@convlens/activations take the values of the others, such as inputs: { ${names.at(-1)}: { values, shape } }; commands ` +
        'have no such option',
    );
  }
  const otherInputs = new Map<number, InputValues>();
  for (const [name, input] of Object.entries(inputValues)) {
    const position = inputPosition(model, name);
    const declared = model.inputs[position].shape.slice(1);
    const [rows, ...size] = input.shape;
    const isComplete = input.values.length === tf.util.sizeFromShape([...input.shape]);
    if ((rows !== count && rows !== 1) || !fits(size, declared) || !isComplete)
      throw new InputError(
        `Expected inputs.${name} to be ${count} (or 1) x ${sizesOf(declared)} values, ` +
          `got ${input.values.length} of shape ${input.shape.join(' x ')}`,
      );
    otherInputs.set(inputs[position], input);
  }
  return { otherInputs, position: names.indexOf(remaining[0]) };
}

/**
 * Refuses images of 0..1 where a preprocessing expects 0..255: all inputs would be nearly equal, and the scores wrong without an
 * error. Images of only 0 and 1 may be masks; IDENTITY is for model inputs of any range. The first pixel above 1 ends the search.
 */
function expectPixelsTo255({ name, pixels }: Images, { scale, mean, std }: Preprocessing): void {
  const isIdentity = scale === 1 && mean.every((value) => value === 0) && std.every((value) => value === 1);
  if (isIdentity || !(pixels instanceof Float32Array)) return;
  let hasFractions = false;
  for (const value of pixels) {
    if (value > 1 || value < 0) return;
    hasFractions ||= value > 0 && value < 1;
  }
  if (hasFractions)
    throw new InputError(
      `Expected pixels of 0..255, got a Float32Array within 0..1 in ${name}: multiply them by 255, ` +
        'or pass preprocessing: IDENTITY if they are model inputs',
    );
}

/**
 * Checks a model and images against each other, and selects the images at the positions `indices`.
 *
 * @throws InputError if they do not fit.
 */
export function openModelInput(
  model: tf.LayersModel,
  allImages: Images,
  {
    preprocessing = UNIT_RANGE,
    output,
    ...selection
  }: Pick<InferenceOptions, 'preprocessing' | 'inputs' | 'output' | 'indices'> = {},
): ModelInput {
  const graph = selectOutput(readGraph(model), output);
  expectImages('images', allImages);
  expectPreprocessing(preprocessing, allImages.channels);
  expectPixelsTo255(allImages, preprocessing);
  const { images, inputs } = selectInput(allImages, selection);
  const { otherInputs, position } = assignInputs(graph, images, inputs);
  const expected = model.inputs[position].shape.slice(1);
  const actual = [images.height, images.width, images.channels];
  const hasChannelAxis = expected.length !== 2 || images.channels !== 1;
  if (!fits(hasChannelAxis ? actual : actual.slice(0, 2), expected))
    throw new InputError(
      `Expected images of ${sizesOf(expected)}, the input size of the model, got ${actual.join(' x ')}`,
    );
  const imageGraph = hasChannelAxis ? graph : withoutChannelAxis(graph, position, images);
  return {
    graph: { ...imageGraph, inputs: [imageGraph.inputs[position]] },
    otherInputs,
    images,
    preprocessing,
  };
}

/** The shape of each value of the graph for one image, by number; batch axis first. */
export function valueShapes({ graph, otherInputs, images }: ModelInput): number[][] {
  const shapes = [[1, images.height, images.width, images.channels]];
  for (const { shape } of otherInputs.values()) shapes.push([1, ...shape.slice(1)]);
  return inferShapes({ ...graph, inputs: [...graph.inputs, ...otherInputs.keys()] }, shapes);
}

/** The model input of a pixel with the value `level` (0..255) in each channel. */
export function preprocessLevel({ images, preprocessing }: ModelInput, level: number): number[] {
  const pixel = { ...images, count: 1, height: 1, width: 1, labels: undefined };
  return [...preprocess({ ...pixel, pixels: new Float32Array(images.channels).fill(level) }, preprocessing)];
}

/**
 * A tensor whose last axis is the channels of the images, with that axis in the order of the model inputs; and the reverse, because
 * the orders RGB and BGR differ by a swap. A new tensor, or the same one.
 */
export function swapChannelOrder<T extends tf.Tensor>({ preprocessing }: ModelInput, x: T): T {
  if (preprocessing.channelOrder !== 'bgr') return x;
  // A copy is reversed: the gradient of split reads the list that split returned.
  return tf.tidy(() => tf.concat([...tf.split(x, 3, -1)].reverse(), -1)) as T;
}
