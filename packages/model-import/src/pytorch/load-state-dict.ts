import {
  expectMethods,
  expectModel,
  expectOneOf,
  expectOptions,
  InputError,
  type OptionNames,
} from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { expectNoUnflattening, inputPermutation, isKernel, type Permutation } from './input-permutation.js';
import { isIgnored, matchByOrder, moduleNamed, modulesOf } from './match-modules.js';
import type { TensorValues } from './tensor-values.js';

export interface LoadStateDictOptions {
  /**
   * The PyTorch module of each layer, by layer name: `{ conv1: 'features.0' }`. Default: the name of the
   * layer.
   */
  readonly moduleNames?: Readonly<Record<string, string>>;
  /**
   * How a layer without an entry in moduleNames finds its module: by its name ("names", the default), where a dot is the same as
   * any other separator, or by order ("order"): the n-th convolution of a chain of layers is the n-th one of the state dict, and so on
   * for each kind of layer.
   */
  readonly match?: 'names' | 'order';
}

const LOAD_STATE_DICT_OPTIONS: OptionNames<LoadStateDictOptions> = { moduleNames: true, match: true };

/** A tensor of the state dict, and the weight that it became. */
export interface TensorAssignment {
  readonly tensor: string;
  readonly layer: string;
  readonly weight: string;
  /** How its axes and inputs were reordered; "" if they were not. */
  readonly change: string;
}

export interface LoadedStateDict {
  /** In the order of the layers. */
  readonly assignments: readonly TensorAssignment[];
  /** Tensors that TensorFlow.js has no weight for: the counters of batch normalization. */
  readonly ignored: readonly string[];
}

export type StateDict = ReadonlyMap<string, TensorValues>;

/** The PyTorch name of a weight, by its Keras name. */
const PYTORCH_WEIGHT_NAMES: Readonly<Record<string, string>> = {
  kernel: 'weight',
  bias: 'bias',
  gamma: 'weight',
  beta: 'bias',
  moving_mean: 'running_mean',
  moving_variance: 'running_var',
  depthwise_kernel: 'weight',
  alpha: 'weight',
};

/** The axes of a PyTorch kernel in the order of TensorFlow.js, by layer class. */
const KERNEL_AXES: Readonly<Record<string, readonly number[]>> = {
  // OIHW -> HWIO
  Conv2D: [2, 3, 1, 0],
  // OIL -> LIO
  Conv1D: [2, 1, 0],
  // IOHW -> HWOI
  Conv2DTranspose: [2, 3, 1, 0],
  Dense: [1, 0],
  // (channel, multiple)IHW, with I = 1 -> HW(channel)(multiple)
  DepthwiseConv2D: [2, 3, 0, 1],
};

/**
 * A tensor of the state dict, and how it becomes a weight: first transposed, then permuted along the first
 * axis.
 */
interface WeightSource {
  readonly name: string;
  readonly tensor: TensorValues;
  /** The shape before the transposition, if it is another one than that of the tensor. */
  readonly reshaped?: readonly number[];
  readonly axes?: readonly number[];
  readonly permutation: Permutation;
  readonly weight: string;
}

/**
 * Sets the weights of a model from a PyTorch state dict (`readSafetensors`). Kernels are transposed to
 * channels last. The inputs of a dense or batch normalization layer behind a flatten are reordered from
 * PyTorch's (channel, row, column) order. All weights are checked before the first one is set.
 *
 * A state dict has weights only. Set the rest of the model as in PyTorch: the epsilon of batch normalization
 * there is 1e-5, and its padding is the same on both sides.
 *
 * @throws InputError that names a weight that is missing, unused or of another shape, a layer that is not
 * supported (nested models, separable convolutions, PReLU), or a layer whose input order cannot be determined.
 */
