import { expectWeights } from '../guards/models.js';
import { namedWeights, type WeightedLayer, type WeightVariable } from './named-weights.js';

export interface ReadableWeight extends WeightVariable {
  read(): { data(): Promise<ArrayLike<number>> };
}

/** A weight with a value that is NaN or infinite. */
export interface NonFiniteWeight {
  /** The name of the weight, as in `namedWeights`. */
  readonly name: string;
  /** The first such value: NaN, Infinity or -Infinity. */
  readonly value: number;
}

/**
 * The first weight of a model, moving statistics included, with a value that is not finite; undefined if all are finite. The
 * values are read and compared here: the maximum of NaN differs between backends.
 */
export async function nonFiniteWeight(
  model: WeightedLayer<ReadableWeight>,
): Promise<NonFiniteWeight | undefined> {
  expectWeights('model', model);
  for (const { name, weight } of namedWeights(model)) {
    const values = await weight.read().data();
    for (let i = 0; i < values.length; i++)
      if (!Number.isFinite(values[i])) return { name, value: values[i] };
  }
  return undefined;
}
