import { InputError } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import type { TensorValues } from './tensor-values.js';

type StateDict = ReadonlyMap<string, TensorValues>;

/** PyTorch counts the batches in batch normalization; TensorFlow.js has no such weight. */
export const isIgnored = (name: string): boolean => name.endsWith('num_batches_tracked');

const moduleOf = (tensor: string) => tensor.slice(0, Math.max(0, tensor.lastIndexOf('.')));

/** The modules that have tensors, in the order of the state dict. */
export const modulesOf = (tensors: StateDict): string[] => [
  ...new Set([...tensors.keys()].filter((name) => !isIgnored(name)).map(moduleOf)),
];

const withoutSeparators = (name: string) => name.replace(/[./_-]/g, '_');

/** The module with the name of a layer; of the same name but for separators if there is only one. */
export function moduleNamed(layer: string, modules: readonly string[]): string {
  if (modules.includes(layer)) return layer;
  const alike = modules.filter((module) => withoutSeparators(module) === withoutSeparators(layer));
  return alike.length === 1 ? alike[0] : layer;
}

/** The kind of a module, as the class of its layer, by the tensors that it has. */
function moduleKind(module: string, tensors: StateDict): string {
  if (tensors.has(`${module}.running_mean`)) return 'BatchNormalization';
  const rank = tensors.get(`${module}.weight`)?.shape.length;
  return { 4: 'Conv2D', 3: 'Conv1D', 2: 'Dense', 1: 'LayerNormalization' }[rank ?? 0] ?? 'other';
}

/** Convolutions of one rank are of one kind. */
const LAYER_KINDS: Readonly<Record<string, string>> = {
  Conv2DTranspose: 'Conv2D',
  DepthwiseConv2D: 'Conv2D',
};

const layerKind = (layer: tf.layers.Layer) => LAYER_KINDS[layer.getClassName()] ?? layer.getClassName();

/**
 * The module of each layer with weights: the n-th one of each kind. PyTorch lists modules as the program defines them, which is
 * the order of the layers only in a chain, and often not between kinds.
 *
 * @throws InputError if the model is not a chain of layers, or it has another number of layers of a kind.
 */
export function matchByOrder(model: tf.LayersModel, tensors: StateDict): Map<string, string> {
  expectChain(model);
  const layers = groupBy(
    model.layers.filter(({ weights }) => weights.length > 0),
    layerKind,
  );
  const modules = groupBy(modulesOf(tensors), (module) => moduleKind(module, tensors));
  const names = new Map<string, string>();
  for (const kind of new Set([...modules.keys(), ...layers.keys()])) {
    const [from, to] = [modules.get(kind) ?? [], layers.get(kind) ?? []];
    if (from.length !== to.length)
      throw new InputError(
        `Expected a layer of the kind ${kind} for each of ${from.length} modules (${from.join(', ')}), got ${to.length}`,
      );
    to.forEach((layer, i) => names.set(layer.name, from[i]));
  }
  return names;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

function expectChain({ layers }: tf.LayersModel): void {
  for (const layer of layers) {
    const inputs = layer.inboundNodes.flatMap(({ inputTensors }) => inputTensors).length;
    if (inputs > 1)
      throw new InputError(
        `Expected a chain of layers for match "order", got one in which ${layer.name} reads ${inputs} outputs: give the layers ` +
          'the names of the modules, or pass moduleNames',
      );
  }
}
