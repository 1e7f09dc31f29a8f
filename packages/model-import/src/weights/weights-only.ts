import { InputError } from '@convlens/core';
import { splitBackslashNames } from '../hdf5/backslash-names.js';
import type { Hdf5Object } from '../hdf5/open-hdf5.js';
import { archiveWeights } from './archive-weights.js';
import { legacyWeights } from './legacy-weights.js';
import type { WeightTree } from './weight-tree.js';

/**
 * The weights of a file that Keras writes with `save_weights`, or a ModelCheckpoint with `save_weights_only`: .weights.h5 of
 * Keras 3, or .h5 of older versions. As in Keras, layers that have names of their own need not have these names.
 *
 * @throws InputError if there are none
 */
export function weightsOnly(
  root: Hdf5Object,
  {
    file,
    majorVersion,
  }: { file: string; /** Of the architecture; the file may say another. */ majorVersion: number },
): WeightTree {
  const legacy = root.child('model_weights') ?? root;
  if (legacy.stringAttribute('layer_names') ?? legacy.stringAttribute('layer_names0')) {
    const [version = ''] = root.stringAttribute('keras_version') ?? [];
    return legacyWeights(legacy, {
      file,
      majorVersion: parseInt(version) || majorVersion,
      matchesDefaultNames: true,
    });
  }
  const tree = splitBackslashNames(root, file);
  if (tree.keys().includes('layers') || tree.keys().includes('_layer_checkpoint_dependencies'))
    return archiveWeights(tree, { file, expectsNames: false });
  throw new InputError(
    `Expected ${file} to hold weights of Keras, found ${root.keys().join(', ') || 'nothing'}`,
  );
}
