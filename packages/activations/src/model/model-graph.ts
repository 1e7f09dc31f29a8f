import * as tf from '@tensorflow/tfjs';
import { InputError } from '@convlens/core';

/** One use of a layer in a model. The values that it reads and computes are numbered. */
export interface GraphNode {
  /** "outer/inner" within nested models; ":0", ":1", ... are added where a layer is used more than once. */
  readonly name: string;
  readonly layer: tf.layers.Layer;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** A model as a list of nodes in execution order; nested models are flattened. */
export interface ModelGraph {
  readonly model: tf.LayersModel;
  readonly nodes: readonly GraphNode[];
  readonly inputs: readonly number[];
  /** Those of the model, or the one that the caller chose. */
  readonly outputs: readonly number[];
  /** The names and shapes (batch axis first, null for any size) of `outputs`, in their order. */
  readonly outputNames: readonly string[];
  readonly outputShapes: readonly (readonly (number | null)[])[];
  /**
   * The output value of each layer and nested model, by name. Layers with several outputs are not included.
   */
  readonly names: ReadonlyMap<string, number>;
}

function expectModel(model: tf.LayersModel): void {
  if (model instanceof tf.LayersModel) return;
  const value: unknown = model;
  if (typeof value === 'object' && value !== null && 'layers' in value && 'predict' in value)
    throw new InputError('two copies of TensorFlow.js are loaded: run npm dedupe');
  const description = value === null ? 'null' : (value?.constructor?.name ?? typeof value);
  throw new InputError(`Expected model to be a tf.LayersModel, got ${description}`);
}

function expectChannelsLast(layer: tf.layers.Layer, name: string): void {
  if ('dataFormat' in layer && layer.dataFormat === 'channelsFirst')
    throw new InputError(`Expected layers with dataFormat channelsLast, got channelsFirst in layer ${name}`);
}

/**
 * The names of the layers in `container`. A Sequential that begins with a model has the layers of that model
 * in its graph.
 */
function namesWithin(container: tf.LayersModel, prefix: string): Map<tf.layers.Layer, string> {
  const names = new Map<tf.layers.Layer, string>();
  for (const layer of container.layers) {
    names.set(layer, prefix + layer.name);
    if (layer instanceof tf.LayersModel)
      for (const [inner, name] of namesWithin(layer, `${prefix}${layer.name}/`))
        if (!names.has(inner)) names.set(inner, name);
  }
  return names;
}

/** Collects the nodes of a model and numbers the values. */
class GraphBuilder {
  readonly nodes: GraphNode[] = [];
  /** The output values of each use of a layer or nested model, by the name of the layer. */
  readonly uses = new Map<string, number[][]>();
  private valueCount = 0;

  newValue(): number {
    return this.valueCount++;
  }

  /** Adds the nodes of `container`, which reads `inputs`. Returns its output values. */
  addModel(container: tf.LayersModel, inputs: readonly number[], prefix: string): number[] {
    const names = namesWithin(container, prefix);
    const visited = new Set<tf.layers.Layer>();
    const values = new Map<tf.SymbolicTensor, number>(container.inputs.map((x, i) => [x, inputs[i]]));
    const valueOf = (x: tf.SymbolicTensor): number => {
      const value = values.get(x);
      if (value !== undefined) return value;
      const layer = x.sourceLayer;
      const layerInputs = x.inputs.map(valueOf);
      const { outputTensors } = layer.inboundNodes[x.nodeIndex];
      const name = names.get(layer) ?? prefix + layer.name;
      const outputs =
        layer instanceof tf.LayersModel
          ? this.addModel(layer, layerInputs, `${name}/`)
          : this.addNode(layer, name, { inputs: layerInputs, outputCount: outputTensors.length });
      visited.add(layer);
      this.addUse(name, outputs);
      outputTensors.forEach((y, i) => values.set(y, outputs[i]));
      return values.get(x)!;
    };
    const outputs = container.outputs.map(valueOf);
    // The model that a Sequential begins with is no layer of its graph; its output is that of its last layer.
    for (const [layer, name] of names)
      if (layer instanceof tf.LayersModel && !visited.has(layer) && values.has(layer.outputs[0]))
        this.addUse(name, [values.get(layer.outputs[0])!]);
    return outputs;
  }

  private addNode(
    layer: tf.layers.Layer,
    name: string,
    { inputs, outputCount }: { inputs: number[]; outputCount: number },
  ): number[] {
    expectChannelsLast(layer, name);
    const outputs = Array.from({ length: outputCount }, () => this.newValue());
    this.nodes.push({ name, layer, inputs, outputs });
    return outputs;
  }

  private addUse(name: string, outputs: number[]): void {
    this.uses.set(name, [...(this.uses.get(name) ?? []), outputs]);
  }
}

/** Names for values: `values` by name (layers with one output), and a name for each first output. */
function nameValues(uses: ReadonlyMap<string, number[][]>) {
  const values = new Map<string, number>();
  const nameOf = new Map<number, string>();
  for (const [name, outputsOfUses] of uses)
    outputsOfUses.forEach((outputs, use) => {
      const fullName = outputsOfUses.length > 1 ? `${name}:${use}` : name;
      if (outputs.length === 1) values.set(fullName, outputs[0]);
      // A nested model shares its value with its last layer, which was added first.
      if (!nameOf.has(outputs[0])) nameOf.set(outputs[0], fullName);
    });
  return { values, nameOf };
}

/**
 * The names of the layers that compute the outputs of a model; ":0", ":1", ... are added where one computes several of them. (The
 * outputNames of a Sequential that was loaded are empty.)
 */
function outputNamesOf({ outputs }: tf.LayersModel): string[] {
  const layers = outputs.map(({ sourceLayer }) => sourceLayer.name);
  return layers.map((name, i) => {
    const positions = layers.flatMap((other, k) => (other === name ? [k] : []));
    return positions.length > 1 ? `${name}:${positions.indexOf(i)}` : name;
  });
}

/**
 * Reads the graph of a Sequential or functional model, nested models included. The model is not changed: the
 * function only follows the symbolic tensors that the model was built from.
 */
export function readGraph(model: tf.LayersModel): ModelGraph {
  expectModel(model);
  const builder = new GraphBuilder();
  const inputs = model.inputs.map(() => builder.newValue());
  const outputs = builder.addModel(model, inputs, '');
  const { values, nameOf } = nameValues(builder.uses);
  return {
    model,
    nodes: builder.nodes.map((node) => ({ ...node, name: nameOf.get(node.outputs[0])! })),
    inputs,
    outputs,
    outputNames: outputNamesOf(model),
    outputShapes: model.outputs.map(({ shape }) => shape),
    names: new Map([...values].sort(([, a], [, b]) => a - b)),
  };
}