export function loadStateDict(
  model: tf.LayersModel,
  tensors: StateDict,
  options: LoadStateDictOptions = {},
): LoadedStateDict {
  expectOptions('loadStateDict', options, LOAD_STATE_DICT_OPTIONS);
  expectModel('model', model);
  expectMethods('tensors', tensors, 'tensors by name (a Map), as readStateDict returns', ['get', 'keys']);
  const { moduleNames = {}, match = 'names' } = options;
  expectOneOf('match', match, ['names', 'order']);
  const modules = modulesOf(tensors);
  const matched = match === 'order' ? matchByOrder(model, tensors) : undefined;
  const sourcesOf = (layer: tf.layers.Layer) => {
    const name = moduleNames[layer.name] ?? matched?.get(layer.name) ?? moduleNamed(layer.name, modules);
    return findSources(layer, name, tensors);
  };
  const found = model.layers.map((layer) => ({ layer, ...sourcesOf(layer) }));
  expectComplete(found, tensors);
  const assignments = found.map(({ layer, sources }) => ({ layer, sources }));
  tf.tidy(() => {
    for (const { layer, sources } of assignments)
      if (sources.length > 0) layer.setWeights(sources.map(toTensor));
  });
  return {
    assignments: assignments.flatMap(({ layer, sources }) =>
      sources.map((source) => describeSource(source, layer.name)),
    ),
    ignored: [...tensors.keys()].filter(isIgnored),
  };
}

function describeSource({ name, weight, axes, permutation }: WeightSource, layer: string): TensorAssignment {
  const changes = [
    axes ? `axes ${axes.join(', ')}` : '',
    permutation ? 'inputs reordered from (channel, row, column)' : '',
  ];
  return { tensor: name, layer, weight, change: changes.filter(Boolean).join('; ') };
}

/** A weight without a tensor. */
interface MissingTensor {
  /** The name that the tensor would have. */
  readonly name: string;
  readonly title: string;
}

interface LayerSources {
  readonly sources: readonly WeightSource[];
  readonly missing: readonly MissingTensor[];
}

/** The sources of all weights of a layer. */
function findSources(layer: tf.layers.Layer, moduleName: string, tensors: StateDict): LayerSources {
  if (layer instanceof tf.LayersModel)
    throw new InputError(
      `Expected a model without nested models, got ${JSON.stringify(layer.name)}: ` +
        'load its weights into the nested model',
    );
  expectNoUnflattening(layer);
  if (layer.weights.length === 0) return { sources: [], missing: [] };
  const permutation = inputPermutation(layer);
  const found = layer.weights.map((weight) =>
    findSource(weight, { layer, moduleName, tensors, permutation }),
  );
  return { sources: found.filter(hasTensor), missing: found.filter(hasNoTensor) };
}

type FoundSource = WeightSource | MissingTensor;

const hasTensor = (found: FoundSource): found is WeightSource => 'tensor' in found;
const hasNoTensor = (found: FoundSource): found is MissingTensor => !hasTensor(found);

/** The most names that a message lists. */
const MAX_NAMES = 8;

const listNames = (names: readonly string[]) =>
  names.length <= MAX_NAMES
    ? names.join(', ')
    : `${names.slice(0, MAX_NAMES).join(', ')} and ${names.length - MAX_NAMES} more`;

/** Refuses weights without a tensor and tensors without a weight, by name. */
function expectComplete(found: readonly LayerSources[], tensors: StateDict): void {
  const missing = found.flatMap((layer) => layer.missing);
  const usedNames = new Set(found.flatMap(({ sources }) => sources.map(({ name }) => name)));
  const unusedNames = [...tensors.keys()].filter((name) => !isIgnored(name) && !usedNames.has(name));
  const problems = [];
  if (missing.length > 0) {
    const names = missing.map(({ name, title }) => `${name} for ${title}`);
    problems.push(
      `Expected the state dict to hold ${listNames(names)}; give the layers the names of the modules, or map them with moduleNames`,
    );
  }
  if (unusedNames.length > 0)
    problems.push(
      `Expected a layer for every tensor of the state dict, found none for ${listNames(unusedNames)}`,
    );
  if (problems.length > 0) throw new InputError(problems.join('. '));
}

