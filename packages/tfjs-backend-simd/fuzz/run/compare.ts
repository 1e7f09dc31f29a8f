import type { Expected } from './expected.js';

/** What a program has read on the backend. */
export interface Actual {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly data: ArrayLike<number>;
}

const show = (value: number) => (Object.is(value, -0) ? '-0' : String(value));

/** The first way in which a reading is wrong; undefined if it is right. */
export function difference(actual: Actual, expected: Expected, method: string): string | undefined {
  const { value, precision, spreadsNaN } = expected;
  const at = (what: string) => `${expected.name}: ${what}`;
  if (actual.name !== expected.name) return at(`read as ${actual.name}`);
  if (actual.shape.join() !== value.shape.join())
    return at(`shape [${actual.shape}], expected [${value.shape}]`);
  if (actual.dtype !== value.dtype) return at(`dtype ${actual.dtype}, expected ${value.dtype}`);
  const tolerance = method === 'winograd' ? expected.tolerance.winograd : expected.tolerance.direct;
  let [worst, largestError] = [-1, 0];
  for (let i = 0; i < value.data.length; i++) {
    const [got, want] = [
      actual.data[i],
      precision === 'exact' && value.dtype === 'float32' ? Math.fround(value.data[i]) : value.data[i],
    ];
    if (value.dtype === 'bool' ? Boolean(got) === Boolean(want) : got === want) continue;
    if (Number.isNaN(want) ? Number.isNaN(got) : Number.isNaN(got) && spreadsNaN) continue;
    const error = Math.abs(got - want);
    // Also where one of them is NaN or infinite.
    if (!(error <= tolerance) && (worst < 0 || !(error <= largestError))) [worst, largestError] = [i, error];
    if (Number.isNaN(error)) break;
  }
  if (worst < 0) return undefined;
  const [got, want] = [actual.data[worst], value.data[worst]];
  return at(
    `value ${worst} of [${value.shape}] is ${show(got)}, expected ${show(want)}; tolerance ${tolerance.toExponential(1)}`,
  );
}

/** Whether two readings have the same bits, except for the bits of NaN. */
export const haveSameBits = (a: Actual, b: Actual): boolean =>
  a.data.length === b.data.length && Array.from(a.data).every((value, i) => Object.is(value, b.data[i]));
