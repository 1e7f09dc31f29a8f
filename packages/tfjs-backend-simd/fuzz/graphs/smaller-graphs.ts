import { connected } from './connected.js';
import type { Graph, GraphNode } from './graph.js';
import { LAYERS } from './layers/registry.js';

type ShapeOf = (id: number) => readonly number[];

const replaced = (graph: Graph, node: GraphNode, id = node.id): Graph => ({
  ...graph,
  nodes: graph.nodes.map((other) => (other.id === id ? node : other)),
});

const withOutputs = (graph: Graph, outputs: readonly number[], nodes = graph.nodes): Graph => ({
  ...graph,
  outputs,
  nodes: connected(nodes, outputs),
});

/** Without a node: what read it reads `instead`. */
function bypassed(graph: Graph, node: GraphNode, instead: number): Graph {
  const redirect = (id: number) => (id === node.id ? instead : id);
  const nodes = graph.nodes
    .filter(({ id }) => id !== node.id)
    .map((other) => ({ ...other, inputs: other.inputs.map(redirect) }));
  const isInput = (id: number) => nodes.some((other) => other.id === id && other.layer === 'input');
  const outputs = [...new Set(graph.outputs.map(redirect))].filter((id) => !isInput(id));
  return withOutputs(graph, outputs, nodes);
}

/** With an input in place of a node, so that what comes before it falls away. */
function withInput(graph: Graph, { id, seed }: GraphNode, shapeOf: ShapeOf): Graph {
  const input: GraphNode = { id, layer: 'input', inputs: [], options: { shape: shapeOf(id).slice(1) }, seed };
  const next = replaced(graph, input);
  return withOutputs(
    next,
    next.outputs.filter((output) => output !== id),
  );
}

function* smallerShapes(graph: Graph): Iterable<Graph> {
  for (const batch of [1, 2]) if (batch < graph.batch) yield { ...graph, batch };
  for (const node of graph.nodes.filter(({ layer }) => layer === 'input')) {
    const shape = node.options.shape as number[];
    yield replaced(graph, { ...node, options: { shape: shape.map(() => 1) } });
    yield replaced(graph, { ...node, options: { shape: shape.map((size) => Math.ceil(size / 2)) } });
    for (let axis = 0; axis < shape.length; axis++)
      for (const size of [1, 2, 3, 4, 8, 16, shape[axis] >> 1, shape[axis] - 1])
        if (size > 0 && size < shape[axis])
          yield replaced(graph, {
            ...node,
            options: { shape: shape.map((old, i) => (i === axis ? size : old)) },
          });
  }
}

/** Graphs that are simpler in one respect, those that drop most first. Some may not be valid. */
export function* smallerGraphs(graph: Graph, shapeOf: ShapeOf): Iterable<Graph> {
  if (graph.phases.length > 1) for (const phase of graph.phases) yield { ...graph, phases: [phase] };
  if (graph.outputs.length > 1) for (const output of graph.outputs) yield withOutputs(graph, [output]);
  const layers = graph.nodes.filter(({ layer }) => layer !== 'input');
  for (const { id } of layers) if (!graph.outputs.includes(id)) yield withOutputs(graph, [id]);
  for (const node of layers) {
    if (!graph.outputs.includes(node.id)) yield withInput(graph, node, shapeOf);
    for (const input of new Set(node.inputs))
      if (shapeOf(input).join() === shapeOf(node.id).join()) yield bypassed(graph, node, input);
  }
  for (const phase of graph.phases) {
    const replace = (next: typeof phase) => ({
      ...graph,
      phases: graph.phases.map((other) => (other === phase ? next : other)),
    });
    if (phase.kind === 'train' && phase.how === 'compile') yield replace({ ...phase, how: 'minimize' });
    if (phase.kind === 'train' && phase.optimizer !== 'sgd') yield replace({ ...phase, optimizer: 'sgd' });
    if ('training' in phase && phase.training) yield replace({ ...phase, training: false });
    if (phase.kind === 'predict' && phase.isReversed) yield replace({ ...phase, isReversed: false });
  }
  for (const node of layers) {
    if (node.isFrozen) yield replaced(graph, { ...node, isFrozen: undefined });
    if (node.sharesLayerOf !== undefined) yield replaced(graph, { ...node, sharesLayerOf: undefined });
    if (node.sharesLayerOf === undefined)
      for (const options of LAYERS.get(node.layer)!.simpler?.(node.options) ?? [])
        if (JSON.stringify(options) !== JSON.stringify(node.options))
          yield {
            ...graph,
            nodes: graph.nodes.map((other) =>
              other.id === node.id || other.sharesLayerOf === node.id ? { ...other, options } : other,
            ),
          };
  }
  yield* smallerShapes(graph);
  if (graph.input.kind !== 'normal') yield { ...graph, input: { kind: 'normal' } };
}
