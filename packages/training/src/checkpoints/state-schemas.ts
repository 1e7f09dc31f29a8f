import { dictionary, floatArray, integer, openObject } from '@convlens/storage';
import * as v from 'valibot';
import type { OptimizerState, StateTensor } from './saved-slots.js';

const hasValues = ({ shape, values }: StateTensor) =>
  shape.reduce((product, size) => product * size, 1) === values.length;

/** A tensor with the fields `entries` beside its shape and values. */
export function stateTensor<const Entries extends v.ObjectEntries>(entries: Entries) {
  const tensor = openObject({
    ...entries,
    shape: v.array(integer()),
    values: floatArray(),
  });
  const checked = v.pipe(
    tensor as unknown as v.GenericSchema<unknown, StateTensor>,
    v.check(hasValues, 'as many values as its shape says'),
  );
  return checked as unknown as v.GenericSchema<
    unknown,
    StateTensor & v.InferOutput<v.ObjectSchema<Entries, undefined>>
  >;
}

/** Of an optimizer in a checkpoint. */
export const optimizerState = (): v.GenericSchema<unknown, OptimizerState> =>
  openObject({
    className: v.string(),
    namesWeights: v.optional(v.boolean()),
    numbers: dictionary(v.custom<number>((value) => typeof value === 'number', 'a number')),
    scalars: dictionary(stateTensor({})),
    slots: dictionary(v.array(openObject({ weight: v.string(), value: stateTensor({}) }))),
  });
