import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import type { Shape } from '../layers/keras-layer.js';
import { textAttribute } from './attributes.js';
import { GraphNodeLayer } from './graph-node-layer.js';
import { inputsOf, quote, type NodeDef, type NodeOutput } from './graph-topology.js';
import { OPERATIONS } from './operations.js';
import {
  nearestBefore,
  nodeError,
  type LoadedGraph,
  type RunnableGraph,
  type TrialResult,
} from './trial-run.js';

/** An input of a graph model, with the shape of its arrays; null for the images and for any size. */
export interface GraphInput {
  readonly name: string;
  readonly shape: Shape;
}

/** The layers model of a graph, which disposes the graph with itself. */
class GraphLayersModel extends tf.LayersModel {
  constructor(
    args: { inputs: tf.SymbolicTensor[]; outputs: tf.SymbolicTensor[]; name: string },
    private readonly graph: LoadedGraph,
  ) {
    super(args);
  }

  override dispose() {
    const result = super.dispose();
    this.graph.dispose();
    return result;
  }
}

/** Operations that give the same array. */
const PASSING = ['Identity', 'IdentityN', 'StopGradient', 'PreventGradient', 'Snapshot'];

/** The node whose array an output is. */
function sourceOf(node: NodeDef, nodes: ReadonlyMap<string, NodeDef>): NodeDef {
  let source = node;
  while (PASSING.includes(source.op)) source = nodes.get(inputsOf(source)[0].node)!;
  return source;
}

/**
 * The layers model that computes the same as a graph: a layer for each node that computes an array with one row for each
 * image. The nodes between, such as those that compute shapes, are computed within these layers.
 *
 * @param trials what each node computed for inputs of two images; a size that differs between them is any size
 */
export function buildGraphLayers(
  runnable: RunnableGraph,
  {
    inputs,
    outputs,
    trials,
  }: {
    inputs: readonly GraphInput[];
    outputs: readonly NodeOutput[];
    trials: readonly ReadonlyMap<string, TrialResult>[];
  },
): tf.LayersModel {
  const { graph, nodes, file } = runnable;
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const shapes = rowShapes(runnable, inputs, trials);
  const visible = new Set(shapes.keys());
  const tensors = new Map<string, tf.SymbolicTensor>();
  for (const { name, shape } of inputs) tensors.set(name, tf.input({ name, shape: shape.slice(1) }));
  const needed = layersBefore(outputs, byName, visible, file);
  for (const node of nodes) {
    const outputShape = shapes.get(node.name);
    if (!outputShape || tensors.has(node.name) || !needed.has(node.name)) continue;
    const reads = nearestBefore(node, byName, visible);
    const weightShapes = inputsOf(node)
      .filter((input) => !runnable.isLive.has(input.node))
      .map((input) => trials[0].get(input.node)!)
      .filter(({ dtype }) => dtype === 'float32')
      .map(({ shape }) => shape);
    const readShapes = reads.map((name) => shapes.get(name)!);
    // What a node reads through other nodes is not what its operation says.
    const readsHidden = inputsOf(node).some((input) => {
      const isArray = runnable.isLive.has(input.node) && trials[0].get(input.node)!.dtype === 'float32';
      return isArray && !visible.has(sourceOf(byName.get(input.node)!, byName).name);
    });
    const kind = readsHidden ? 'Lambda' : kindOf(node, { reads, readShapes, weightShapes, outputShape });
    try {
      const layer = new GraphNodeLayer({ node, kind, reads, outputShape, weightShapes, graph });
      const symbols = reads.map((name) => tensors.get(name)!);
      tensors.set(node.name, layer.apply(symbols.length === 1 ? symbols[0] : symbols) as tf.SymbolicTensor);
    } catch (error) {
      throw nodeError(node, error, file);
    }
  }
  const results = outputs.map(({ node }) => tensors.get(sourceOf(byName.get(node)!, byName).name)!);
  const inputTensors = inputs.map(({ name }) => tensors.get(name)!);
  return new GraphLayersModel({ inputs: inputTensors, outputs: results, name: 'graph' }, graph);
}

