import {
  expectString,
  expectObject,
  expectNumbers,
  expectOptions,
  InputError,
  type OptionNames,
} from '@convlens/core';

export interface ResolveArraysOptions {
  /** The field of an object that stands for an array; its value is [offset, length] in `floats`. */
  readonly arrayField: string;
  /** The field of an object that stands for a number that JSON does not have: "NaN", "Infinity" or "-Infinity". */
  readonly numberField: string;
  /** The values of all arrays. */
  readonly floats: Float32Array;
}

const RESOLVE_ARRAYS_OPTIONS: OptionNames<ResolveArraysOptions> = {
  arrayField: true,
  numberField: true,
  floats: true,
};

const NUMBERS: readonly unknown[] = ['NaN', 'Infinity', '-Infinity'];

/**
 * The value that JSON of `parseJson` describes, with copies of the arrays that it refers to.
 *
 * @throws InputError that names `location` if a reference is malformed or outside `floats`, or if the arrays together are
 * longer than `floats`.
 */
export function resolveArrays(json: unknown, location: string, options: ResolveArraysOptions): unknown {
  expectOptions('resolveArrays', options, RESOLVE_ARRAYS_OPTIONS);
  expectString('location', location);
  expectObject('the options of resolveArrays', options);
  expectString('arrayField', options.arrayField);
  expectString('numberField', options.numberField);
  expectNumbers('floats', options.floats);
  const { arrayField, numberField, floats } = options;
  let remaining = floats.length;
  const isIndex = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;

  const resolveArray = (reference: unknown): Float32Array => {
    const [offset, length, ...more] = Array.isArray(reference) ? reference : [];
    const isInside =
      isIndex(offset) && isIndex(length) && more.length === 0 && offset + length <= floats.length;
    // Arrays that overlap would take more memory than the file has.
    if (!isInside || (remaining -= length) < 0)
      throw new InputError(
        `Expected ${location} to refer to arrays within its ${floats.length} values, got ${JSON.stringify(reference)}`,
      );
    return floats.slice(offset, offset + length);
  };
  // `parseJson` bounds the depth.
  const resolve = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) return part.map(resolve);
    const fields = part as Readonly<Record<string, unknown>>;
    if (Object.hasOwn(fields, arrayField)) return resolveArray(fields[arrayField]);
    if (NUMBERS.includes(fields[numberField])) return Number(fields[numberField]);
    return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, resolve(value)]));
  };
  return resolve(json);
}
