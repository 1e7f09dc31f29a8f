import { InputError } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { isModelClass, type ApplyLayer, type BuildContext } from './build-context.js';
import { callInputs, collectHistories, type KerasHistory } from './keras-history.js';
import type { LayerEntry } from './layer-entry.js';
import { createInput, createModel } from './model-tensors.js';

/** Builds a Functional model: applies each layer as soon as its inputs are computed. */
export function buildFunctional(
  model: LayerEntry,
  layers: readonly LayerEntry[],
  { apply, context }: { apply: ApplyLayer; context: BuildContext },
): tf.LayersModel {
  const { name } = model;
  const { file } = context;
  const outputs = new LayerOutputs(model, layers, context);
  for (const layer of layers)
    if (layer.className === 'InputLayer') outputs.add(layer.name, [createInput(layer, undefined, file)]);
  applyAll(callsOf(layers), { outputs, apply, file });

  const outputTensors = outputs.findAll('output_layers');
  if (new Set(outputTensors).size < outputTensors.length)
    throw new InputError(
      `Expected the model ${JSON.stringify(name)} in ${file} to output each tensor only once: ` +
        'TensorFlow.js drops repeated outputs',
    );
  return createModel({ inputs: outputs.findAll('input_layers'), outputs: outputTensors, name }, file);
}

/** The outputs of the layers of a Functional model that are computed so far. */
class LayerOutputs {
  /** By layer name, one list of outputs per call. */
  private readonly calls: ReadonlyMap<string, tf.SymbolicTensor[][]>;
  /** The nested models whose calls are counted from 1, where layers refer to them and where outputs of the model do. */
  private readonly countedFromOne: {
    readonly calls: ReadonlySet<string>;
    readonly outputs: ReadonlySet<string>;
  };
  private readonly file: string;

  constructor(
    private readonly model: LayerEntry,
    layers: readonly LayerEntry[],
    { file, majorVersion }: BuildContext,
  ) {
    this.file = file;
    this.calls = new Map(layers.map(({ name }) => [name, []]));
    if (this.calls.size < layers.length)
      throw new InputError(`Expected the model ${this.title} to have unique layer names`);
    this.countedFromOne = modelsCountedFromOne(model, layers, majorVersion);
  }

  private get title(): string {
    return `${JSON.stringify(this.model.name)} in ${this.file}`;
  }

  /** Adds the outputs of the next call of a layer. */
  add(layer: string, outputs: tf.SymbolicTensor[]): void {
    this.calls.get(layer)!.push(outputs);
  }

  callCount(layer: string): number {
    return this.calls.get(layer)!.length;
  }

  /** Undefined if it is not computed yet. Throws an InputError for an unknown layer. */
  find(
    [layer, node, output]: KerasHistory,
    countedFromOne: ReadonlySet<string> = this.countedFromOne.calls,
  ): tf.SymbolicTensor | undefined {
    const calls = this.calls.get(layer);
    if (!calls)
      throw new InputError(
        `Expected ${this.file} to hold the layer ${JSON.stringify(layer)} that ` +
          `${JSON.stringify(this.model.name)} refers to, found none`,
      );
    const call = countedFromOne.has(layer) ? node - 1 : node;
    return calls[call]?.[output];
  }

  /** The inputs or the outputs of the model. */
  findAll(key: 'input_layers' | 'output_layers'): tf.SymbolicTensor[] {
    return collectHistories(this.model.config[key]).map((history) => {
      const tensor = this.find(history, this.countedFromOne.outputs);
      if (tensor) return tensor;
      throw new InputError(
        `Expected ${key} of ${this.file} to name a layer output, got ${JSON.stringify(history)}`,
      );
    });
  }
}

/**
 * The nested models whose calls are counted from 1. A model is called once on its own inputs, before it
 * becomes a layer. Some versions of Keras count this call, as node 0, which no other layer then refers to.
 * Keras 3 counts it for the outputs of the model, unless the nested model is a Sequential, and not for layers.
 */
function modelsCountedFromOne(
  { config }: LayerEntry,
  layers: readonly LayerEntry[],
  majorVersion: number,
): { calls: ReadonlySet<string>; outputs: ReadonlySet<string> } {
  const models = layers.filter(({ className }) => isModelClass(className));
  const inCalls = layers.flatMap(({ inboundCalls }) => inboundCalls.flatMap((call) => callInputs(call)));
  const inOutputs = [...collectHistories(config.input_layers), ...collectHistories(config.output_layers)];
  const withoutNode0 = (histories: readonly KerasHistory[], candidates: readonly LayerEntry[]) => {
    const usedAtNode0 = new Set(histories.filter(([, node]) => node === 0).map(([layer]) => layer));
    return new Set(candidates.map(({ name }) => name).filter((name) => !usedAtNode0.has(name)));
  };
  if (majorVersion < 3) {
    const counted = withoutNode0([...inCalls, ...inOutputs], models);
    return { calls: counted, outputs: counted };
  }
  const beyondLast = models.filter(({ name, inboundCalls }) =>
    inCalls.some(([layer, node]) => layer === name && node >= inboundCalls.length),
  );
  const functional = models.filter(({ className }) => className !== 'Sequential');
  return { calls: withoutNode0(inCalls, beyondLast), outputs: withoutNode0(inOutputs, functional) };
}

/** A call of a layer. */
interface Call {
  readonly layer: LayerEntry;
  /** Of the calls of the same layer. */
  readonly index: number;
  readonly inputs: readonly KerasHistory[];
}

const callsOf = (layers: readonly LayerEntry[]): Call[] =>
  layers
    .filter(({ className }) => className !== 'InputLayer')
    .flatMap((layer) =>
      layer.inboundCalls.map((call, index) => ({ layer, index, inputs: callInputs(call) })),
    );

/** Makes all calls, each as soon as its inputs are computed. The file may list them in any order. */
function applyAll(
  calls: readonly Call[],
  { outputs, apply, file }: { outputs: LayerOutputs; apply: ApplyLayer; file: string },
): void {
  let pendingCalls = calls;
  while (pendingCalls.length > 0) {
    const blockedCalls: Call[] = [];
    for (const call of pendingCalls) {
      const inputs = findInputs(call, outputs);
      if (inputs) outputs.add(call.layer.name, apply(call.layer, inputs));
      else blockedCalls.push(call);
    }
    if (blockedCalls.length === pendingCalls.length) {
      const { layer, inputs } = blockedCalls[0];
      throw new InputError(
        `Expected every layer in ${file} to read the output of another layer, got layer ` +
          `${JSON.stringify(layer.name)} whose inputs ${JSON.stringify(inputs)} are never computed`,
      );
    }
    pendingCalls = blockedCalls;
  }
}

/**
 * The inputs of a call; undefined if one is not computed yet, or an earlier call of the same layer is
 * pending.
 */
function findInputs({ layer, index, inputs }: Call, outputs: LayerOutputs): tf.SymbolicTensor[] | undefined {
  const tensors = inputs.map((history) => outputs.find(history));
  const isNextCall = outputs.callCount(layer.name) === index;
  const isReady = isNextCall && tensors.length > 0 && tensors.every((tensor) => tensor !== undefined);
  return isReady ? (tensors as tf.SymbolicTensor[]) : undefined;
}
