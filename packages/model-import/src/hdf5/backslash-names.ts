import { InputError } from '@convlens/core';
import type { Hdf5Object } from './open-hdf5.js';

/** An object somewhere below a group, which is opened when it is asked for. */
interface Descendant {
  /** The names that lead to it; none for the group itself. */
  readonly names: readonly string[];
  readonly open: () => Hdf5Object;
}

/**
 * The same tree with groups in place of names that are joined by a backslash. Keras on Windows joins the names of groups
 * by the separator of paths there: it writes one group `layers\dense` where other systems have `dense` in `layers`.
 *
 * @throws InputError, from `child`, if two objects have the same names
 */
export const splitBackslashNames = (root: Hdf5Object, file: string): Hdf5Object =>
  joinDescendants([{ names: [], open: () => root }], { path: '', file });

function joinDescendants(
  descendants: readonly Descendant[],
  { path, file }: { path: string; file: string },
): Hdf5Object {
  const objects = descendants.filter(({ names }) => names.length === 0);
  if (objects.length > 1)
    throw new InputError(
      `Expected ${file} to hold one object ${JSON.stringify(path)}, found two, one with a backslash in its name`,
    );
  const object = objects.at(0)?.open();
  const below: Descendant[] = [
    ...descendants.filter(({ names }) => names.length > 0),
    ...(object?.keys() ?? []).map((key) => ({ names: key.split('\\'), open: () => object!.child(key)! })),
  ];
  return {
    path,
    shape: object?.shape,
    keys: () => [...new Set(below.map(({ names }) => names[0]))],
    child(name) {
      const found = below
        .filter(({ names }) => names[0] === name)
        .map(({ names, open }) => ({ names: names.slice(1), open }));
      if (found.length === 0) return undefined;
      return joinDescendants(found, { path: path ? `${path}/${name}` : name, file });
    },
    stringAttribute: (name) => object?.stringAttribute(name),
    readValues: () => object?.readValues() ?? new Float32Array(0),
  };
}
