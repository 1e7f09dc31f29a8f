import type { GraphNode } from './graph.js';

/**
 * The nodes that lead to the outputs. If the first node of a shared layer does not, the next one takes its place.
 */
export function connected(nodes: readonly GraphNode[], outputs: readonly number[]): GraphNode[] {
  const needed = new Set(outputs);
  for (const node of [...nodes].reverse())
    if (needed.has(node.id)) node.inputs.forEach((id) => needed.add(id));
  const successors = new Map<number, number>();
  return nodes
    .filter(({ id }) => needed.has(id))
    .map((node) => {
      const { id, sharesLayerOf: owner } = node;
      if (owner === undefined || needed.has(owner)) return node;
      const successor = successors.get(owner);
      if (successor === undefined) successors.set(owner, id);
      return { ...node, sharesLayerOf: successor };
    });
}
