import { expectObject, expectOptions, InputError, type OptionNames } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import type { ImportedModel } from '../keras/build-imported-model.js';
import { shapeAttribute, typeAttribute } from './attributes.js';
import { buildGraphLayers, expectChannelsLast, TRIAL_IMAGES, type GraphInput } from './build-graph-layers.js';
import { inputsOf, quote, readGraphTopology, type NodeDef } from './graph-topology.js';
import { OPERATIONS, SOURCES } from './operations.js';
import { splitActivations } from './split-activations.js';
import { trialRun, type LoadedGraph, type RunnableGraph, type TrialResult } from './trial-run.js';

export interface ImportGraphModelOptions {
  /** The name of the file in messages; default "the file". */
  readonly fileName?: string;
}

const IMPORT_GRAPH_MODEL_OPTIONS: OptionNames<ImportGraphModelOptions> = { fileName: true };

/** What model.json of a graph model and its weight files hold. */
export interface GraphArtifacts {
  readonly modelTopology: object;
  readonly weightSpecs: tf.io.WeightsManifestEntry[];
  readonly weightData: tf.io.WeightData;
  /** Names the outputs; default: the nodes that no other node reads. */
  readonly signature?: object;
}

/** Image sizes that a graph of any size is tried with: the second pair if the first is too small for it. */
const TRIAL_SIZES = [
  [64, 96],
  [224, 256],
];

/**
 * Imports a graph model of TensorFlow.js, the graph-model format of its converter, as a layers model: each node that computes
 * an array for each image is a layer of the class "tf." and its operation, by the name of the node. Predictions, feature
 * maps, statistics, occlusion and Score-CAM take it as any other model. It cannot be trained or saved, and the methods of
 * @convlens/activations that need gradients refuse it.
 *
 * Each node is computed once for two images, to find the shapes. The backend of TensorFlow.js must be ready.
 *
 * @throws InputError if the file is damaged, an operation is not one of convolutional networks, an input has no float values
 * with channels last, or a node would compute more than 134 million values. The message names the node.
 */
export async function importGraphModel(
  artifacts: GraphArtifacts,
  options: ImportGraphModelOptions = {},
): Promise<ImportedModel> {
  expectOptions('importGraphModel', options, IMPORT_GRAPH_MODEL_OPTIONS);
  expectObject('artifacts', artifacts);
  const { fileName: file = 'the file' } = options;
  const { nodes: all, outputs } = readGraphTopology(artifacts.modelTopology, artifacts.signature, file);
  const nodes = splitActivations(all).map(forAnyImages);
  expectKnown(nodes, file);
  expectChannelsLast(nodes, file);
  const inputs = graphInputs(nodes, file);
  const graph = loadGraph(nodes, artifacts, file);
  try {
    const runnable = { graph, nodes, file, ...liveNodes(nodes) };
    const trials = await tryImages(runnable, inputs);
    const model = buildGraphLayers(runnable, { inputs, outputs, trials });
    return { model, warnings: [] };
  } catch (error) {
    graph.dispose();
    throw error;
  }
}

/** A node without names that only order the execution; an input for one image is one for any number. */
function forAnyImages(node: NodeDef): NodeDef {
  const input = (node.input ?? []).filter((name) => !name.startsWith('^'));
  const sizes = shapeAttribute(node, 'shape');
  if (node.op !== 'Placeholder' || sizes?.[0] !== 1) return { ...node, input };
  const dim = [null, ...sizes.slice(1)].map((size) => ({ size: String(size ?? -1) }));
  return { ...node, input, attr: { ...node.attr, shape: { shape: { dim } } } };
}

function expectKnown(nodes: readonly NodeDef[], file: string): void {
  const unknown = nodes.find(({ op }) => !OPERATIONS.has(op) && !SOURCES.includes(op));
  if (unknown)
    throw new InputError(
      `Expected ${file} to hold operations of convolutional networks, got node ${quote(unknown.name)} of operation ` +
        `${quote(unknown.op)}: save the Keras model as .keras or .h5, and open that`,
    );
  for (const node of nodes) {
    const count = inputsOf(node).length;
    if (count === 0 && !SOURCES.includes(node.op))
      throw new InputError(`Expected node ${quote(node.name)} of ${file} to read another one, got none`);
  }
}

