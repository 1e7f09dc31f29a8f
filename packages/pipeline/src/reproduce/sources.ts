import { InputError } from '@convlens/core';
import { a } from './a.js';
import { b } from './b.js';
import { c } from './c.js';
import { cifar10Fast } from './cifar10-fast.js';
import { d, dKerasCifar10Long } from './d.js';
import { e } from './e.js';
import type { Source } from './source.js';

const table: Readonly<Record<string, Source>> = {
  A: a,
  B: b,
  C: c,
  D: d,
  E: e,
  'D-keras-cifar10-long': dKerasCifar10Long,
  'cifar10-fast': cifar10Fast,
};

/** One of several networks can be asked for by its recipe: "D-mnist-5x5". */
const parts = Object.fromEntries(
  Object.values(table)
    .filter(({ networks }) => networks.length > 1)
    .flatMap(({ about, networks }) =>
      networks.map((network): [string, Source] => [network.recipe, { about, networks: [network] }]),
    ),
);

const all: Readonly<Record<string, Source>> = { ...table, ...parts };

/** Every source, and every network of a source that has several. */
export const sourceNames: readonly string[] = Object.keys(all);

/** A source by its name; throws an InputError that lists what there is. */
export function sourceOf(name: string): Source {
  if (!Object.hasOwn(all, name))
    throw new InputError(`Expected a source, one of ${sourceNames.join(', ')}, got ${JSON.stringify(name)}`);
  return all[name];
}
