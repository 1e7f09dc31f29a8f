import * as tf from '@tensorflow/tfjs';

/** Two tensors over one shape: dimensions with the same steps are one. Steps are in values; 0 where a tensor repeats. */
export interface Broadcast {
  readonly shape: number[];
  /** From the innermost dimension outwards. */
  readonly dimensions: readonly { size: number; a: number; b: number }[];
}

/** How `a` and `b` lie over the shape that both are broadcast to. Throws, as core does, where they do not fit. */
export function broadcast(a: readonly number[], b: readonly number[]): Broadcast {
  const shape = tf.broadcast_util.assertAndGetBroadcastShape([...a], [...b]);
  const dimensions: { size: number; a: number; b: number }[] = [];
  let [stepA, stepB] = [1, 1];
  for (let i = 1; i <= shape.length; i++) {
    const [sizeA, sizeB] = [a[a.length - i] ?? 1, b[b.length - i] ?? 1];
    const size = shape[shape.length - i];
    if (size !== 1) {
      const next = { size, a: sizeA === 1 ? 0 : stepA, b: sizeB === 1 ? 0 : stepB };
      const last = dimensions.at(-1);
      if (last && next.a === last.a * last.size && next.b === last.b * last.size) last.size *= size;
      else dimensions.push(next);
    }
    stepA *= sizeA;
    stepB *= sizeB;
  }
  return { shape, dimensions };
}
