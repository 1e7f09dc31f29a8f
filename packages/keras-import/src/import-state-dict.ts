import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
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

/** The order of axes that brings a PyTorch kernel into ours, by class of layer. */
const ORDERS: Readonly<Record<string, readonly number[]>> = {
  // OIHW -> HWIO
  Conv2D: [2, 3, 1, 0],
  // OIL -> LIO
  Conv1D: [2, 1, 0],
  // IOHW -> HWOI
  Conv2DTranspose: [2, 3, 1, 0],
  Dense: [1, 0],
};

/**
 * Gives a model the weights of a PyTorch state dict (`readSafetensors`): kernels are transposed to channels last, batch
 * norm's statistics go to theirs, and the inputs of a dense layer behind a flatten are put from PyTorch's order (channel,
 * row, column) into ours. Depthwise and separable convolutions and PReLU are refused. All weights are checked before the
 * first is set; throws an InputError that names the one that is missing, left over or of another shape.
 */
export function importStateDict(
  model: tf.LayersModel,
  tensors: ReadonlyMap<string, NamedTensor>,
  { names = {} }: ImportStateDictOptions = {},
): void {
  const left = new Set([...tensors.keys()].filter((name) => !name.endsWith('num_batches_tracked')));
  const plans: {
    layer: tf.layers.Layer;
    sources: { tensor: NamedTensor; order?: readonly number[]; flat?: number[]; shape: number[] }[];
  }[] = [];
  for (const layer of model.layers) {
    if (layer.weights.length === 0) continue;
    const base = names[layer.name] ?? layer.name;
    const sources = layer.weights.map((weight) => {
      const own = weight.name.split('/').at(-1)!.replace(/_\d+$/, '');
      const name = `${base}.${PARTS[own] ?? own}`;
      const tensor = tensors.get(name);
      if (!tensor)
        throw new InputError(
          `Expected the state dict to hold ${name} for ${own} of layer ${JSON.stringify(layer.name)}, got ${[...tensors.keys()].join(', ')}; name the layers in names`,
        );
      left.delete(name);
      const isKernel = /kernel$/.test(own);
      const order = isKernel ? ORDERS[layer.getClassName()] : undefined;
      if ((isKernel && !order) || own === 'alpha')
        throw new InputError(
          `Expected layers of class ${Object.keys(ORDERS).join(', ')} or BatchNormalization, got ${JSON.stringify(layer.name)} of class ${layer.getClassName()}`,
        );
      const shape = weight.shape as number[];
      const given = order ? order.map((axis) => tensor.shape[axis]) : tensor.shape;
      if (tensor.shape.length !== shape.length || given.some((size, axis) => size !== shape[axis]))
        throw new InputError(
          `Expected ${name} to fit ${own} of layer ${JSON.stringify(layer.name)}, ${shape.join(' x ')}, got ${tensor.shape.join(' x ')}`,
        );
      return {
        tensor,
        order,
        shape,
        flat: isKernel && layer.getClassName() === 'Dense' ? flattened(layer) : undefined,
      };
    });
    plans.push({ layer, sources });
  }
  if (left.size > 0)
    throw new InputError(
      `Expected a layer for every tensor of the state dict, found none for ${[...left].join(', ')}`,
    );
  tf.tidy(() => {
    for (const { layer, sources } of plans)
      layer.setWeights(
        sources.map(({ tensor: { shape, values }, order, flat }) => {
          let x: tf.Tensor = tf.tensor(values, shape as number[]);
          if (order) x = tf.transpose(x, [...order]);
          if (!flat) return x;
          // Rows stand for (channel, row, column) there, for (row, column, channel) here.
          const [height, width, channels] = flat;
          const units = x.shape[1]!;
          const split = tf.reshape(x, [channels, height, width, units]);
          return tf.reshape(tf.transpose(split, [1, 2, 0, 3]), [height * width * channels, units]);
        }),
      );
  });
}

/** [height, width, channels] of the images that were flattened for a layer, undefined if none were. */
function flattened(layer: tf.layers.Layer): number[] | undefined {
  let tensor = layer.input as tf.SymbolicTensor;
  for (;;) {
    const source = tensor.sourceLayer;
    if (source.getClassName() === 'Flatten') {
      const shape = (source.input as tf.SymbolicTensor).shape.slice(1) as number[];
      return shape.length === 3 ? shape : undefined;
    }
    // What stands between, such as dropout, keeps the order if it keeps the shape and has no weights.
    if (
      tensor.inputs.length !== 1 ||
      source.weights.length > 0 ||
      tensor.inputs[0].shape.length !== tensor.shape.length
    )
      return undefined;
    tensor = tensor.inputs[0];
  }
}
