import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { signaturesOf, type Field, type Parameter, type Signature } from './signatures.js';
import { readJson, type Manifest } from '../workspace.js';
import { sampleOf, type Samples } from './sample-values.js';

/**
 * Calls that end well although a value is not of the declared type: the reason by a pattern of "export: value in place of
 * argument", such as "expectInteger: .* in place of name".
 */
export type ValidCalls = Readonly<Record<string, string>>;

type WrongName =
  'nothing' | 'null' | 'a string' | 'a number' | 'an empty object' | 'a record of another kind';

type Callable = (new (...values: unknown[]) => unknown) & ((...values: unknown[]) => unknown);

/** Also the path that is passed where a store or a source is wanted. What is written there is removed. */
const folder = mkdtempSync(join(tmpdir(), 'convlens-wrong-use-'));

/** A pair of similar filters: no function that is tested takes one. */
const OTHER_RECORD = { filters: [0, 1], correlation: 0.5, overlap: 0.25 };

const WRONG: Readonly<Record<WrongName, unknown>> = {
  nothing: undefined,
  null: null,
  'a string': join(folder, 'path'),
  'a number': 7,
  'an empty object': {},
  'a record of another kind': OTHER_RECORD,
};

const WRONG_NAMES = Object.keys(WRONG) as WrongName[];

/** The parts of a union type. */
const partsOf = (type: string): string[] => type.split('|').map((part) => part.trim());

/** Whether a value may be of a declared type: such a call may succeed, but not end in another error. */
function mayFit({ type, isOptional, fields }: Parameter, wrong: WrongName): boolean {
  const parts = partsOf(type);
  if (parts.some((part) => /^(unknown|any||[A-Z]|Topology)$/.test(part))) return true;
  const isObject = wrong === 'an empty object' || wrong === 'a record of another kind';
  if (wrong === 'nothing') return isOptional || parts.includes('undefined');
  if (wrong === 'null') return parts.includes('null');
  if (wrong === 'a string') return parts.some((part) => part === 'string' || part === '(string & {})');
  if (wrong === 'a number') return parts.includes('number');
  if (parts.includes('object') || /^(Readonly<)?Record</.test(type)) return isObject;
  return (
    isObject &&
    wrong === 'an empty object' &&
    /(Options|Range)\b|^Partial</.test(type) &&
    fields.every((field) => field.isOptional)
  );
}

/** Whether a call with that value takes the defaults: no wrong use, and some take long. */
const isDefault = (parameter: Parameter, wrong: WrongName): boolean =>
  parameter.isOptional && (wrong === 'nothing' || (wrong === 'an empty object' && mayFit(parameter, wrong)));

interface WrongCall {
  readonly title: string;
  readonly values: readonly unknown[];
  /** Whether it may succeed. */
  readonly mayFit: boolean;
}

/** An options object with the fields that it must have. */
const optionsOf = (fields: readonly Field[], valueOf: (field: Field) => unknown): object =>
  Object.fromEntries(fields.map((field) => [field.name, valueOf(field)]));

function validValue({ type, name, fields }: Parameter, samples: Samples): unknown {
  const required = fields.filter(({ isOptional }) => !isOptional);
  if (required.length > 0) return optionsOf(required, (field) => sampleOf(field.name, field.type, samples));
  return sampleOf(name, type, samples);
}

function wrongCalls({ parameters }: Signature, samples: Samples): WrongCall[] {
  const required = parameters.filter(({ isOptional }) => !isOptional);
  const all = WRONG_NAMES.map((wrong) => ({
    title: `${wrong} in place of all arguments`,
    values: wrong === 'nothing' ? [] : required.map(() => WRONG[wrong]),
    mayFit: required.every((parameter) => mayFit(parameter, wrong)),
  }));
  const valid = parameters.map((parameter) => validValue(parameter, samples));
  const replaced = (position: number, value: unknown) =>
    valid.map((sample, i) => (i === position ? value : sample));
  const single = parameters.flatMap((parameter, i) =>
    WRONG_NAMES.filter((wrong) => !isDefault(parameter, wrong)).map((wrong) => ({
      title: `${wrong} in place of ${parameter.name}`,
      values: replaced(i, WRONG[wrong]),
      mayFit: mayFit(parameter, wrong),
    })),
  );
  const fields = parameters.flatMap((parameter, i) =>
    parameter.fields.flatMap((field) =>
      WRONG_NAMES.map((wrong) => ({
        title: `${wrong} in place of ${parameter.name}.${field.name}`,
        values: replaced(i, { ...(valid[i] as object), [field.name]: WRONG[wrong] }),
        mayFit: mayFit({ ...field, fields: [] }, wrong),
      })),
    ),
  );
  return [...(required.length > 0 ? all : []), ...single, ...fields];
}

