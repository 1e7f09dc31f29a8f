import { describe, expect, it } from 'vitest';
import { functionNames } from './unknown-options.js';

/**
 * An option that must be given; one without a default: leaving it out is a case of its own; one whose default several
 * functions share, which is tested with another of them.
 */
type NoDefault = 'required' | 'no default' | 'shared';

/** The documented default of an option, and values that lead to other results. */
type Values = readonly [documented: unknown, ...others: unknown[]];

/** `otherOptions`: other options, without which the option has no effect. */
export type OptionCase = NoDefault | Values | { readonly otherOptions: object; readonly values: Values };

export interface DefaultsCase {
  /** Calls the function with further options and returns plain data that shows their effect. */
  readonly call: (options: never) => unknown;
  /** All options of the function. */
  readonly options: Readonly<Record<string, OptionCase>>;
}

/** The options in the message of a function that was called with an unknown one. */
async function optionNames(call: DefaultsCase['call']): Promise<string[]> {
  const message = await Promise.resolve()
    .then(() => call({ '?': 1 } as never))
    .then(
      () => 'no error',
      (error: Error) => error.message,
    );
  const [, names] = /^Expected the options (.*) of .*, got "\?"/.exec(message) ?? [];
  expect(names, message).toBeDefined();
  return names.split(', ');
}

const results = new Map<DefaultsCase['call'], unknown>();
/** The result without options, which the cases of a function share. */
async function withoutOptions(call: DefaultsCase['call']): Promise<unknown> {
  if (!results.has(call)) results.set(call, await call({} as never));
  return results.get(call);
}

/** Tests that leaving an option out is the same as its documented default, and differs from the other values. */
export function describeDefault(
  call: DefaultsCase['call'],
  option: string,
  optionCase: OptionCase,
  owner: string,
): void {
  if (typeof optionCase === 'string') return;
  const { otherOptions, values } =
    'otherOptions' in optionCase ? optionCase : { otherOptions: {}, values: optionCase };
  const [documented, ...others] = values;
  it(`${owner}, ${option}: ${JSON.stringify(documented)}`, async () => {
    const withOption = async (value: unknown) => call({ ...otherOptions, [option]: value } as never);
    const omitted =
      'otherOptions' in optionCase ? await call(otherOptions as never) : await withoutOptions(call);
    expect(await withOption(documented)).toEqual(omitted);
    for (const other of others) expect(await withOption(other), JSON.stringify(other)).not.toEqual(omitted);
  });
}

/**
 * Tests the documented default of every option of every function of `exports`. The options are those that the function
 * itself lists, so that a new one, or a new function, cannot be forgotten.
 *
 * @param withoutDefaults the functions without options, and those whose options have no defaults
 */
export function describeDefaults(
  exports: object,
  cases: Readonly<Record<string, DefaultsCase>>,
  withoutDefaults: readonly string[],
): void {
  describe('the defaults of options', () => {
    it('are known for every exported function', () => {
      expect(functionNames(exports).sort()).toEqual([...Object.keys(cases), ...withoutDefaults].sort());
    });

    it.each(Object.entries(cases))('are known for every option of %s', async (_, { call, options }) => {
      expect((await optionNames(call)).sort()).toEqual(Object.keys(options).sort());
    });

    for (const [name, { call, options }] of Object.entries(cases))
      for (const [option, optionCase] of Object.entries(options))
        describeDefault(call, option, optionCase, name);
  });
}
