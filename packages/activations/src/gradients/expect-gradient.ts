import * as tf from '@tensorflow/tfjs';
import { InputError } from '@convlens/core';
import { gradientOf } from './gradient.js';
import { expectLayersModel } from '../graph-model/expect-layers-model.js';
import { activationName } from '../model/layer-kinds.js';
import { valueShapes, type ModelInput } from '../model/model-input.js';
import type { GraphNode, ModelGraph } from '../model/model-graph.js';
import { callLayer } from '../model/run-graph.js';

/** Layers of TensorFlow.js whose gradient every backend computes: they are not tried out. */
const KNOWN_LAYERS = [
  'Activation',
  'Add',
  'AveragePooling2D',
  'BatchNormalization',
  'Concatenate',
  'Conv2D',
  'Dense',
  'DepthwiseConv2D',
  'Dropout',
  'Flatten',
  'GlobalAveragePooling2D',
  'MaxPooling2D',
  'ReLU',
  'Reshape',
  'SeparableConv2D',
  'Softmax',
  'ZeroPadding2D',
];
const KNOWN_ACTIVATIONS = ['linear', 'relu', 'sigmoid', 'softmax', 'tanh'];

function isKnown(layer: tf.layers.Layer): boolean {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  const className = layer.getClassName();
  return (
    KNOWN_LAYERS.includes(className) &&
    KNOWN_ACTIVATIONS.includes(activationName(layer)) &&
    // Not a class of the caller with such a name.
    layer.constructor === (classNameMap[className]?.[0] as unknown)
  );
}

/** The nodes that `to` depends on and that depend on `from`, with their inputs that do. */
function nodesBetween({ nodes }: ModelGraph, from: number, to: number) {
  const reached = new Set([from]);
  const forward = nodes.filter(({ inputs, outputs }) => {
    if (outputs.includes(from) || !inputs.some((value) => reached.has(value))) return false;
    outputs.forEach((value) => reached.add(value));
    return true;
  });
  const needed = new Set([to]);
  const between: { node: GraphNode; inputs: number[] }[] = [];
  for (const node of forward.reverse()) {
    if (!node.outputs.some((value) => needed.has(value))) continue;
    const inputs = node.inputs.flatMap((value, i) => (reached.has(value) ? [i] : []));
    inputs.forEach((i) => needed.add(node.inputs[i]));
    between.push({ node, inputs });
  }
  return between.reverse();
}

/** Computes the gradient of a layer with respect to some of its inputs, for one row of ones. */
function tryGradient({ layer }: GraphNode, inputs: readonly number[], shapes: readonly number[][]): void {
  tf.tidy(() => {
    const tensors = shapes.map((shape) => tf.ones(shape));
    for (const input of inputs)
      gradientOf((x) => {
        const outputs = callLayer(
          layer,
          tensors.map((tensor, i) => (i === input ? x : tensor)),
          true,
        );
        return tf.addN(outputs.map((y) => tf.sum(y))) as tf.Scalar;
      }, tensors[input]);
  });
}

const MISSING_KERNEL = /Kernel '(\w+)' not registered/;
const MISSING_GRADIENT = /gradient function not found for (\w+)/;

function refusal({ name, layer }: GraphNode, error: unknown): InputError {
  const backend = tf.getBackend();
  const reason = error instanceof Error ? error.message : String(error);
  const kernel = MISSING_KERNEL.exec(reason)?.[1];
  const operation = MISSING_GRADIENT.exec(reason)?.[1];
  const other = backend === 'cpu' ? '' : `call tf.setBackend('cpu') first, or `;
  const remedy = operation
    ? `register one with tf.registerGradient({ kernelName: '${operation}', ... }), or use a method without ` +
      'gradients: occlusion or Score-CAM'
    : `${other}use a method without gradients: occlusion or Score-CAM`;
  const what = kernel
    ? `which needs the kernel ${kernel}, and this backend has none`
    : operation
      ? `whose operation ${operation} has no gradient in TensorFlow.js`
      : `whose gradient throws: ${reason}`;
  return new InputError(
    `Expected layers with a gradient on the backend ${backend}, got layer ${name} of class ` +
      `${layer.getClassName()}, ${what}; ${remedy}`,
  );
}

/** The gradients that were computed once, of each layer: backend and input shapes. */
const tried = new WeakMap<tf.layers.Layer, Set<string>>();

/**
 * Refuses a gradient that cannot be computed, before anything runs: of the value `to` with respect to the value `from`.
 * Layers that are not known to have a gradient are tried out on one row, once per backend.
 *
 * @throws InputError that names the layer, the backend and what to do.
 */
export function expectGradient(modelInput: ModelInput, from: number, to: number): void {
  const nodes = nodesBetween(modelInput.graph, from, to);
  expectLayersModel(
    nodes.map(({ node }) => node),
    'gradients',
  );
  const unknown = nodes.filter(({ node }) => !isKnown(node.layer));
  if (unknown.length === 0) return;
  const allShapes = valueShapes(modelInput);
  for (const { node, inputs } of unknown) {
    const shapes = node.inputs.map((value) => allShapes[value]);
    const key = JSON.stringify([tf.getBackend(), inputs, shapes]);
    const keys = tried.get(node.layer) ?? new Set();
    if (keys.has(key)) continue;
    try {
      tryGradient(node, inputs, shapes);
    } catch (error) {
      throw refusal(node, error);
    }
    tried.set(node.layer, keys.add(key));
  }
}
