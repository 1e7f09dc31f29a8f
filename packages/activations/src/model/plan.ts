import * as tf from '@tensorflow/tfjs';
import { InputError } from '@convlens/core';

/** One layer at one place of a model: which values it reads and makes. Values are numbered. */
export interface Step {
  /** "outer/inner" within nested models; ":0", ":1" ... are added where a layer is used more than once. */
  readonly name: string;
  readonly layer: tf.layers.Layer;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** A model as a list of steps in an order in which they can run; nested models are laid out flat. */
export interface Plan {
  readonly model: tf.LayersModel;
  readonly steps: readonly Step[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** The value that a layer or a nested model puts out, by name. Layers with several outputs have no name here. */
  readonly names: ReadonlyMap<string, number>;
}

function expectModel(model: tf.LayersModel): void {
  if (model instanceof tf.LayersModel) return;
  const value: unknown = model;
  if (typeof value === 'object' && value !== null && 'layers' in value && 'predict' in value)
    throw new InputError('two copies of TensorFlow.js are loaded: run npm dedupe');
  throw new InputError(
    `Expected model to be a tf.LayersModel, got ${value === null ? 'null' : (value?.constructor?.name ?? typeof value)}`,
  );
}

/** Names within `container`: a Sequential that begins with a model holds that model's layers in its own graph. */
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

/**
 * Reads the graph of a model (Sequential or functional, nested models included) without touching it: only the symbolic
 * tensors that it was built from are followed, none is made.
 */
export function planModel(model: tf.LayersModel): Plan {
  expectModel(model);
  const steps: Step[] = [];
  const outputsOf = new Map<string, number[][]>();
  const addName = (name: string, outputs: number[]) =>
    void outputsOf.set(name, [...(outputsOf.get(name) ?? []), outputs]);
  let count = 0;

  const expand = (container: tf.LayersModel, given: readonly number[], prefix: string): number[] => {
    const names = namesWithin(container, prefix);
    const ran = new Set<tf.layers.Layer>();
    const values = new Map<tf.SymbolicTensor, number>(container.inputs.map((x, i) => [x, given[i]]));
    const valueOf = (x: tf.SymbolicTensor): number => {
      if (values.has(x)) return values.get(x)!;
      const layer = x.sourceLayer;
      const inputs = x.inputs.map(valueOf);
      const made = layer.inboundNodes[x.nodeIndex].outputTensors;
      const name = names.get(layer) ?? prefix + layer.name;
      let outputs: number[];
      if (layer instanceof tf.LayersModel) outputs = expand(layer, inputs, `${name}/`);
      else {
        if ('dataFormat' in layer && layer.dataFormat === 'channelsFirst')
          throw new InputError(`Expected layers that put channels last, got channelsFirst in layer ${name}`);
        outputs = made.map(() => count++);
        steps.push({ name, layer, inputs, outputs });
      }
      ran.add(layer);
      addName(name, outputs);
      made.forEach((y, i) => values.set(y, outputs[i]));
      return values.get(x)!;
    };
    const results = container.outputs.map(valueOf);
    for (const [layer, name] of names)
      if (layer instanceof tf.LayersModel && !ran.has(layer) && values.has(layer.outputs[0]))
        addName(name, [values.get(layer.outputs[0])!]);
    return results;
  };

  const inputs = model.inputs.map(() => count++);
  const outputs = expand(model, inputs, '');

  const names = new Map<string, number>();
  const nameOf = new Map<number, string>();
  for (const [name, uses] of outputsOf)
    uses.forEach((made, use) => {
      const full = uses.length > 1 ? `${name}:${use}` : name;
      if (made.length === 1) names.set(full, made[0]);
      if (!nameOf.has(made[0])) nameOf.set(made[0], full);
    });
  return {
    model,
    // A nested model shares its value with its last layer; the layer's own name was noted first.
    steps: steps.map((step) => ({ ...step, name: nameOf.get(step.outputs[0])! })),
    inputs,
    outputs,
    names: new Map([...names].sort(([, a], [, b]) => a - b)),
  };
}
