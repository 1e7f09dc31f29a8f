import type { Random } from '../../packages/core/src/index.js';

/*
 * Faults as people and programs make them in JSON. What JSON.stringify cannot write (NaN, a key twice, `__proto__`) stands
 * in the value as a placeholder, which is replaced in the text.
 */

type Container = Record<string, unknown>;

interface Place {
  readonly parent: Container;
  readonly key: string;
}

interface Mutation {
  /** Changes the value at a place; may return a text for the placeholder `RAW`. */
  apply(place: Place, random: Random): string | void;
}

const RAW = '@raw@';

const DEEP_LEVELS = [150, 250, 10_000, 100_000];

const EXTREMES = [-1, -5, 0, 0.5, 1e9, 2 ** 31, 2 ** 53, 1e300, -1e300, 5e-324];

const OTHER_TYPES = [true, 7, 'x', '', [], {}, [1, 2], { a: 1 }, '../x', '1e5'];

const below = (count: number, random: Random) => Math.floor(random() * count);

const oneOf = <T>(values: readonly T[], random: Random): T => values[below(values.length, random)];

const setValue = (choose: (old: unknown, random: Random) => unknown): Mutation => ({
  apply: ({ parent, key }, random) => void (parent[key] = choose(parent[key], random)),
});

const setRaw = (choose: (old: unknown, random: Random) => string): Mutation => ({
  apply({ parent, key }, random) {
    const raw = choose(parent[key], random);
    parent[key] = RAW;
    return raw;
  },
});

/** The kinds of faults in a value, by name. */
const VALUE_MUTATIONS: Readonly<Record<string, Mutation>> = {
  delete: {
    apply({ parent, key }) {
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete parent[key];
    },
  },
  duplicate: {
    apply({ parent, key }) {
      if (Array.isArray(parent)) return void parent.push(structuredClone(parent[Number(key)]));
      const name = JSON.stringify(key);
      const value = JSON.stringify(parent[key]);
      parent[key] = RAW;
      return `${value},${name}:null`;
    },
  },
  type: setValue((_, random) => oneOf(OTHER_TYPES, random)),
  null: setValue(() => null),
  negative: setValue((old) => (typeof old === 'number' ? -old - 1 : -5)),
  extreme: setValue((_, random) => oneOf(EXTREMES, random)),
  infinite: setRaw(() => '1e999'),
  nan: setRaw((_, random) => oneOf(['NaN', 'Infinity', 'undefined', '"NaN"'], random)),
  nested: setValue((old) => [[old]]),
  deep: setRaw((_, random) => {
    const levels = oneOf(DEEP_LEVELS, random);
    return '['.repeat(levels) + ']'.repeat(levels);
  }),
  prototype: setRaw((old) => `{"__proto__":${JSON.stringify(old) ?? 'null'}}`),
  rename: {
    apply({ parent, key }, random) {
      if (Array.isArray(parent)) return void parent.reverse();
      const value = parent[key];
      delete parent[key];
      parent[oneOf([key.toUpperCase(), `${key}s`, key.slice(1), 'constructor', 'toString', ''], random)] =
        value;
    },
  },
  swap: {
    // Values of the same kind change their places: names, counts, lists.
    apply({ parent, key }, random) {
      const other = oneOf(Object.keys(parent), random);
      [parent[key], parent[other]] = [parent[other], parent[key]];
    },
  },
};

const TEXT_MUTATIONS = ['cut', 'flip'] as const;

/** The names of all kinds of faults. */
export const MUTATIONS: readonly string[] = [...Object.keys(VALUE_MUTATIONS), ...TEXT_MUTATIONS];

/** All places in a value, so that deep ones are as likely as those at the top. */
function placesOf(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const parent = value as Container;
  return Object.keys(parent).flatMap((key) => [{ parent, key }, ...placesOf(parent[key])]);
}

/** The text of JSON with one fault, in UTF-8. */
export function mutateJson(text: string, random: Random): Uint8Array {
  const kind = oneOf(MUTATIONS, random);
  const bytes = new TextEncoder().encode(text);
  if (kind === 'cut') return bytes.slice(0, below(bytes.length, random));
  if (kind === 'flip') {
    const at = below(bytes.length, random);
    return bytes.with(at, bytes[at] ^ (1 << below(8, random)));
  }
  const value: unknown = JSON.parse(text);
  const place = oneOf(placesOf(value), random);
  const raw = VALUE_MUTATIONS[kind].apply(place, random);
  const mutated = JSON.stringify(value);
  return new TextEncoder().encode(typeof raw === 'string' ? mutated.replace(`"${RAW}"`, () => raw) : mutated);
}
