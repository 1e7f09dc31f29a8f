import { concat } from '../../reference/arrangement.js';
import { add, binary, extremum, multiply } from '../../reference/elementwise.js';
import type { Node, Tape } from '../../reference/tape.js';
import { mapValues, sameShape, type Result } from '../../reference/values.js';
import { layer, type LayerSpec, type Shape } from '../layer-spec.js';

const areEqual = (shapes: readonly Shape[]) => shapes.every((shape) => sameShape(shape, shapes[0]));

const scaledBy = (tape: Tape, x: Node, factor: number): Node =>
  tape.apply([x], (values): Result => {
    const scale = (v: number) => v * factor;
    return {
      value: mapValues(values, scale),
      precision: 'rounded',
      gradient: (dy) => [{ value: mapValues(dy, scale), precision: 'rounded' }],
    };
  });

const merge = (name: string, combine: (tape: Tape, inputs: readonly Node[]) => Node): LayerSpec =>
  layer<object>({
    name,
    inputs: 'several',
    choose: (_, shapes) => (areEqual(shapes) ? {} : undefined),
    code: () => ({}),
    reference: ({ tape, inputs }) => combine(tape, inputs),
  });

const folded = (combine: (tape: Tape, a: Node, b: Node) => Node) => (tape: Tape, inputs: readonly Node[]) =>
  inputs.reduce((a, b) => combine(tape, a, b));

const sum = folded((tape, a, b) => tape.apply([a, b], (x, y) => binary(x, y, add)));

const concatenate = layer<{ axis: number }>({
  name: 'concatenate',
  inputs: 'several',
  choose(random, shapes) {
    const axis = random.chance(0.7) ? shapes[0].length : random.between(1, shapes[0].length);
    const rest = shapes.map((shape) => shape.filter((_, i) => i !== axis - 1));
    return areEqual(rest) && shapes.every((shape) => shape.length === shapes[0].length)
      ? { axis }
      : undefined;
  },
  code: ({ axis }) => ({ axis }),
  reference: ({ tape, inputs, options: { axis } }) => tape.apply(inputs, (...values) => concat(values, axis)),
});

export const MERGE_LAYERS: readonly LayerSpec[] = [
  merge('add', sum),
  merge(
    'multiply',
    folded((tape, a, b) => tape.apply([a, b], (x, y) => binary(x, y, multiply))),
  ),
  merge('average', (tape, inputs) => scaledBy(tape, sum(tape, inputs), 1 / inputs.length)),
  merge(
    'maximum',
    folded((tape, a, b) => tape.apply([a, b], (x, y) => extremum(x, y, 'maximum', tape.branches))),
  ),
  merge(
    'minimum',
    folded((tape, a, b) => tape.apply([a, b], (x, y) => extremum(x, y, 'minimum', tape.branches))),
  ),
  concatenate,
];
