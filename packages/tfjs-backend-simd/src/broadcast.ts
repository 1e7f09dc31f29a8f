import * as tf from '@tensorflow/tfjs';

/** A dimension of two broadcast tensors. Strides are in values; 0 where a tensor is repeated. */
export interface BroadcastDimension {
  readonly size: number;
  readonly strideA: number;
  readonly strideB: number;
}

/** How two tensors are broadcast to one shape. */
export interface Broadcast {
  readonly shape: number[];
  /** From the innermost dimension outwards; contiguous dimensions are merged. */
  readonly dimensions: readonly BroadcastDimension[];
}

/** The broadcast of the shapes `a` and `b`. Throws the error of tfjs-core if they are incompatible. */
export function broadcast(a: readonly number[], b: readonly number[]): Broadcast {
  const shape = tf.broadcast_util.assertAndGetBroadcastShape([...a], [...b]);
  const dimensions: BroadcastDimension[] = [];
  let [strideA, strideB] = [1, 1];
  for (let i = 1; i <= shape.length; i++) {
    const [sizeA, sizeB] = [a[a.length - i] ?? 1, b[b.length - i] ?? 1];
    const size = shape[shape.length - i];
    if (size !== 1)
      append(dimensions, {
        size,
        strideA: sizeA === 1 ? 0 : strideA,
        strideB: sizeB === 1 ? 0 : strideB,
      });
    strideA *= sizeA;
    strideB *= sizeB;
  }
  return { shape, dimensions };
}

/** Appends an outer dimension, merged with the last one if the two are contiguous in both tensors. */
function append(dimensions: BroadcastDimension[], next: BroadcastDimension): void {
  const last = dimensions.at(-1);
  const isContiguous =
    last && next.strideA === last.strideA * last.size && next.strideB === last.strideB * last.size;
  if (isContiguous) dimensions[dimensions.length - 1] = { ...last, size: last.size * next.size };
  else dimensions.push(next);
}