interface SourceContext {
  readonly layer: tf.layers.Layer;
  readonly moduleName: string;
  readonly tensors: StateDict;
  readonly permutation: Permutation;
}

function findSource(weight: tf.LayerVariable, context: SourceContext): FoundSource {
  const { layer, moduleName, tensors, permutation } = context;
  const weightName = weight.name.split('/').at(-1)!.replace(/_\d+$/, '');
  const title = `${weightName} of layer ${JSON.stringify(layer.name)}`;
  const name = `${moduleName}.${PYTORCH_WEIGHT_NAMES[weightName] ?? weightName}`;
  const tensor = tensors.get(name);
  if (!tensor) return { name, title };
  const axes = findAxes(weight, weightName, layer);
  const reshaped = layer.getClassName() === 'DepthwiseConv2D' ? splitOutputs(tensor, weight) : undefined;
  const laidOut = reshaped ? { shape: reshaped, values: tensor.values } : tensor;
  expectShape(laidOut, { name, title, axes, shape: weight.shape as number[] });
  // A kernel has the inputs along its first axis; a layer without a kernel has them along all its weights.
  const hasInputAxis = isKernel(weight) || !layer.weights.some(isKernel);
  return {
    name,
    tensor,
    reshaped,
    axes,
    permutation: hasInputAxis ? permutation : undefined,
    weight: weightName,
  };
}

/**
 * The shape (channels, multiple, height, width) of a depthwise kernel, which PyTorch has as (channels * multiple, 1, height,
 * width); undefined for another weight.
 */
function splitOutputs({ shape }: TensorValues, weight: tf.LayerVariable): number[] | undefined {
  const [, , channels, multiple] = weight.shape as number[];
  if (!isKernel(weight) || shape.length !== 4) return undefined;
  const isDepthwise = shape[0] === channels * multiple && shape[1] === 1;
  return isDepthwise ? [channels, multiple, shape[2], shape[3]] : [...shape];
}

/** The transposition of a kernel; undefined for a weight with one value per channel. */
function findAxes(
  weight: tf.LayerVariable,
  weightName: string,
  layer: tf.layers.Layer,
): readonly number[] | undefined {
  const axes = isKernel(weight) ? KERNEL_AXES[layer.getClassName()] : undefined;
  const isPerChannel = !isKernel(weight) && weightName !== 'alpha' && weight.shape.length === 1;
  if (!axes && !isPerChannel)
    throw new InputError(
      `Expected layers of class ${Object.keys(KERNEL_AXES).join(', ')} or BatchNormalization, got ` +
        `${JSON.stringify(layer.name)} of class ${layer.getClassName()}`,
    );
  return axes;
}

interface ExpectedTensor {
  readonly name: string;
  readonly title: string;
  readonly axes: readonly number[] | undefined;
  readonly shape: readonly number[];
}

function expectShape(tensor: TensorValues, { name, title, axes, shape }: ExpectedTensor): void {
  const transposed = axes ? axes.map((axis) => tensor.shape[axis]) : tensor.shape;
  if (tensor.shape.length !== shape.length || transposed.some((size, axis) => size !== shape[axis]))
    throw new InputError(
      `Expected ${name} to fit ${title}, ${shape.join(' x ')}, got ${tensor.shape.join(' x ')}`,
    );
  const count = shape.reduce((product, size) => product * size, 1);
  if (tensor.values.length !== count)
    throw new InputError(`Expected ${name} to have ${count} values, got ${tensor.values.length}`);
}

function toTensor({ tensor: { shape, values }, reshaped, axes, permutation }: WeightSource): tf.Tensor {
  const original = tf.tensor(values, [...(reshaped ?? shape)]);
  const transposed = axes ? tf.transpose(original, [...axes]) : original;
  return permutation ? tf.gather(transposed, [...permutation]) : transposed;
}