/** The images, and other inputs of the model. */
function graphInputs(nodes: readonly NodeDef[], file: string): GraphInput[] {
  const inputs = nodes.filter(({ op }) => op === 'Placeholder');
  if (inputs.length === 0) throw new InputError(`Expected a graph with an input in ${file}, found none`);
  return inputs.map((node) => {
    const type = typeAttribute(node, 'dtype');
    const shape = shapeAttribute(node, 'shape');
    const isOfRows = shape !== undefined && shape.length >= 2 && shape[0] === null && shape.at(-1) !== null;
    if (type !== 'DT_FLOAT' || !isOfRows)
      throw new InputError(
        `Expected the input ${quote(node.name)} of ${file} to be float32 images of any number, with channels last, got ` +
          `${quote(type)} of shape ${shape?.map((size) => size ?? 'any').join(' x ') ?? 'any'}`,
      );
    return { name: node.name, shape };
  });
}

/** The nodes that depend on an input, and those of which only the first output is read. */
function liveNodes(nodes: readonly NodeDef[]): Pick<RunnableGraph, 'isLive' | 'hasOneOutput'> {
  const isLive = new Set<string>();
  const hasOneOutput = new Set(nodes.map(({ name }) => name));
  for (const node of nodes) {
    const inputs = inputsOf(node);
    if (node.op === 'Placeholder' || inputs.some((input) => isLive.has(input.node))) isLive.add(node.name);
    for (const { node: name, index } of inputs) if (index > 0) hasOneOutput.delete(name);
  }
  return { isLive, hasOneOutput };
}

/** Loads the graph with its weights. No tensor is left if it throws. */
function loadGraph(
  nodes: readonly NodeDef[],
  { weightSpecs, weightData, modelTopology }: GraphArtifacts,
  file: string,
): LoadedGraph {
  const needed = new Set(nodes.map(({ name }) => name));
  let graph: LoadedGraph | undefined;
  try {
    tf.tidy(() => {
      const topology = { ...modelTopology, node: nodes } as tf.io.ModelJSON['modelTopology'];
      const loaded = tf.loadGraphModelSync({
        load: () => ({ modelTopology: topology, weightSpecs, weightData, format: 'graph-model' }),
      });
      for (const [name, tensors] of Object.entries(loaded.weights))
        if (needed.has(name)) tensors.forEach((tensor) => tf.keep(tensor));
      graph = loaded;
    });
  } catch (error) {
    const [line] = (error as Error).message.split('\n');
    throw new InputError(`Expected ${file} to hold a graph model, got another file: ${line.slice(0, 200)}`);
  }
  return graph!;
}

/** What the nodes compute for images: of one size, or of two if images may have any. */
async function tryImages(
  runnable: RunnableGraph,
  inputs: readonly GraphInput[],
): Promise<Map<string, TrialResult>[]> {
  const isAnySize = inputs.some(({ shape }) => shape.slice(1).includes(null));
  const tryOne = async (size: number) => {
    const feeds = new Map<string, tf.Tensor>();
    try {
      for (const { name, shape } of inputs)
        feeds.set(name, tf.zeros([TRIAL_IMAGES, ...shape.slice(1).map((each) => each ?? size)]));
      return await trialRun(runnable, feeds);
    } finally {
      for (const tensor of feeds.values()) tensor.dispose();
    }
  };
  let lastError: unknown;
  for (const sizes of isAnySize ? TRIAL_SIZES : [[0]]) {
    try {
      const trials = [];
      for (const size of sizes) trials.push(await tryOne(size));
      return trials;
    } catch (error) {
      lastError = error;
    }
  }
  throw lastError;
}
