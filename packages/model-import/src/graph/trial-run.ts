import { InputError, isInputError } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { inputsOf, quote, type NodeDef } from './graph-topology.js';
import { OPERATIONS, type OperationInput } from './operations.js';

/** A graph in TensorFlow.js, with its weights. */
export type LoadedGraph = ReturnType<typeof tf.loadGraphModelSync>;

/** What a node computed. */
export interface TrialResult {
  readonly shape: readonly number[];
  readonly dtype: string;
}

export interface RunnableGraph {
  readonly graph: LoadedGraph;
  /** Each after those that it reads. */
  readonly nodes: readonly NodeDef[];
  /** The nodes that depend on an input of the model. */
  readonly isLive: ReadonlySet<string>;
  /** The nodes of which only the first output is read. */
  readonly hasOneOutput: ReadonlySet<string>;
  readonly file: string;
}

/** The most values that a node may compute for two images. */
const MAX_VALUES = 2 ** 27;
/** The longest list of integers that is read as sizes. */
const MAX_SIZES = 64;
/** The longest part of a message of TensorFlow.js. */
const MAX_MESSAGE = 200;

/** The nearest nodes before `node` that are in `cut`: those that it is computed from. */
export function nearestBefore(
  node: NodeDef,
  nodes: ReadonlyMap<string, NodeDef>,
  cut: ReadonlySet<string>,
): string[] {
  const found = new Set<string>();
  const visited = new Set<string>();
  const pending = [node];
  while (pending.length > 0) {
    for (const input of inputsOf(pending.pop()!)) {
      if (visited.has(input.node)) continue;
      visited.add(input.node);
      if (cut.has(input.node)) found.add(input.node);
      else pending.push(nodes.get(input.node)!);
    }
  }
  return [...found];
}

/** The error of a node that TensorFlow.js cannot compute. */
export function nodeError({ name, op }: NodeDef, error: unknown, file: string): InputError {
  if (isInputError(error)) return error;
  const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
  return new InputError(
    `Expected ${file} to hold a graph that TensorFlow.js computes, got node ${quote(name)} of operation ${quote(op)}: ` +
      line.slice(0, MAX_MESSAGE),
  );
}

/**
 * Computes each node once, one after the other, for inputs of these values, and returns the shapes. The size of what a node
 * computes is checked before it runs.
 *
 * @throws InputError that names the node that cannot be computed
 */
export async function trialRun(
  { graph, nodes, hasOneOutput, file }: RunnableGraph,
  feeds: ReadonlyMap<string, tf.Tensor>,
): Promise<Map<string, TrialResult>> {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const results = new Map<string, TrialResult>();
  const values = new Map<string, tf.Tensor>(feeds);
  const lastReaders = new Map<string, NodeDef>();
  const cut = new Set([...hasOneOutput].filter((name) => byName.get(name)?.op !== 'Const'));
  const readsOf = new Map(nodes.map((node) => [node, nearestBefore(node, byName, cut)]));
  for (const [node, reads] of readsOf) for (const name of reads) lastReaders.set(name, node);
  const dispose = (name: string) => {
    if (!feeds.has(name)) values.get(name)?.dispose();
    values.delete(name);
  };
  try {
    for (const [name, tensor] of feeds) results.set(name, { shape: tensor.shape, dtype: tensor.dtype });
    for (const node of nodes) {
      if (node.op === 'Const') results.set(node.name, constantOf(node, graph, file));
      if (node.op === 'Const' || feeds.has(node.name)) continue;
      const reads = readsOf.get(node)!;
      await expectBounded(node, { graph, values, results, file });
      const inputs = Object.fromEntries(reads.map((name) => [name, values.get(name)!]));
      try {
        // A copy: some operations return what they read.
        const computed = graph.execute(inputs, node.name) as tf.Tensor;
        const isNew = ![...values.values()].includes(computed) && !isWeight(computed, graph);
        values.set(node.name, isNew ? computed : computed.clone());
      } catch (error) {
        throw nodeError(node, error, file);
      }
      const { shape, dtype } = values.get(node.name)!;
      results.set(node.name, { shape, dtype });
      for (const name of reads) if (lastReaders.get(name) === node) dispose(name);
      if (!lastReaders.has(node.name)) dispose(node.name);
    }
    return results;
  } finally {
    for (const name of [...values.keys()]) dispose(name);
  }
}

const isWeight = (tensor: tf.Tensor, graph: LoadedGraph) =>
  Object.values(graph.weights).some((tensors) => tensors.includes(tensor));

function constantOf(node: NodeDef, graph: LoadedGraph, file: string): TrialResult {
  const [tensor] = (Object.hasOwn(graph.weights, node.name) ? graph.weights[node.name] : []) as tf.Tensor[];
  if (!tensor) throw new InputError(`Expected ${file} to list the weight ${quote(node.name)}, found none`);
  return { shape: tensor.shape, dtype: tensor.dtype };
}

/** Refuses a node before it computes more values than MAX_VALUES. */
async function expectBounded(
  node: NodeDef,
  {
    graph,
    values,
    results,
    file,
  }: {
    graph: LoadedGraph;
    values: ReadonlyMap<string, tf.Tensor>;
    results: ReadonlyMap<string, TrialResult>;
    file: string;
  },
): Promise<void> {
  const operation = OPERATIONS.get(node.op);
  if (!operation) return;
  const inputs: OperationInput[] = [];
  for (const { node: name } of inputsOf(node)) {
    const { shape } = results.get(name)!;
    const tensor = values.get(name) ?? (graph.weights[name] as tf.Tensor[] | undefined)?.[0];
    const isList = tensor?.dtype === 'int32' && tensor.size <= MAX_SIZES;
    const list = isList ? [...(await tensor.data())] : undefined;
    inputs.push({
      shape,
      values() {
        if (list) return list;
        throw new InputError(
          `Expected ${file} to hold sizes as up to ${MAX_SIZES} integers for node ${quote(node.name)}, got others`,
        );
      },
    });
  }
  let bound = NaN;
  try {
    bound = operation.bound(inputs, node);
  } catch (error) {
    throw nodeError(node, error, file);
  }
  if (!(bound <= MAX_VALUES))
    throw new InputError(
      `Expected the nodes of ${file} to compute at most ${MAX_VALUES} values for two images, got ${bound} for node ` +
        `${quote(node.name)} of operation ${quote(node.op)}`,
    );
}
