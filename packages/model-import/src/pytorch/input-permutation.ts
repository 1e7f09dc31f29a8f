import { InputError } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';

/**
 * The position of each input value of a layer in PyTorch's input of the same layer; undefined if both have
 * the same order.
 */
export type Permutation = readonly number[] | undefined;

/**
 * The permutation between the inputs of a layer here and in PyTorch. Behind a flatten, PyTorch's values are
 * in the order (channel, row, column), and here they are in the order (row, column, channel). Layers that
 * keep the positions of values, such as batch normalization, keep the permutation.
 *
 * @throws InputError that names a layer for which the permutation cannot be determined.
 */
export function inputPermutation(layer: tf.layers.Layer): Permutation {
  const permutations = layer.inboundNodes.map((node) => outputPermutation(node.inputTensors[0]));
  if (permutations.some((permutation) => !isSamePermutation(permutation, permutations[0])))
    throw ambiguousOrderError(layer, 'its calls have inputs in different orders');
  return permutations[0];
}

/** The permutation of a layer output. */
function outputPermutation(tensor: tf.SymbolicTensor): Permutation {
  const { sourceLayer: layer, inputs } = tensor;
  if (tensor.shape.length !== 2 || inputs.length === 0) return undefined;
  if (inputs[0].shape.length > 2) return isFlattening(layer) ? flattenPermutation(inputs[0]) : undefined;
  const permutations = inputs.map(outputPermutation);
  if (layer.getClassName() === 'Concatenate') return concatenatePermutations(inputs, permutations);
  // Each output of a layer with a kernel depends on all inputs.
  if (layer.weights.some(isKernel)) return undefined;
  if (permutations.some((permutation) => !isSamePermutation(permutation, permutations[0])))
    throw ambiguousOrderError(layer, 'it merges values in different orders');
  if (permutations[0] && tensor.shape[1] !== inputs[0].shape[1])
    throw ambiguousOrderError(layer, 'it rearranges flattened values');
  return permutations[0];
}

const isFlattening = (layer: tf.layers.Layer) => ['Flatten', 'Reshape'].includes(layer.getClassName());

/** The permutation behind a flatten of `tensor`: PyTorch has the channels first. */
function flattenPermutation(tensor: tf.SymbolicTensor): Permutation {
  expectNoPermute(tensor);
  const sizes = tensor.shape.slice(1) as number[];
  const channels = sizes.at(-1)!;
  const positions = sizes.slice(0, -1).reduce((product, size) => product * size, 1);
  if (channels === 1 || positions === 1) return undefined;
  return Array.from(
    { length: positions * channels },
    (_, i) => (i % channels) * positions + Math.floor(i / channels),
  );
}

/** Refuses a Permute layer between the last layer with a kernel and a flatten. */
function expectNoPermute(tensor: tf.SymbolicTensor): void {
  const { sourceLayer: layer, inputs } = tensor;
  if (inputs.length === 0 || layer.weights.some(isKernel)) return;
  if (layer.getClassName() === 'Permute')
    throw ambiguousOrderError(layer, 'it permutes axes before a flatten');
  expectNoPermute(inputs[0]);
}

function concatenatePermutations(
  inputs: readonly tf.SymbolicTensor[],
  permutations: readonly Permutation[],
): Permutation {
  if (permutations.every((permutation) => !permutation)) return undefined;
  let start = 0;
  return inputs.flatMap(({ shape }, k) => {
    const size = shape[1]!;
    const part = Array.from({ length: size }, (_, i) => start + (permutations[k]?.[i] ?? i));
    start += size;
    return part;
  });
}

export const isKernel = ({ name }: tf.LayerVariable) => /kernel(_\d+)?$/.test(name);

const isSamePermutation = (a: Permutation, b: Permutation) =>
  a === b || (!!a && !!b && a.length === b.length && a.every((position, i) => position === b[i]));

const ambiguousOrderError = (layer: tf.layers.Layer, why: string) =>
  new InputError(
    `Expected a model whose flattened values can be mapped from PyTorch's (channel, row, column) order, ` +
      `got layer ${JSON.stringify(layer.name)} of class ${layer.getClassName()}: ${why}`,
  );

/**
 * Refuses a layer that reshapes vectors to images: in PyTorch a vector is in the order (channel, row,
 * column).
 */
export function expectNoUnflattening(layer: tf.layers.Layer): void {
  if (layer.getClassName() !== 'Reshape') return;
  for (const { inputTensors, outputTensors } of layer.inboundNodes) {
    const sizes = outputTensors[0].shape.slice(1) as number[];
    if (inputTensors[0].shape.length === 2 && sizes.filter((size) => size !== 1).length > 1)
      throw ambiguousOrderError(layer, 'it reshapes vectors to images');
  }
}
