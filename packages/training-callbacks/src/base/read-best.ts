import { InputError, type CallbackState } from '@convlens/core';

/** The best value of a saved state; undefined if the state has null, which means none. */
export function readBest({ best }: CallbackState): number | undefined {
  if (best === null) return undefined;
  if (typeof best === 'number') return best;
  throw new InputError(`Expected state.best to be a number or null, got ${typeof best}`);
}
