import { InputError } from '@convlens/core';
import { rangeOf, type Option } from './option.js';
import { expectSteps, KINDS, STEPS, type Step } from './step.js';

const EXAMPLE = 'flip,shift=0.1,rotate=15,zoom=0.1';

/** How a value is written, by the type of its option. */
const PLACEHOLDER = {
  number: 'NUMBER',
  integer: 'NUMBER',
  numbers: 'NUMBER/NUMBER...',
  choice: 'WORD',
  boolean: 'true',
} as const;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/;

const usageOf = (kind: Step['kind']) => {
  const { word, main, options } = STEPS[kind];
  return main ? `${word}=${PLACEHOLDER[options[main].type]}` : word;
};

/**
 * Steps from text such as "flip,shift=0.1,crop=4:fill=reflect,normalize=125/123/114:std=63/62/67": steps between commas,
 * each a word, behind it the value of its main option and, after colons, further options by their names. Lists of
 * numbers have slashes. Empty text is no step.
 *
 * @throws InputError that says what was expected, and at which character.
 */
export function parseAugment(text: string): Step[] {
  if (text.trim() === '') return [];
  const steps: Step[] = [];
  let at = 0;
  for (const part of text.split(',')) {
    const place = at + part.length - part.trimStart().length;
    steps.push(parseStep(part.trim(), { text, place, steps }));
    at += part.length + 1;
  }
  return steps;
}

function parseStep(
  part: string,
  { text, place, steps }: { text: string; place: number; steps: readonly Step[] },
): Step {
  const fail = (expected: string, got: string, offset = 0) =>
    new InputError(
      `Expected ${expected} at character ${place + offset + 1} of ${JSON.stringify(text)}, got ${got}; an example: ${EXAMPLE}`,
    );
  const word = /^[^=:]*/.exec(part)![0];
  const kind = KINDS.find((one) => STEPS[one].word === word);
  if (!kind)
    throw fail(`one of ${KINDS.map(usageOf).join(', ')}`, word === '' ? 'nothing' : JSON.stringify(word));
  if (steps.some((step) => step.kind === kind)) throw fail('each step once', `a second ${word}`);
  const { main, options, check } = STEPS[kind];
  const fields: Record<string, unknown> = {};
  let offset = 0;
  for (const [i, piece] of part.split(':').entries()) {
    const equals = piece.indexOf('=');
    const name = i === 0 ? main : equals < 0 ? piece : piece.slice(0, equals);
    const given = equals < 0 ? undefined : piece.slice(equals + 1);
    const valueAt = offset + (equals < 0 ? piece.length : equals + 1);
    if (i === 0 && main === undefined) {
      if (given !== undefined) throw fail(`${word} without a number`, JSON.stringify(piece));
    } else if (i > 0 && (name === undefined || !Object.hasOwn(options, name))) {
      const known = Object.keys(options).join(', ');
      throw fail(
        known ? `one of the options ${known}` : `${word} without options`,
        JSON.stringify(name),
        offset,
      );
    } else if (name !== undefined && (i > 0 || given !== undefined)) {
      if (name in fields) throw fail('each option once', `a second ${name}`, offset);
      const usage = i === 0 ? usageOf(kind) : `${name}=${PLACEHOLDER[options[name].type]}`;
      const value = parseValue(given ?? '', options[name]);
      if (value === undefined)
        throw fail(
          `${usage} with ${rangeOf(options[name])}`,
          given ? JSON.stringify(given) : 'none',
          valueAt,
        );
      fields[name] = value;
    }
    offset += piece.length + 1;
  }
  for (const [name, option] of Object.entries(options))
    if (!option.optional && !(name in fields)) {
      const usage = name === main ? usageOf(kind) : `:${name}=${PLACEHOLDER[option.type]}`;
      throw fail(`${usage} with ${rangeOf(option)}`, 'none', name === main ? word.length : part.length);
    }
  const step = { kind, ...fields } as Step;
  const expected = check?.(step);
  if (expected && main && part === word)
    throw fail(`${usageOf(kind)} with ${rangeOf(options[main])}`, 'none', word.length);
  if (expected) throw fail(`${word} to have ${expected}`, JSON.stringify(part));
  return step;
}

/** The value that a text says, undefined if it is none or out of range. */
function parseValue(text: string, option: Option): unknown {
  if (option.type === 'choice') return option.choices.includes(text) ? text : undefined;
  if (option.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  const { type, min = -Infinity, max = Infinity } = option;
  const numbers = (type === 'numbers' ? text.split('/') : [text]).map((one) =>
    NUMBER.test(one) ? Number(one) : NaN,
  );
  const usable = (value: number) =>
    Number.isFinite(value) && value >= min && value <= max && (type !== 'integer' || Number.isInteger(value));
  if (!numbers.every(usable)) return undefined;
  return type === 'numbers' ? numbers : numbers[0];
}

/** The text that parseAugment reads as these steps. */
export function formatAugment(steps: readonly Step[]): string {
  expectSteps(steps);
  return steps.map(formatStep).join(',');
}

function formatStep(step: Step): string {
  const { word, main, options } = STEPS[step.kind];
  const fields = step as unknown as Readonly<Record<string, unknown>>;
  const textOf = (name: string) => {
    const value = fields[name];
    return Array.isArray(value) ? value.join('/') : String(value);
  };
  const first = main !== undefined && fields[main] !== undefined ? `${word}=${textOf(main)}` : word;
  const rest = Object.keys(options).filter((name) => name !== main && fields[name] !== undefined);
  return [first, ...rest.map((name) => `${name}=${textOf(name)}`)].join(':');
}