/** The error that a call ends in; undefined if it ends well. An async function has to reject, an iterator at its first value. */
async function errorOf(callable: Callable, { isClass, isAsync }: Signature, values: readonly unknown[]) {
  let isReturned = false;
  try {
    const result: unknown = isClass ? new callable(...values) : callable(...values);
    isReturned = true;
    const awaited: unknown = await withinSeconds(3, result);
    const { next } = (awaited ?? {}) as Partial<Iterator<unknown>>;
    if (typeof next === 'function') await withinSeconds(3, next.call(awaited));
    return undefined;
  } catch (error) {
    return isAsync && !isReturned ? new Error(`thrown, not rejected: ${String(error)}`) : (error as Error);
  }
}

async function withinSeconds(seconds: number, value: unknown): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end within ${seconds} s`)), 1000 * seconds);
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The signature of a function whose declaration is not found, such as one that another function made: any value may be valid. */
function untyped({ length, prototype }: Callable): Signature {
  const isClass =
    prototype !== undefined && Function.prototype.toString.call(prototype.constructor).startsWith('class');
  const parameters = Array.from({ length }, (_, i) => ({
    name: `argument ${i}`,
    type: 'unknown',
    isOptional: false,
    fields: [],
  }));
  return { isClass, isAsync: false, parameters };
}

const isListed = (pattern: string, name: string, { title }: WrongCall) =>
  new RegExp(`^${pattern}$`).test(`${name}: ${title}`);

const isRefusal = ({ name, message }: Error, errorName: string) =>
  name === errorName && /\bexpected /i.test(message);

/** An error of the operating system, such as that a file does not exist. */
const isSystemError = (error: Error) => 'syscall' in error;

const entriesOf = (packageFolder: string): string[] => {
  const { exports = {} } = readJson(join(packageFolder, 'package.json')) as Manifest;
  return Object.values(exports).flatMap(({ '@convlens/source': source }) =>
    source === undefined ? [] : [join(packageFolder, source)],
  );
};

export interface WrongUseOptions {
  /** Values of the types of this package's parameters, by the type as it is written. */
  readonly samples?: Samples;
  readonly valid?: ValidCalls;
  /** The name of the error; default "InputError". */
  readonly errorName?: string;
}

/**
 * Tests that every function and class that a package exports refuses wrong arguments: all of them replaced by nothing, null, a
 * string (a path), a number, an empty object and a record of another kind, then one at a time. The signatures are read from the
 * source, so that a new export is tested without a line.
 *
 * @param testFile the URL of the test, in the folder `test` of the package
 */
export async function describeWrongUse(
  testFile: string,
  { samples: ownSamples = {}, valid = {}, errorName = 'InputError' }: WrongUseOptions = {},
): Promise<void> {
  const samples = { 'folder: string': join(folder, 'a'), 'path: string': join(folder, 'b'), ...ownSamples };
  const entries = entriesOf(join(dirname(fileURLToPath(testFile)), '..'));
  const exported = new Map<string, [callable: Callable, signature: Signature]>();
  for (const entry of entries) {
    const values = (await import(/* @vite-ignore */ entry)) as Record<string, unknown>;
    const signatures = signaturesOf(entry);
    for (const [name, value] of Object.entries(values))
      if (typeof value === 'function')
        exported.set(name, [value as Callable, signatures.get(name) ?? untyped(value as Callable)]);
  }

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describe('wrong use is refused', () => {
    it.each([...exported])('by %s', async (name, [callable, signature]) => {
      const faults: string[] = [];
      for (const call of wrongCalls(signature, samples)) {
        const error = await errorOf(callable, signature, call.values);
        const isValid = call.mayFit || Object.keys(valid).some((pattern) => isListed(pattern, name, call));
        if (error ? isRefusal(error, errorName) || (call.mayFit && isSystemError(error)) : isValid) continue;
        faults.push(`${call.title}: ${error ? String(error) : 'no error'}`);
      }
      expect(faults).toEqual([]);
    });

    it('and each call that is listed as valid is one of an export', () => {
      const names = Object.keys(valid).map((pattern) => pattern.split(':')[0]);
      expect(
        names.filter((name) => ![...exported.keys()].some((known) => new RegExp(`^${name}$`).test(known))),
      ).toEqual([]);
    });
  });
}
