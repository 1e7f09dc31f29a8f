import * as tf from '@tensorflow/tfjs';
import { InputError } from '@convlens/core';
import { materialize } from './view-values.js';
import { callForGradient } from '../gradients/gradient-calls.js';
import { hasReluActivation, internals, isReluLayer, type LayerActivation } from './layer-kinds.js';
import type { ModelGraph, GraphNode } from './model-graph.js';

/** Replaces a rectifier: takes its input and the rectifier itself, and returns the output to use. */
export type ActivationHook = (x: tf.Tensor, activation: (x: tf.Tensor) => tf.Tensor) => tf.Tensor;

export interface RunOptions {
  /** Tensors for some values, by number; the nodes that would compute them are not run. */
  replace?: ReadonlyMap<number, tf.Tensor>;
  /**
   * Replaces every rectifier: rectifier layers (ReLU, LeakyReLU, ...), and activation functions in other
   * layers.
   */
  hook?: ActivationHook;
  /** A node whose softmax (or sigmoid) is not applied, so that it outputs logits. */
  skipSoftmax?: GraphNode;
  /** Whether the gradient of the result will be computed. */
  gradient?: boolean;
}

const LINEAR: LayerActivation = { getClassName: () => 'linear', apply: (x) => x };

/** The nodes that compute the values `wanted` from the values `feeds`, in order. */
function requiredNodes(
  graph: ModelGraph,
  wanted: readonly number[],
  feeds: ReadonlyMap<number, unknown>,
): GraphNode[] {
  const needed = new Set(wanted);
  const nodes: GraphNode[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((value) => needed.has(value) && !feeds.has(value))) continue;
    nodes.push(node);
    for (const value of node.inputs) needed.add(value);
  }
  return nodes.reverse();
}

/** Whether the value `to` depends on the value `from`, or is the same. */
export function leadsTo(graph: ModelGraph, from: number, to: number): boolean {
  const reached = new Set([from]);
  for (const { inputs, outputs } of graph.nodes)
    if (inputs.some((value) => reached.has(value))) outputs.forEach((value) => reached.add(value));
  return reached.has(to);
}

/** Throws an InputError unless `value` depends on the images; `name` is what the message calls it. */
export function expectDependsOnImages(graph: ModelGraph, value: number, name: string): void {
  if (!leadsTo(graph, graph.inputs[0], value))
    throw new InputError(
      `Expected a layer that depends on the images, got ${name}, which depends on other inputs only`,
    );
}

function withActivation<T>(layer: tf.layers.Layer, activation: LayerActivation, body: () => T): T {
  const layerInternals = internals(layer);
  const original = layerInternals.activation;
  layerInternals.activation = activation;
  try {
    return body();
  } finally {
    layerInternals.activation = original;
  }
}

/** The outputs of a layer in inference mode; with `gradient` by operations whose gradient is cheaper. */
export function callLayer(layer: tf.layers.Layer, inputs: tf.Tensor[], gradient: boolean): tf.Tensor[] {
  const output = gradient ? callForGradient(layer, inputs[0]) : undefined;
  if (output) return [output];
  const result = layer.apply(inputs.length === 1 ? inputs[0] : inputs, { training: false }) as
    tf.Tensor | tf.Tensor[];
  return Array.isArray(result) ? result : [result];
}

function runNode(
  { layer, name, ...node }: GraphNode,
  inputs: tf.Tensor[],
  { hook, skipSoftmax, gradient = false }: RunOptions,
): tf.Tensor[] {
  const call = () => callLayer(layer, inputs, gradient);
  if (skipSoftmax && skipSoftmax.outputs[0] === node.outputs[0])
    return internals(layer).activation ? withActivation(layer, LINEAR, call) : [inputs[0].clone()];
  if (hook && isReluLayer(layer)) return [hook(inputs[0], (x) => layer.apply(x) as tf.Tensor)];
  if (hook && hasReluActivation(layer)) {
    const original = internals(layer).activation!;
    const apply = (x: tf.Tensor) => hook(x, (y) => original.apply(y));
    // No fused kernel has an activation of this name, so the layer calls `apply`.
    return withActivation(layer, { getClassName: () => 'hooked', apply }, call);
  }
  const outputs = call();
  if (outputs.some((y) => y.kerasMask))
    throw new InputError(`Expected a model without masks, got a mask from layer ${name}`);
  return outputs;
}

/**
 * Computes the values `wanted` of a model in inference mode, layer by layer; layers that they do not depend
 * on are not run. Returns one new tensor per wanted value, to be disposed by the caller. The model is not
 * changed, also if a layer throws.
 */
export function runGraph(
  graph: ModelGraph,
  inputs: readonly tf.Tensor[],
  wanted: readonly number[],
  options: RunOptions = {},
): tf.Tensor[] {
  return tf.tidy(() => {
    const feeds = new Map(graph.inputs.map((value, i) => [value, inputs[i]]));
    for (const [value, tensor] of options.replace ?? []) feeds.set(value, tensor);
    const values = new Map(feeds);
    const nodes = requiredNodes(graph, wanted, feeds);
    const lastReaders = new Map<number, GraphNode>();
    for (const node of nodes) for (const value of node.inputs) lastReaders.set(value, node);
    for (const node of nodes) {
      const nodeInputs = node.inputs.map((value) => values.get(value)!);
      const outputs = runNode(node, nodeInputs, options);
      node.outputs.forEach((value, i) => {
        if (feeds.has(value)) return;
        values.set(value, outputs[i]);
        if (!options.gradient && wanted.includes(value)) materialize(outputs[i]);
      });
      if (options.gradient) continue;
      // A gradient needs all intermediate values; without one they are freed after their last reader.
      for (const value of node.inputs)
        if (lastReaders.get(value) === node && !feeds.has(value) && !wanted.includes(value))
          values.get(value)!.dispose();
    }
    return wanted.map((value) => values.get(value)!.clone());
  });
}
