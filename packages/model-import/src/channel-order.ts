import { InputError } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';

/** Where each value of a row stands in PyTorch's row; undefined where both have them in one order. */
export type Order = readonly number[] | undefined;

/**
 * The order of the values that a layer reads, each image's as one row. It is another than PyTorch's behind a flatten, which
 * there puts out (channel, row, column) and here (row, column, channel), and stays so through what keeps each value in its
 * place. Throws an InputError where the order cannot be told.
 */
export function inputOrder(layer: tf.layers.Layer): Order {
  const orders = layer.inboundNodes.map((node) => orderOf(node.inputTensors[0]));
  if (orders.some((order) => !isSame(order, orders[0])))
    throw unclear(layer, 'it is called on values in different orders');
  return orders[0];
}

function orderOf(tensor: tf.SymbolicTensor): Order {
  const { sourceLayer: layer, inputs } = tensor;
  if (tensor.shape.length !== 2 || inputs.length === 0) return undefined;
  if (inputs[0].shape.length > 2) {
    const moves = ['Flatten', 'Reshape'].includes(layer.getClassName());
    return moves ? flattened(inputs[0]) : undefined;
  }
  const orders = inputs.map(orderOf);
  if (layer.getClassName() === 'Concatenate') return joined(inputs, orders);
  if (layer.weights.some(isKernel)) return undefined;
  if (orders.some((order) => !isSame(order, orders[0])))
    throw unclear(layer, 'it merges values in different orders');
  if (orders[0] && tensor.shape[1] !== inputs[0].shape[1])
    throw unclear(layer, 'it moves what was flattened');
  return orders[0];
}

/** Channels come first there and last here; the other axes keep their order. */
function flattened(tensor: tf.SymbolicTensor): Order {
  for (let at = tensor; at.inputs.length > 0 && !at.sourceLayer.weights.some(isKernel); at = at.inputs[0])
    if (at.sourceLayer.getClassName() === 'Permute')
      throw unclear(at.sourceLayer, 'it exchanges axes before they are flattened');
  const sizes = tensor.shape.slice(1) as number[];
  const channels = sizes.at(-1)!;
  const places = sizes.slice(0, -1).reduce((product, size) => product * size, 1);
  if (channels === 1 || places === 1) return undefined;
  return Array.from(
    { length: places * channels },
    (_, i) => (i % channels) * places + Math.floor(i / channels),
  );
}

function joined(inputs: readonly tf.SymbolicTensor[], orders: readonly Order[]): Order {
  if (orders.every((order) => !order)) return undefined;
  let start = 0;
  return inputs.flatMap(({ shape }, k) => {
    const size = shape[1]!;
    const part = Array.from({ length: size }, (_, i) => start + (orders[k]?.[i] ?? i));
    start += size;
    return part;
  });
}

export const isKernel = ({ name }: tf.LayerVariable) => /kernel(_\d+)?$/.test(name);

const isSame = (a: Order, b: Order) =>
  a === b || (!!a && !!b && a.length === b.length && a.every((place, i) => place === b[i]));

const unclear = (layer: tf.layers.Layer, why: string) =>
  new InputError(
    `Expected a model whose values stand in an order that can be told from PyTorch's, got layer ` +
      `${JSON.stringify(layer.name)} of class ${layer.getClassName()}: ${why}`,
  );

/** Throws an InputError where rows become images: PyTorch takes the values of a row for (channel, row, column). */
export function expectNoUnflattening(layer: tf.layers.Layer): void {
  if (layer.getClassName() !== 'Reshape') return;
  for (const { inputTensors, outputTensors } of layer.inboundNodes) {
    const sizes = outputTensors[0].shape.slice(1) as number[];
    if (inputTensors[0].shape.length === 2 && sizes.filter((size) => size !== 1).length > 1)
      throw unclear(layer, 'it makes images of rows');
  }
}