/** The nodes with one row for each image, with their shapes. */
function rowShapes(
  { nodes, isLive, hasOneOutput }: RunnableGraph,
  inputs: readonly GraphInput[],
  [first, second = first]: readonly ReadonlyMap<string, TrialResult>[],
): Map<string, Shape> {
  const shapes = new Map<string, Shape>(inputs.map(({ name, shape }) => [name, [...shape]]));
  for (const { name, op } of nodes) {
    const [a, b] = [first.get(name)!, second.get(name)!];
    const hasRows = a.shape.length >= 2 && a.shape[0] === TRIAL_IMAGES && a.dtype === 'float32';
    const isArray =
      hasRows && b.shape.length === a.shape.length && isLive.has(name) && hasOneOutput.has(name);
    if (!isArray || PASSING.includes(op) || shapes.has(name)) continue;
    shapes.set(name, [
      null,
      ...a.shape.slice(1).map((size, axis) => (b.shape[axis + 1] === size ? size : null)),
    ]);
  }
  return shapes;
}

/** The number of images of a trial. */
export const TRIAL_IMAGES = 2;

/** The layers that the outputs need. Throws an InputError for an output that is no layer. */
function layersBefore(
  outputs: readonly NodeOutput[],
  nodes: ReadonlyMap<string, NodeDef>,
  visible: ReadonlySet<string>,
  file: string,
): Set<string> {
  const needed = new Set<string>();
  const pending = outputs.map(({ node, index }) => {
    const source = sourceOf(nodes.get(node)!, nodes);
    if (index > 0 || !visible.has(source.name))
      throw new InputError(
        `Expected the outputs of ${file} to be numbers, one row for each image, got the node ${quote(node)} of operation ` +
          `${quote(source.op)}, which is none for several images`,
      );
    return source.name;
  });
  while (pending.length > 0) {
    const name = pending.pop()!;
    if (needed.has(name)) continue;
    needed.add(name);
    pending.push(...nearestBefore(nodes.get(name)!, nodes, visible));
  }
  return needed;
}

/** Operations that change each channel of an array alike when their other operand is a weight. */
const AFFINE = ['Add', 'Multiply', 'Subtract'];

/** Whether arrays differ in their channels only. */
const isSameSize = (shape: Shape, others: readonly Shape[]) =>
  others.every((other) => other.slice(0, -1).join() === shape.slice(0, -1).join());

/** The Keras layer that a node computes the same as. */
function kindOf(
  { op, ...node }: NodeDef,
  {
    reads,
    readShapes,
    weightShapes,
    outputShape,
  }: {
    reads: readonly string[];
    readShapes: readonly Shape[];
    weightShapes: readonly (readonly number[])[];
    outputShape: Shape;
  },
): string {
  const { kind } = OPERATIONS.get(op)!;
  // Images that are joined side by side are no channels.
  if (kind === 'Concatenate' && !isSameSize(outputShape, readShapes)) return 'Lambda';
  const isMean = op === 'Mean' && /^(2|4)$/.test(String(outputShape.length));
  if (isMean && outputShape.slice(1, -1).every((size) => size === 1)) return 'GlobalAveragePooling2D';
  if (!AFFINE.includes(kind) || reads.length !== 1) return kind;
  const isPerChannel = weightShapes.some(
    (shape) => shape.slice(0, -1).every((size) => size === 1) && (shape.at(-1) ?? 1) >= 1,
  );
  const isSelf = (node.input ?? []).length === 2 && weightShapes.length === 0;
  return isPerChannel && !isSelf ? 'BatchNormalization' : 'Lambda';
}

/** Refuses arrays with the channels before the rows. */
export function expectChannelsLast(nodes: readonly NodeDef[], file: string): void {
  const node = nodes.find((each) => textAttribute(each, 'data_format') === 'NCHW');
  if (node)
    throw new InputError(
      `Expected ${file} to hold a graph with channels last, got channels first in node ${quote(node.name)}`,
    );
}
