import { InputError } from '@convlens/core';
import { expectSteps, KINDS, STEPS, type Step } from './step.js';

const EXAMPLE = 'flip,shift=0.1,rotate=15,zoom=0.1';
const WORDS = KINDS.map((kind) => STEPS[kind].word + (STEPS[kind].amount ? '=NUMBER' : ''));

/**
 * Steps from text such as "flip,shift=0.1,rotate=15,zoom=0.1": fractions for shift and zoom, degrees for rotate and
 * shear. Empty text is no step.
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
  const equals = part.indexOf('=');
  const word = equals < 0 ? part : part.slice(0, equals);
  const kind = KINDS.find((kind) => STEPS[kind].word === word);
  if (!kind) throw fail(`one of ${WORDS.join(', ')}`, word === '' ? 'nothing' : JSON.stringify(word));
  if (steps.some((step) => step.kind === kind)) throw fail('each step once', `a second ${word}`);
  const { amount } = STEPS[kind];
  const value = equals < 0 ? undefined : part.slice(equals + 1);
  if (!amount) {
    if (value !== undefined) throw fail(`${word} without a number`, JSON.stringify(part));
    return { kind } as Step;
  }
  const number = value !== undefined && /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(value) ? Number(value) : NaN;
  if (!(number >= amount.min && number <= amount.max))
    throw fail(
      `${word}=NUMBER with a number from ${amount.min} to ${amount.max}`,
      value ? JSON.stringify(value) : 'none',
      equals < 0 ? part.length : equals + 1,
    );
  return { kind, [amount.field]: number } as unknown as Step;
}

/** The text that parseAugment reads as these steps. */
export function formatAugment(steps: readonly Step[]): string {
  expectSteps(steps);
  return steps
    .map((step) => {
      const { word, amount } = STEPS[step.kind];
      return amount ? `${word}=${(step as unknown as Record<string, number>)[amount.field]}` : word;
    })
    .join(',');
}
