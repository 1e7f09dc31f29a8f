import type { DType } from './reference/values.js';

/** The values of a tensor, generated from a seed. */
export interface Fill {
  readonly kind: FillKind;
  readonly seed: number;
  /** Default 1. */
  readonly scale?: number;
}

export type FillKind =
  /** Standard normal, approximately. */
  | 'normal'
  /** From 0.5 to 1.5. */
  | 'positive'
  /** Normal in runs, with runs of zeros between them. */
  | 'sparse'
  /** Normal, with NaN, infinities and zeros of both signs. */
  | 'special'
  /** Integers from -5 to 5. */
  | 'integers'
  /** 0 or 1. */
  | 'booleans'
  /** 0 in half of the values, else 1 to 255: a bool tensor made of a mask. */
  | 'bytes'
  /** Indices below `scale`. */
  | 'indices'
  /** One-hot rows of `scale` values. */
  | 'oneHot';

/**
 * The values of a fill. Printed programs contain this function, so it uses nothing but its arguments.
 */
export function fillValues(
  kind: string,
  seed: number,
  length: number,
  scale = 1,
): Float32Array | Int32Array | Uint8Array {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => (next() + next() + next() + next() - 2) * 1.7320508;
  if (kind === 'integers') return Int32Array.from({ length }, () => Math.floor(next() * 11) - 5);
  if (kind === 'indices') return Int32Array.from({ length }, () => Math.floor(next() * scale));
  if (kind === 'booleans') return Uint8Array.from({ length }, () => Math.floor(next() * 2));
  if (kind === 'bytes')
    return Uint8Array.from({ length }, () => (next() < 0.5 ? 0 : 1 + Math.floor(next() * 255)));
  const values = new Float32Array(length);
  if (kind === 'oneHot') for (let i = 0; i < length; i += scale) values[i + Math.floor(next() * scale)] = 1;
  if (kind === 'sparse')
    for (let i = 0; i < length;) {
      const [end, isZero] = [i + 1 + Math.floor(next() * 100), next() < 0.6];
      for (; i < Math.min(end, length); i++) values[i] = isZero ? 0 : scale * normal();
    }
  if (kind === 'normal') for (let i = 0; i < length; i++) values[i] = scale * normal();
  if (kind === 'positive') for (let i = 0; i < length; i++) values[i] = scale * (0.5 + next());
  if (kind === 'special')
    for (let i = 0; i < length; i++) {
      const special = [NaN, Infinity, -Infinity, 0, -0][Math.floor(next() * 5)];
      values[i] = next() < 0.1 ? special : scale * normal();
    }
  return values;
}

/** JavaScript that creates a tensor of these values. */
export const fillCode = ({ kind, seed, scale }: Fill, shape: readonly number[], dtype: DType): string => {
  const length = shape.reduce((product, size) => product * size, 1);
  const args = [`'${kind}'`, seed, length, ...(scale === undefined ? [] : [scale])];
  return `tf.tensor(values(${args.join(', ')}), [${shape.join(', ')}], '${dtype}')`;
};
