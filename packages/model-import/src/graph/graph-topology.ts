import { InputError } from '@convlens/core';
import { isObject } from '../keras/json.js';

/** A node of a TensorFlow graph, as model.json lists it. */
export interface NodeDef {
  readonly name: string;
  /** The operation, such as "Conv2D". */
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, unknown>>;
}

/** An output of a node. */
export interface NodeOutput {
  readonly node: string;
  readonly index: number;
}

export interface GraphTopology {
  /** The nodes that the outputs need, each after those that it reads. */
  readonly nodes: readonly NodeDef[];
  readonly outputs: readonly NodeOutput[];
}

const MAX_NODES = 100_000;
/** The longest part of a name that a message quotes. */
const MAX_QUOTE = 80;

/** A name in quotes; of another value its type, since it may be nested deeply. */
export const quote = (name: unknown): string =>
  typeof name === 'string' ? JSON.stringify(name.slice(0, MAX_QUOTE)) : typeof name;

/** "conv/Relu:1" is output 1 of the node conv/Relu. */
export function parseOutput(text: string): NodeOutput {
  const [, node, index] = /^(.*?)(?::(\d{1,4}))?$/s.exec(text)!;
  return { node, index: Number(index ?? 0) };
}

/** The outputs that a node reads. Names that begin with ^ only order the execution. */
export const inputsOf = ({ input = [] }: NodeDef): NodeOutput[] =>
  input.filter((name) => !name.startsWith('^')).map(parseOutput);

/** Reads the list of nodes. Messages name a node, and never print the graph. */
function parseNodes(topology: unknown, file: string): Map<string, NodeDef> {
  const list: unknown = isObject(topology) ? topology.node : undefined;
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_NODES)
    throw new InputError(
      `Expected ${file} to hold a graph of at most ${MAX_NODES} nodes, got ${Array.isArray(list) ? list.length : 'none'}`,
    );
  const nodes = new Map<string, NodeDef>();
  for (const [i, entry] of (list as unknown[]).entries()) {
    const { name, op, input = [], attr = {} } = (isObject(entry) ? entry : {}) as Record<string, unknown>;
    const isNode = typeof name === 'string' && name !== '' && typeof op === 'string';
    const hasInputs = Array.isArray(input) && input.every((text) => typeof text === 'string');
    if (!isNode || !hasInputs || !isObject(attr) || !Object.values(attr).every(isObject))
      throw new InputError(
        `Expected node ${i} of ${file} to have name, op, input and attr, got another entry (${quote(name)})`,
      );
    if (nodes.has(name))
      throw new InputError(`Expected nodes of different names in ${file}, got ${quote(name)} twice`);
    nodes.set(name, { name, op, input: input as string[], attr });
  }
  return nodes;
}

/** The nodes that `outputs` need, in an order in which they can be computed. */
function sortNodes(nodes: ReadonlyMap<string, NodeDef>, outputs: readonly string[], file: string): NodeDef[] {
  const sorted: NodeDef[] = [];
  const states = new Map<string, 'open' | 'done'>();
  // A path is kept as a list, since a graph may be deeper than the stack of calls.
  const pending = [...outputs].reverse();
  while (pending.length > 0) {
    const name = pending.at(-1)!;
    const node = nodes.get(name);
    if (!node) throw new InputError(`Expected ${file} to hold the node ${quote(name)}, found none`);
    const inputs = inputsOf(node).map((input) => input.node);
    if (states.get(name) === undefined) {
      states.set(name, 'open');
      const open = inputs.find((input) => states.get(input) === 'open');
      if (open !== undefined)
        throw new InputError(`Expected a graph without loops in ${file}, got one at the node ${quote(open)}`);
      pending.push(...inputs.filter((input) => states.get(input) === undefined).reverse());
      continue;
    }
    pending.pop();
    if (states.get(name) === 'open') sorted.push(node);
    states.set(name, 'done');
  }
  return sorted;
}

/** The outputs that the signature names; without one, the nodes that no other reads. */
function outputsOf(nodes: ReadonlyMap<string, NodeDef>, signature: unknown): NodeOutput[] {
  const named: unknown = isObject(signature) ? signature.outputs : undefined;
  const names = Object.values(isObject(named) ? named : {})
    .map((output) => (isObject(output) ? output.name : undefined))
    .filter((name) => typeof name === 'string');
  if (names.length > 0) return names.map(parseOutput);
  const read = new Set([...nodes.values()].flatMap(inputsOf).map(({ node }) => node));
  return [...nodes.values()]
    .filter(({ name, op }) => !read.has(name) && op !== 'NoOp' && op !== 'Const')
    .map(({ name }) => ({ node: name, index: 0 }));
}

/**
 * Reads the topology of a graph model.
 *
 * @throws InputError if an entry is malformed, a node is missing or there is a loop.
 */
export function readGraphTopology(topology: unknown, signature: unknown, file: string): GraphTopology {
  const nodes = parseNodes(topology, file);
  const outputs = outputsOf(nodes, signature);
  if (outputs.length === 0) throw new InputError(`Expected a graph with an output in ${file}, found none`);
  const names = outputs.map(({ node }) => node);
  return { nodes: sortNodes(nodes, names, file), outputs };
}
