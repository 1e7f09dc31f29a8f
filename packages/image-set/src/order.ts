import type { Random } from '@convlens/core';

/** 0 to count - 1 in random order (Fisher and Yates; Durstenfeld's form, 1964): every order is equally likely. */
export function shuffledIndices(count: number, random: Random): Uint32Array {
  const indices = firstIndices(count);
  for (let left = count; left > 1; left--) {
    const chosen = Math.floor(random() * left);
    const swapped = indices[left - 1];
    indices[left - 1] = indices[chosen];
    indices[chosen] = swapped;
  }
  return indices;
}

/** 0 to count - 1. */
export function firstIndices(count: number): Uint32Array {
  const indices = new Uint32Array(count);
  for (let i = 0; i < count; i++) indices[i] = i;
  return indices;
}
