import type { Fill } from '../fill.js';
import type { WeightSpec } from './layer-spec.js';
import type { Graph, GraphNode } from './graph.js';
import { LAYERS } from './layers/registry.js';

/** The weights of a node's layer, from the shape of its first input. */
export function weightSpecs(
  node: GraphNode,
  shapeOf: (id: number) => readonly number[],
): readonly WeightSpec[] {
  if (node.layer === 'input') return [];
  const shape = shapeOf(node.inputs[0]).slice(1);
  return LAYERS.get(node.layer)!.weights?.(node.options, shape) ?? [];
}

/** The values of weight `index` of a node. */
export function weightFill(
  { specialNode }: Graph,
  { id, seed }: GraphNode,
  index: number,
  { fill }: WeightSpec,
): Fill {
  const isSpecial = specialNode === id && index === 0;
  return { ...fill, ...(isSpecial && { kind: 'special' as const }), seed: seed + index };
}

/** The target that an output is trained on, and the loss. */
export function targetFill(
  graph: Graph,
  output: number,
  shape: readonly number[],
): { readonly fill: Fill; readonly loss: 'meanSquaredError' | 'categoricalCrossentropy' } {
  const seed = graph.seed + 7 * output + 1;
  const node = graph.nodes.find(({ id }) => id === output)!;
  // TensorFlow.js refuses targets of one class.
  const areClasses = shape.length === 2 && shape[1] > 1;
  const isSoftmax = areClasses && (node.options.activation === 'softmax' || node.layer === 'softmax');
  return isSoftmax
    ? { fill: { kind: 'oneHot', seed, scale: shape[1] }, loss: 'categoricalCrossentropy' }
    : { fill: { kind: 'normal', seed }, loss: 'meanSquaredError' };
}
