import { InputError } from '@convlens/core';
import type { Hdf5Object } from '../hdf5/open-hdf5.js';
import { layerWeights, type SavedWeight } from './layer-weights.js';
import { isModelClass } from '../keras/build-context.js';
import type { WeightOwner, WeightTree } from './weight-tree.js';

/** A nested model without weights has no group in the file. */
const EMPTY_GROUP: Hdf5Object = {
  path: '',
  keys: () => [],
  child: () => undefined,
  stringAttribute: () => undefined,
  readValues: () => new Float32Array(0),
};

/** The index of the weight in which an adapted Normalization layer counts its inputs. */
const NORMALIZATION_COUNT = 2;

/**
 * The weights of a .keras file: layers/CLASS_NUMBER/vars/0, 1, ... in the order of the weights of the layer.
 */
export function archiveWeights(
  root: Hdf5Object,
  { file, expectsNames = true }: { file: string; expectsNames?: boolean },
): WeightTree {
  return {
    open(layers) {
      const parent = root.child('layers') ?? root.child('_layer_checkpoint_dependencies');
      const groups = groupNames(layers, parent?.keys() ?? []).map((name) =>
        name === undefined ? undefined : parent?.child(name),
      );
      return {
        layer(index) {
          const { name, className } = layers[index];
          const variables = groups[index]?.child('vars');
          if (variables && expectsNames) expectLayerName(variables, name, file);
          return layerWeights(savedWeights(variables, className), { layer: name, file });
        },
        nested: (index) => archiveWeights(groups[index] ?? EMPTY_GROUP, { file, expectsNames }),
      };
    },
  };
}

/** Keras names the groups of layers by class and number: conv2d, conv2d_1, ... An operation has none, and is not counted. */
function groupNames(layers: readonly WeightOwner[], savedNames: readonly string[]): (string | undefined)[] {
  const counts = new Map<string, number>();
  return layers.map(({ className, operation }) => {
    if (operation !== undefined) return undefined;
    const base = groupBase(className, savedNames);
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    return count ? `${base}_${count}` : base;
  });
}

const MODEL_GROUPS = ['functional', 'sequential'];

/** A nested model may be of another class than in Keras: TensorFlow.js and the import build it as a functional one. */
function groupBase(className: string, savedNames: readonly string[]): string {
  const base = snakeCase(className);
  if (!isModelClass(className) || savedNames.includes(base)) return base;
  return MODEL_GROUPS.find((group) => savedNames.includes(group)) ?? base;
}

/** As Keras converts class names: "Conv2DTranspose" becomes "conv2d_transpose". */
const snakeCase = (className: string) =>
  className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();

function expectLayerName(variables: Hdf5Object, layer: string, file: string): void {
  const [savedLayer = layer] = variables.stringAttribute('name') ?? [];
  if (savedLayer !== layer)
    throw new InputError(
      `Expected the weights in ${file} to be those of the layer ${JSON.stringify(layer)}, got those of ` +
        `${JSON.stringify(savedLayer)} in ${variables.path}`,
    );
}

function savedWeights(variables: Hdf5Object | undefined, className: string): SavedWeight[] {
  const keys = (variables?.keys() ?? []).sort((a, b) => Number(a) - Number(b));
  return keys.map((key, i) => ({
    array: variables!.child(key)!,
    isTaken: className === 'Normalization' && i === NORMALIZATION_COUNT,
  }));
}
