import { InputError } from '@convlens/core';
import type { AnyStep, StepDefinition } from './definition.js';
import { describeRange, type OptionSpec } from './option-schema.js';

const EXAMPLE = 'flip,shift=0.1,rotate=15,zoom=0.1';

/** The form of a value in text, by the type of its option. */
const PLACEHOLDER = {
  number: 'NUMBER',
  integer: 'NUMBER',
  numbers: 'NUMBER/NUMBER...',
  choice: 'WORD',
  boolean: 'true',
} as const;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/;

/** A part of the text. */
export interface Piece {
  readonly text: string;
  /** The index of its first character in the whole text. */
  readonly start: number;
}

export function splitPiece(piece: Piece, separator: string): Piece[] {
  let { start } = piece;
  return piece.text.split(separator).map((text) => {
    const part = { text, start };
    start += text.length + separator.length;
    return part;
  });
}

export const trimPiece = ({ text, start }: Piece): Piece => ({
  text: text.trim(),
  start: start + text.length - text.trimStart().length,
});

/**
 * The name before the equals sign and the value after it; the value is undefined if there is no equals sign.
 */
function splitAssignment({ text, start }: Piece): { name: string; value?: string; valueStart: number } {
  const equals = text.indexOf('=');
  if (equals < 0) return { name: text, valueStart: start + text.length };
  return { name: text.slice(0, equals), value: text.slice(equals + 1), valueStart: start + equals + 1 };
}

/** Parses one step; its errors point into the whole text. */
export class StepParser {
  readonly #text: string;
  readonly #definitions: readonly StepDefinition[];

  constructor(text: string, definitions: readonly StepDefinition[]) {
    this.#text = text;
    this.#definitions = definitions;
  }

  parse(piece: Piece, earlierSteps: readonly AnyStep[]): AnyStep {
    const [head, ...optionPieces] = splitPiece(piece, ':');
    const definition = this.#findDefinition(head);
    const { id: kind, keyword, schema } = definition;
    if (earlierSteps.some((step) => step.kind === kind))
      throw this.#error('each step once', `a second ${keyword}`, piece.start);
    const values: Record<string, unknown> = this.#parseMainOption(head, definition);
    for (const optionPiece of optionPieces) {
      const { name, value, valueStart } = splitAssignment(optionPiece);
      if (!Object.hasOwn(schema, name)) throw this.#unknownOption(definition, name, optionPiece.start);
      if (name in values) throw this.#error('each option once', `a second ${name}`, optionPiece.start);
      const usage = `${name}=${PLACEHOLDER[schema[name].type]}`;
      values[name] = this.#parseValue(usage, { option: schema[name], text: value ?? '', start: valueStart });
    }
    this.#expectRequiredOptions(piece, definition, values);
    const step = { kind, ...values };
    this.#expectRules(piece, definition, step);
    return step;
  }

  #findDefinition(head: Piece): StepDefinition {
    const { name } = splitAssignment(head);
    const definition = this.#definitions.find(({ keyword }) => keyword === name);
    if (definition) return definition;
    const usages = this.#definitions.map(stepUsage).join(', ');
    throw this.#error(`one of ${usages}`, name === '' ? 'nothing' : JSON.stringify(name), head.start);
  }

  #parseMainOption(head: Piece, definition: StepDefinition): Record<string, unknown> {
    const { keyword, mainOption, schema } = definition;
    const { value, valueStart } = splitAssignment(head);
    if (value === undefined) return {};
    if (mainOption === undefined)
      throw this.#error(`${keyword} without a number`, JSON.stringify(head.text), head.start);
    const piece = { option: schema[mainOption], text: value, start: valueStart };
    return { [mainOption]: this.#parseValue(stepUsage(definition), piece) };
  }

  #parseValue(usage: string, { option, text, start }: Piece & { readonly option: OptionSpec }): unknown {
    const value = parseValue(text, option);
    if (value === undefined) throw this.#missingValue(usage, option, { text, start });
    return value;
  }

  #expectRequiredOptions(piece: Piece, definition: StepDefinition, values: object): void {
    const { keyword, mainOption, schema } = definition;
    for (const [name, option] of Object.entries(schema)) {
      if (option.optional || name in values) continue;
      if (name === mainOption)
        throw this.#missingValue(stepUsage(definition), option, { start: piece.start + keyword.length });
      const usage = `:${name}=${PLACEHOLDER[option.type]}`;
      throw this.#missingValue(usage, option, { start: piece.start + piece.text.length });
    }
  }

  #expectRules({ text, start }: Piece, definition: StepDefinition, step: AnyStep): void {
    const { keyword, mainOption, schema } = definition;
    const requirement = definition.check?.(step);
    if (requirement === undefined) return;
    if (mainOption && text === keyword)
      throw this.#missingValue(stepUsage(definition), schema[mainOption], { start: start + keyword.length });
    throw this.#error(`${keyword} to have ${requirement}`, JSON.stringify(text), start);
  }

  #unknownOption({ keyword, schema }: StepDefinition, name: string, position: number): InputError {
    const names = Object.keys(schema).join(', ');
    const expected = names ? `one of the options ${names}` : `${keyword} without options`;
    return this.#error(expected, JSON.stringify(name), position);
  }

  #missingValue(
    usage: string,
    option: OptionSpec,
    { text, start }: Partial<Piece> & { start: number },
  ): InputError {
    return this.#error(`${usage} with ${describeRange(option)}`, text ? JSON.stringify(text) : 'none', start);
  }

  #error(expected: string, actual: string, position: number): InputError {
    return new InputError(
      `Expected ${expected} at character ${position + 1} of ${JSON.stringify(this.#text)}, got ${actual};` +
        ` an example: ${EXAMPLE}`,
    );
  }
}

const stepUsage = ({ keyword, mainOption, schema }: StepDefinition) =>
  mainOption ? `${keyword}=${PLACEHOLDER[schema[mainOption].type]}` : keyword;

/** The value of a text; undefined if it is not a value of the option or is out of range. */
function parseValue(text: string, option: OptionSpec): unknown {
  if (option.type === 'choice') return option.choices.includes(text) ? text : undefined;
  if (option.type === 'boolean') return text === 'true' || text === 'false' ? text === 'true' : undefined;
  const { type, min = -Infinity, max = Infinity } = option;
  const numbers = (type === 'numbers' ? text.split('/') : [text]).map((digits) =>
    NUMBER.test(digits) ? Number(digits) : NaN,
  );
  const isInRange = (value: number) =>
    Number.isFinite(value) && value >= min && value <= max && (type !== 'integer' || Number.isInteger(value));
  if (!numbers.every(isInRange)) return undefined;
  return type === 'numbers' ? numbers : numbers[0];
}
