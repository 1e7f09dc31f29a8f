import { InputError } from './guards/input-error.js';
import { expectList, expectObject, expectString } from './guards/values.js';

/**
 * A registry is a plain list of entries that is passed as a value: explanation methods, augmentation steps, data sets,
 * recipes, architectures. Nothing registers itself on import; `extend` returns a new list.
 */
export interface RegistryEntry {
  /** The name that a user types. */
  readonly id: string;
}

/** The ids of a list, in its order. */
export function idsOf(list: readonly RegistryEntry[]): string[] {
  expectList('list', list, expectEntry);
  return list.map(({ id }) => id);
}

function expectEntry(name: string, entry: unknown): void {
  expectObject(name, entry);
  expectString(`${name}.id`, (entry as RegistryEntry).id);
}

/**
 * A new list: the entries of `list`, then `entries`. Neither list is changed.
 *
 * @throws InputError if an id occurs twice.
 */
export function extend<T extends RegistryEntry>(list: readonly T[], entries: readonly T[]): readonly T[];
export function extend<T extends RegistryEntry, U extends RegistryEntry>(
  list: readonly T[],
  entries: readonly U[],
): readonly (T | U)[];
export function extend(
  list: readonly RegistryEntry[],
  entries: readonly RegistryEntry[],
): readonly RegistryEntry[] {
  expectList('list', list);
  expectList('entries', entries);
  const extended = [...list, ...entries];
  const ids = idsOf(extended);
  const repeated = ids.find((id, i) => ids.indexOf(id) < i);
  if (repeated !== undefined)
    throw new InputError(`Expected ids that are not in the list yet, got ${JSON.stringify(repeated)} twice`);
  return extended;
}

/**
 * The entry with an id.
 *
 * @param kind what the entries are, for the message: "method", "recipe"
 * @throws InputError if there is none; it lists the ids.
 */
export function findEntry<T extends RegistryEntry>(kind: string, id: unknown, list: readonly T[]): T {
  expectString('kind', kind);
  expectList('list', list, expectEntry);
  const found = list.find((entry) => entry.id === id);
  if (found) return found;
  throw new InputError(
    `Expected ${kind} to be one of ${idsOf(list).join(', ')}, got ${typeof id === 'string' ? JSON.stringify(id) : String(id)}`,
  );
}
