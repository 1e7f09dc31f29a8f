import type { Random } from '../../packages/core/src/index.js';

type Mutation = (bytes: Uint8Array, below: (count: number) => number) => Uint8Array;

const join = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

/** The kinds of faults that files have, and those that people give them on purpose. */
const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'bit flipped': (bytes, below) => {
    const copy = bytes.slice();
    copy[below(copy.length)] ^= 1 << below(8);
    return copy;
  },
  'cut off': (bytes, below) => bytes.slice(0, below(bytes.length)),
  'bytes inserted': (bytes, below) => {
    const at = below(bytes.length + 1);
    const inserted = Uint8Array.from({ length: 1 + below(32) }, () => below(256));
    return join(bytes.subarray(0, at), inserted, bytes.subarray(at));
  },
  'length made huge': (bytes, below) => {
    const copy = bytes.slice();
    const size = [2, 4, 8][below(3)];
    // 0x7f... and 0xff..., of either byte order: lengths lie in the heads and tails of most files.
    const at = below(2)
      ? below(Math.min(256, copy.length))
      : copy.length - 1 - below(Math.min(256, copy.length));
    copy.fill(0xff, at, at + size);
    if (below(2)) copy[below(2) ? at : Math.min(at + size, copy.length) - 1] = 0x7f;
    return copy;
  },
  'section duplicated': (bytes, below) => {
    const start = below(bytes.length);
    const section = bytes.subarray(start, start + 1 + below(512));
    const at = below(bytes.length + 1);
    return join(bytes.subarray(0, at), section, bytes.subarray(at));
  },
  'section overwritten by another': (bytes, below) => {
    const copy = bytes.slice();
    const [from, to] = [below(copy.length), below(copy.length)];
    copy.set(bytes.subarray(from, Math.min(from + 1 + below(64), from + copy.length - to)), to);
    return copy;
  },
};

const KINDS = Object.values(MUTATIONS);

/** The `index`-th mutation of bytes: each kind in turn, one to three of its faults. */
export function mutation(bytes: Uint8Array, index: number, random: Random): Uint8Array {
  const below = (count: number) => Math.floor(random() * Math.max(1, count));
  const mutate = KINDS[index % KINDS.length];
  let result = bytes;
  for (let faults = 1 + below(3); faults > 0 && result.length > 0; faults--) result = mutate(result, below);
  return result;
}
