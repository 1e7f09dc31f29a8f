import type { Hdf5Object } from '../../src/hdf5/open-hdf5.js';
import type { Dataset, Group } from './write-hdf5.js';

/** A group with all that is below it, to be written again. `attributes` are those that are copied. */
export function copyTree(object: Hdf5Object, attributes: readonly string[] = ['name']): Group | Dataset {
  const { shape } = object;
  if (shape) return { shape, values: object.readValues() };
  const children = object.keys().map((key) => [key, copyTree(object.child(key)!, attributes)] as const);
  const texts = attributes.flatMap((name) => {
    const value = object.stringAttribute(name);
    return value ? [[name, value.length === 1 ? value[0] : value] as const] : [];
  });
  return { attributes: Object.fromEntries(texts), children: Object.fromEntries(children) };
}
