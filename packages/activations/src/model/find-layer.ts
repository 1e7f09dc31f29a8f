import type * as tf from '@tensorflow/tfjs';
import { InputError } from '@convlens/core';
import { expectLayersModel } from '../graph-model/expect-layers-model.js';
import { kindOf } from '../graph-model/graph-node.js';
import {
  activationName,
  isConvolution,
  isNormalization,
  isOutputActivation,
  isReluLayer,
} from './layer-kinds.js';
import { readGraph, type ModelGraph, type GraphNode } from './model-graph.js';

const ROLES = ['first-conv', 'last-conv'] as const;

const MERGES = ['Add', 'Average', 'Maximum', 'Minimum', 'Multiply', 'Concatenate'];

/**
 * The names of the layers of a model, in execution order. A layer of a nested model is "outer/inner", and
 * "outer" is the output of the nested model; a layer that is used twice is "layer:0" and "layer:1".
 */
export function layerNames(model: tf.LayersModel): string[] {
  return namesOf(readGraph(model));
}

const namesOf = ({ names, inputs }: ModelGraph) =>
  [...names].filter(([, value]) => !inputs.includes(value)).map(([name]) => name);

/**
 * The name of a layer, from its name or its role. 'first-conv' is the output of the first convolution, after
 * the normalization and the activation that directly follow it. 'last-conv' is the same for the last
 * convolution, the one with the longest path from the input; where a residual sum (or another merge) precedes
 * the activation, it is the activation after the merge: the last feature maps of a residual network, which
 * Grad-CAM usually takes. A layer whose name is that of a role is found by its name.
 *
 * @throws InputError if there is no such layer; it lists the names.
 */
export function findLayer(model: tf.LayersModel, nameOrRole: string): string {
  const graph = readGraph(model);
  const value = findValue(graph, nameOrRole);
  return nameOfValue(graph, nameOrRole, value);
}

/** The name of a value in records: the name that it was requested by, or that of the layer with the role. */
export function nameOfValue(graph: ModelGraph, nameOrRole: string, value: number): string {
  return graph.names.has(nameOrRole) ? nameOrRole : nodeOfValue(graph, value)!.name;
}

/** The node whose first output is `value`; undefined for an input of the model. */
export const nodeOfValue = ({ nodes }: ModelGraph, value: number): GraphNode | undefined =>
  nodes.find(({ outputs }) => outputs[0] === value);

/** The convolution with a role; undefined if `role` is not a role. */
function findConvolution({ nodes, inputs }: ModelGraph, role: string): GraphNode | undefined {
  if (!ROLES.includes(role as 'last-conv')) return undefined;
  // Of several inputs only that of the images counts, which is the only one of a graph that images were opened for.
  const depths = new Map(inputs.map((value) => [value, 0]));
  let found: { node: GraphNode; depth: number } | undefined;
  for (const node of nodes) {
    if (!node.inputs.some((value) => depths.has(value))) continue;
    const depth = 1 + Math.max(0, ...node.inputs.map((value) => depths.get(value) ?? 0));
    for (const value of node.outputs) depths.set(value, depth);
    if (!isConvolution(node.layer)) continue;
    if (!found || (role === 'last-conv' ? depth >= found.depth : depth < found.depth))
      found = { node, depth };
  }
  if (!found)
    throw new InputError(
      `Expected a model with a 2D convolution for the layer ${role}, got none: choose a layer by its name, or a method ` +
        `that needs no layer, such as saliency`,
      { code: 'not-applicable' },
    );
  return found.node;
}

/**
 * The node of a layer with a kernel, by name or role. A role names the convolution itself, not the activation
 * after it.
 *
 * @throws InputError if the layer is not of one of `layerClasses`; it lists the layers that are.
 */
export function findKernelNode(
  graph: ModelGraph,
  nameOrRole: string,
  { layerClasses, description }: { layerClasses: readonly string[]; description: string },
): GraphNode {
  const hasKernel = ({ layer }: GraphNode) => layerClasses.includes(layer.getClassName());
  const isName = graph.names.has(nameOrRole);
  const node =
    (isName ? undefined : findConvolution(graph, nameOrRole)) ??
    nodeOfValue(graph, findValue(graph, nameOrRole));
  if (node && hasKernel(node)) return node;
  if (node) expectLayersModel([node], 'kernels');
  const names = graph.nodes.filter(hasKernel).map(({ name }) => name);
  const choices = names.join(', ') || '(there are none)';
  throw new InputError(
    `Expected layer to be one of the ${description} ${choices}, got ${node?.name ?? nameOrRole}`,
  );
}

const isActivation = ({ layer }: GraphNode) =>
  (kindOf(layer) === 'Activation' || isReluLayer(layer)) && !isOutputActivation(layer);

/**
 * The value that a name or a role stands for.
 *
 * @throws InputError if there is no such layer; it lists the names.
 */
export function findValue(graph: ModelGraph, nameOrRole: string): number {
  const named = graph.names.get(nameOrRole);
  if (named !== undefined) return named;
  const convolution = findConvolution(graph, nameOrRole);
  if (!convolution) {
    const choices = [...namesOf(graph), ...ROLES].join(', ');
    throw new InputError(`Expected layer to be one of ${choices}, got ${JSON.stringify(nameOrRole)}`);
  }
  return activationAfter(graph, convolution, { throughMerges: nameOrRole === 'last-conv' });
}

/**
 * The output of a layer after the normalization and the activation that directly follow it; with
 * `throughMerges` also after a merge that precedes the activation.
 */
export function activationAfter(
  { nodes }: ModelGraph,
  { layer, outputs }: GraphNode,
  { throughMerges = false } = {},
): number {
  let [value] = outputs;
  if (activationName(layer) !== 'linear') return value;
  let result = value;
  let merged = false;
  for (;;) {
    const readers = nodes.filter(({ inputs }) => inputs.includes(value));
    if (readers.length !== 1) return result;
    const [reader] = readers;
    if (isActivation(reader)) return reader.outputs[0];
    if (throughMerges && MERGES.includes(kindOf(reader.layer))) merged = true;
    else if (!isNormalization(reader.layer)) return result;
    [value] = reader.outputs;
    // A merge without an activation after it belongs equally to all convolutions that it merges.
    if (!merged) result = value;
  }
}
