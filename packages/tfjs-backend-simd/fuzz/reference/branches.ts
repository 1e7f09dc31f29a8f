/**
 * The decisions of operations with a kink or a jump (ReLU, max pooling, clipping). In float32 a value near the kink may lie
 * on its other side, so a run of the reference may take the other branch there.
 */
export interface Branches {
  /**
   * 1 where the signed distance to the kink is positive, or with `inclusive` not negative; else 0. `isFree` marks distances
   * of exactly 0 that are not exact in float32: values which are equal by chance of the network, not by construction.
   */
  decide(distances: Float64Array, options?: DecideOptions): Uint8Array;
}

export interface DecideOptions {
  readonly inclusive?: boolean;
  readonly isFree?: (index: number) => boolean;
  /** Where both sides are right. */
  readonly isOpen?: (index: number) => boolean;
}

export function decideByValue(
  distances: Float64Array,
  { inclusive = false }: DecideOptions = {},
): Uint8Array {
  const decisions = new Uint8Array(distances.length);
  for (let i = 0; i < distances.length; i++)
    decisions[i] = Number(inclusive ? distances[i] >= 0 : distances[i] > 0);
  return decisions;
}

/** Decides by the values alone. */
export const EXACT_BRANCHES: Branches = { decide: decideByValue };
