import { InputError } from '@convlens/core';
import type { Hdf5Object } from './hdf5/open-hdf5.js';

/** The weights of one layer in the file. */
export interface LayerWeights {
  /** The next weight, or the one of that name; throws an InputError if there is none, or of another shape. */
  take(name: string, shape: readonly number[]): Float32Array;
  /** Throws an InputError if the file has weights for the layer that it did not take. */
  finish(): void;
}

/** The weights of the layers of a model, in the file. */
export interface WeightTree {
  /** `layers` are all of the model's, in its order, for the file may name them by class and number. */
  open(layers: readonly { readonly className: string; readonly name: string }[]): {
    layer(index: number): LayerWeights;
    nested(index: number): WeightTree;
  };
}

interface Weight {
  /** The names that lead to it, its own not included. */
  readonly owners?: string;
  /** Without one it is known by its place. */
  readonly name?: string;
  readonly array: Hdf5Object;
  taken?: boolean;
}

/** What layers keep for training or counting, and inference does not read. */
const NOT_READ = ['count', 'seed_generator_state'];

/** A layer takes its weights from a list; other layers may take from the same. */
function layerWeights(
  list: readonly Weight[],
  { owner, file }: { owner: string; file: string },
): LayerWeights {
  const fail = (what: string): never => {
    throw new InputError(
      `Expected the weights in ${file} to fit the layer ${JSON.stringify(owner)}: ${what}`,
    );
  };
  const names = list.map(({ name }, i) => name ?? i).join(', ') || 'none';
  return {
    take(name, shape) {
      const free = list.filter(({ taken }) => !taken);
      const weight = free.find((one) => one.name === undefined || SAME_NAME(one.name, name));
      if (!weight) return fail(`it needs ${name}, there is ${names}`);
      weight.taken = true;
      const actual = weight.array.shape;
      if (!actual) return fail(`${weight.array.path} is no array`);
      if (actual.length !== shape.length || actual.some((size, axis) => size !== shape[axis]))
        return fail(`${name} should be ${shape.join(' x ')}, ${weight.array.path} is ${actual.join(' x ')}`);
      return weight.array.values();
    },
    finish() {
      const left = list.filter(({ taken, name = '' }) => !taken && !NOT_READ.includes(name));
      if (left.length > 0) fail(`it does not take ${left.map(({ array }) => array.path).join(', ')}`);
    },
  };
}

const KERNELS = ['kernel', 'depthwise_kernel'];
/** Keras 3 calls the kernel of a depthwise convolution "kernel", Keras 2 and TensorFlow.js "depthwise_kernel". */
const SAME_NAME = (a: string, b: string) => a === b || (KERNELS.includes(a) && KERNELS.includes(b));

/** As Keras makes names of classes: "Conv2DTranspose" becomes "conv2d_transpose". */
const snakeCase = (className: string) =>
  className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();

/** Weights of a .keras file: layers/CLASS_NUMBER/vars/0, 1 ... in the order of the layer's weights. */
export function archiveWeights(root: Hdf5Object, file: string): WeightTree {
  return {
    open(layers) {
      const group = root.child('layers') ?? root.child('_layer_checkpoint_dependencies');
      const used = new Map<string, number>();
      const members = layers.map(({ className }) => {
        const base = snakeCase(className);
        const count = used.get(base) ?? 0;
        used.set(base, count + 1);
        return group?.child(count ? `${base}_${count}` : base);
      });
      return {
        layer(index) {
          const { name: owner, className } = layers[index];
          const vars = members[index]?.child('vars');
          const [saved = owner] = vars?.strings('name') ?? [];
          if (saved !== owner)
            throw new InputError(
              `Expected the weights in ${file} to be those of the layer ${JSON.stringify(owner)}, ${vars!.path} is of ${JSON.stringify(saved)}`,
            );
          const keys = (vars?.keys() ?? []).sort((a, b) => Number(a) - Number(b));
          const list = keys.map((key, i): Weight => ({
            array: vars!.child(key)!,
            // What an adapted Normalization counts is its third.
            taken: className === 'Normalization' && i === 2,
          }));
          return layerWeights(list, { owner, file });
        },
        nested: (index) => archiveWeights(members[index] ?? EMPTY, file),
      };
    },
  };
}

const EMPTY: Hdf5Object = {
  path: '',
  keys: () => [],
  child: () => undefined,
  strings: () => undefined,
  values: () => new Float32Array(0),
};

/** Weights of a .h5 file: a group for each layer of the outermost model, with the names of all that is within it. */
export function legacyWeights(group: Hdf5Object, file: string): WeightTree {
  // Names of layers may have slashes, as those of DenseNet in Keras 2.
  const find = (from: Hdf5Object | undefined, path: string) =>
    path.split('/').reduce<Hdf5Object | undefined>((object, part) => object?.child(part), from);
  const listOf = (layer: string): Weight[] => {
    const member = find(group, layer);
    return (member ? textsInParts(member, 'weight_names') : []).map((path) => {
      const array = find(member, path);
      if (!array)
        throw new InputError(
          `Expected ${file} to hold the weight ${path} of ${JSON.stringify(layer)}, found none`,
        );
      const end = path.lastIndexOf('/');
      const name = path.slice(end + 1).replace(/:\d+$/, '');
      return { array, name, owners: `/${path.slice(0, Math.max(0, end))}/` };
    });
  };
  const within = (list: readonly Weight[]): WeightTree => ({
    open: (layers) => {
      const names = layers.map(({ name }) => name);
      // Of layers whose names end alike, such as "conv" and "block/conv", the weight is of the longest.
      const ownerOf = ({ owners = '' }: Weight) =>
        names
          .filter((name) => owners.endsWith(`/${name}/`))
          .reduce((longest, name) => (name.length > longest.length ? name : longest), '');
      return {
        layer: (index) => {
          const owner = names[index];
          return layerWeights(
            list.filter((weight) => ownerOf(weight) === owner),
            { owner, file },
          );
        },
        nested: (index) => {
          // Two models may hold layers of one name; their own names are in the paths where that is so.
          const inside = list.filter(({ owners }) => owners?.includes(`/${names[index]}/`));
          return within(inside.length > 0 ? inside : list);
        },
      };
    },
  });
  return {
    open: (layers) => ({
      layer: (index) => layerWeights(listOf(layers[index].name), { owner: layers[index].name, file }),
      nested: (index) => within(listOf(layers[index].name)),
    }),
  };
}

/** A list of texts as an attribute; Keras splits long ones into NAME0, NAME1 ... */
function textsInParts(object: Hdf5Object, name: string): string[] {
  const whole = object.strings(name);
  if (whole) return whole;
  const parts: string[] = [];
  for (let i = 0; ; i++) {
    const part = object.strings(`${name}${i}`);
    if (!part) return parts;
    parts.push(...part);
  }
}
