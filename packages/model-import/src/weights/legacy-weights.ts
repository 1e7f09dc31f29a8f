import { InputError } from '@convlens/core';
import type { Hdf5Object } from '../hdf5/open-hdf5.js';
import { layerWeights, type SavedWeight } from './layer-weights.js';
import { convertKeras1Kernel, renameKeras1Weight } from '../keras-1/keras-1-weights.js';
import type { WeightOwner, WeightTree } from './weight-tree.js';

/**
 * The weights of an .h5 file: one group per layer of the outer model, which lists the weights of nested models
 * too.
 */
export function legacyWeights(
  group: Hdf5Object,
  { file, majorVersion, matchesDefaultNames = false }: LegacyOptions,
): WeightTree {
  const isKeras1 = majorVersion < 2;
  const savedNames = readStringList(group, 'layer_names');
  const weightsOf = (index: number, layers: readonly WeightOwner[]) => {
    const names = layers.map(({ name }) => name);
    const name = matchesDefaultNames ? savedNameOf(names[index], names, savedNames) : names[index];
    const weights = readWeights(group, name, file);
    return isKeras1 ? weights.map(renameKeras1Weight) : weights;
  };
  const convert: ConvertWeight = isKeras1 ? convertKeras1Kernel : (weight) => weight;
  return {
    open: (layers) => ({
      layer: (index) => convertedWeights(weightsOf(index, layers), { owner: layers[index], convert, file }),
      nested: (index) => nestedWeights(weightsOf(index, layers), { convert, file }),
    }),
  };
}

interface LegacyOptions {
  readonly file: string;
  readonly majorVersion: number;
  /** Whether a layer that Keras named, such as conv2d_1, may be the layer of this rank, such as conv2d_5. */
  readonly matchesDefaultNames?: boolean;
}

const baseName = (name: string) => name.replace(/_\d+$/, '');

/**
 * The name under which a file has a layer. Keras numbers the layers of a session, so that the same network has conv2d,
 * conv2d_1 in one and conv2d_2, conv2d_3 in another one. If the file has none of these names, their order decides.
 */
function savedNameOf(name: string, names: readonly string[], savedNames: readonly string[]): string {
  const isAlike = (other: string) => baseName(other) === baseName(name);
  const [alike, savedAlike] = [names.filter(isAlike), savedNames.filter(isAlike)];
  const hasSameNames = alike.some((other) => savedAlike.includes(other));
  if (hasSameNames && alike.join() === savedAlike.join()) return name;
  return alike.length === savedAlike.length ? savedAlike[alike.indexOf(name)] : name;
}

/** Changes a weight of an older version of Keras. */
type ConvertWeight = (weight: SavedWeight, owner: WeightOwner) => SavedWeight;

const convertedWeights = (
  weights: readonly SavedWeight[],
  { owner, convert, file }: { owner: WeightOwner; convert: ConvertWeight; file: string },
) =>
  layerWeights(
    weights.map((weight) => convert(weight, owner)),
    { layer: owner.name, file },
  );

/** What Keras calls a weight that a layer gives no name: these are found by their order. */
const DEFAULT_NAME = /^variable(_\d+)?$/i;

/** The weights that the group of a layer lists. */
function readWeights(group: Hdf5Object, layer: string, file: string): SavedWeight[] {
  const layerGroup = findByPath(group, layer);
  if (!layerGroup) return [];
  return readStringList(layerGroup, 'weight_names').map((path) => {
    const array = findByPath(layerGroup, path);
    if (!array)
      throw new InputError(
        `Expected ${file} to hold the weight ${path} of ${JSON.stringify(layer)}, found none`,
      );
    const nameStart = path.lastIndexOf('/') + 1;
    // Keras 2 adds the index of the output: "kernel:0".
    const name = path.slice(nameStart).replace(/:\d+$/, '');
    return { array, ...(!DEFAULT_NAME.test(name) && { name }), ownerPath: `/${path.slice(0, nameStart)}` };
  });
}

/** Names of layers may contain slashes, as those of DenseNet in Keras 2. */
function findByPath(object: Hdf5Object, path: string): Hdf5Object | undefined {
  return path.split('/').reduce<Hdf5Object | undefined>((parent, name) => parent?.child(name), object);
}

/** A list of strings in an attribute. Keras splits a long list into NAME0, NAME1, ... */
function readStringList(object: Hdf5Object, name: string): string[] {
  const list = object.stringAttribute(name);
  if (list) return list;
  const parts: string[][] = [];
  for (let part; (part = object.stringAttribute(`${name}${parts.length}`));) parts.push(part);
  return parts.flat();
}

/** The weights of a nested model, among all weights of the outer layer. */
export function nestedWeights(
  weights: readonly SavedWeight[],
  { convert = (weight) => weight, file }: { convert?: ConvertWeight; file: string },
): WeightTree {
  return {
    open(layers) {
      const names = layers.map(({ name }) => name);
      const weightsOf = (layer: string) => weights.filter((weight) => findOwner(weight, names) === layer);
      return {
        layer: (index) => convertedWeights(weightsOf(names[index]), { owner: layers[index], convert, file }),
        nested: (index) => nestedWeights(weightsInside(weights, names[index]), { convert, file }),
      };
    },
  };
}

/**
 * The layer of a weight. Of layers whose names end alike, such as "conv" and "block/conv", it is the longest.
 */
function findOwner({ ownerPath = '' }: SavedWeight, layers: readonly string[]): string {
  return layers
    .filter((name) => ownerPath.endsWith(`/${name}/`))
    .reduce((longest, name) => (name.length > longest.length ? name : longest), '');
}

/**
 * The weights of a nested model. Keras writes the name of the model into the paths if two models have layers
 * of the same name; without it in any path, all weights are candidates.
 */
function weightsInside(weights: readonly SavedWeight[], model: string): readonly SavedWeight[] {
  const inside = weights.filter(({ ownerPath }) => ownerPath?.includes(`/${model}/`));
  return inside.length > 0 ? inside : weights;
}
