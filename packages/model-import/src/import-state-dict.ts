import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { expectNoUnflattening, inputOrder, isKernel, type Order } from './channel-order.js';
import type { NamedTensor } from './safetensors.js';

export interface ImportStateDictOptions {
  /** What a layer's weights are called in PyTorch, by the layer's name here, such as { conv1: 'features.0' }. Default: the layer's own name. */
  names?: Readonly<Record<string, string>>;
}

/** What PyTorch calls a weight of a layer, by what it is called here. */
const PARTS: Readonly<Record<string, string>> = {
  kernel: 'weight',
  bias: 'bias',
  gamma: 'weight',
  beta: 'bias',
  moving_mean: 'running_mean',
  moving_variance: 'running_var',
  depthwise_kernel: 'weight',
  alpha: 'weight',
};

/** The axes of a PyTorch kernel in our order, by class of layer. */
const AXES: Readonly<Record<string, readonly number[]>> = {
  // OIHW -> HWIO
  Conv2D: [2, 3, 1, 0],
  // OIL -> LIO
  Conv1D: [2, 1, 0],
  // IOHW -> HWOI
  Conv2DTranspose: [2, 3, 1, 0],
  Dense: [1, 0],
};

/** How a weight is made of a tensor of PyTorch: axes first, then its places along the first. */
interface Source {
  readonly tensor: NamedTensor;
  readonly axes?: readonly number[];
  readonly order: Order;
}

/**
 * Gives a model the weights of a PyTorch state dict (`readSafetensors`): kernels are transposed to channels last, batch
 * norm's statistics go to theirs, and what reads a flattened image, batch norm or dense, has its inputs put from PyTorch's
 * order (channel, row, column) into ours. Depthwise and separable convolutions, PReLU and models within the model are refused,
 * and what leaves that order untold. All weights are checked before the first is set; throws an InputError that names the one
 * that is missing, left over or of another shape. A state dict says nothing of the rest, in which the model has to be as in
 * PyTorch: there batch norm's epsilon is 1e-5, and a padding is the same on all sides.
 */
export function importStateDict(
  model: tf.LayersModel,
  tensors: ReadonlyMap<string, NamedTensor>,
  { names = {} }: ImportStateDictOptions = {},
): void {
  const left = new Set([...tensors.keys()].filter((name) => !name.endsWith('num_batches_tracked')));
  const plans = model.layers.map((layer) => {
    if (layer instanceof tf.LayersModel)
      throw new InputError(
        `Expected a model of layers, got ${JSON.stringify(layer.name)}, a model within it: import into that one`,
      );
    expectNoUnflattening(layer);
    const order = layer.weights.length > 0 ? inputOrder(layer) : undefined;
    const base = names[layer.name] ?? layer.name;
    const sources = layer.weights.map((weight) => {
      const found = sourceOf(weight, { layer, base, tensors, order });
      left.delete(found.name);
      return found.source;
    });
    return { layer, sources };
  });
  if (left.size > 0)
    throw new InputError(
      `Expected a layer for every tensor of the state dict, found none for ${[...left].join(', ')}`,
    );
  tf.tidy(() => {
    for (const { layer, sources } of plans) if (sources.length > 0) layer.setWeights(sources.map(weightOf));
  });
}

function sourceOf(
  weight: tf.LayerVariable,
  {
    layer,
    base,
    tensors,
    order,
  }: { layer: tf.layers.Layer; base: string; tensors: ReadonlyMap<string, NamedTensor>; order: Order },
): { name: string; source: Source } {
  const own = weight.name.split('/').at(-1)!.replace(/_\d+$/, '');
  const name = `${base}.${PARTS[own] ?? own}`;
  const tensor = tensors.get(name);
  if (!tensor)
    throw new InputError(
      `Expected the state dict to hold ${name} for ${own} of layer ${JSON.stringify(layer.name)}, got ${[...tensors.keys()].join(', ')}; name the layers in names`,
    );
  const shape = weight.shape as number[];
  const axes = isKernel(weight) ? AXES[layer.getClassName()] : undefined;
  // What is no kernel has one value a channel: of other layers the axes are not known.
  if (isKernel(weight) ? !axes : own === 'alpha' || shape.length !== 1)
    throw new InputError(
      `Expected layers of class ${Object.keys(AXES).join(', ')} or BatchNormalization, got ${JSON.stringify(layer.name)} of class ${layer.getClassName()}`,
    );
  const given = axes ? axes.map((axis) => tensor.shape[axis]) : tensor.shape;
  if (tensor.shape.length !== shape.length || given.some((size, axis) => size !== shape[axis]))
    throw new InputError(
      `Expected ${name} to fit ${own} of layer ${JSON.stringify(layer.name)}, ${shape.join(' x ')}, got ${tensor.shape.join(' x ')}`,
    );
  const count = shape.reduce((product, size) => product * size, 1);
  if (tensor.values.length !== count)
    throw new InputError(`Expected ${name} to have ${count} values, got ${tensor.values.length}`);
  const reads = isKernel(weight) || !layer.weights.some(isKernel);
  return { name, source: { tensor, axes, order: reads ? order : undefined } };
}

function weightOf({ tensor: { shape, values }, axes, order }: Source): tf.Tensor {
  const given = tf.tensor(values, shape as number[]);
  const moved = axes ? tf.transpose(given, [...axes]) : given;
  return order ? tf.gather(moved, [...order]) : moved;
}
