import { textsAttribute } from './attributes.js';
import type { NodeDef } from './graph-topology.js';

/** The name of the node that computes what a fused node computed before its activation. */
const beforeActivation = (name: string) => `${name}/BiasAdd`;

/**
 * Separates a sigmoid from the operation that it is fused with, so that the logits are a value of the graph. Rectifiers stay
 * fused.
 */
export function splitActivations(nodes: readonly NodeDef[]): NodeDef[] {
  const names = new Set(nodes.map(({ name }) => name));
  return nodes.flatMap((node): NodeDef[] => {
    const fused = textsAttribute(node, 'fused_ops');
    const name = beforeActivation(node.name);
    if (fused.length !== 2 || fused[1] !== 'Sigmoid' || names.has(name)) return [node];
    const { fused_ops: operations, ...attr } = node.attr as Record<string, { list: { s: unknown[] } }>;
    const first = { list: { s: operations.list.s.slice(0, 1) } };
    return [
      { ...node, name, attr: { ...attr, fused_ops: first, num_args: { i: '1' } } },
      { name: node.name, op: 'Sigmoid', input: [name], attr: { T: { type: 'DT_FLOAT' } } },
    ];
  });
}
