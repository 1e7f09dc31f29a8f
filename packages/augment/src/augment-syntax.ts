import { expectString, expectOptions, type OptionNames } from '@convlens/core';
import type { AnyStep, StepDefinition, StepOf } from './steps/definition.js';
import { expectSteps, mapDefinitions, type BuiltInDefinition } from './steps/registry.js';
import { splitPiece, StepParser, trimPiece } from './steps/step-parser.js';

export interface AugmentSyntaxOptions<D extends StepDefinition = BuiltInDefinition> {
  /** Default STEP_DEFINITIONS. */
  readonly definitions?: readonly D[];
}

const AUGMENT_SYNTAX_OPTIONS: OptionNames<AugmentSyntaxOptions> = { definitions: true };

/**
 * Reads steps from text such as "flip,shift=0.1,crop=4:fill=reflect,normalize=125/123/114:std=63/62/67".
 * Steps are separated by commas. A step is its keyword, then the value of its main option, then further
 * options by name after colons. Lists of numbers are separated by slashes. Empty text is no step.
 *
 * @throws InputError that names what was expected and at which character.
 */
export function parseAugment<D extends StepDefinition = BuiltInDefinition>(
  text: string,
  options: AugmentSyntaxOptions<D> = {},
): StepOf<D>[] {
  expectOptions('parseAugment', options, AUGMENT_SYNTAX_OPTIONS);
  expectString('text', text);
  const definitions: readonly StepDefinition[] = [...mapDefinitions(options.definitions).values()];
  if (text.trim() === '') return [];
  const steps: AnyStep[] = [];
  const parser = new StepParser(text, definitions);
  for (const piece of splitPiece({ text, start: 0 }, ',')) steps.push(parser.parse(trimPiece(piece), steps));
  return steps as StepOf<D>[];
}

/**
 * The text that `parseAugment` reads as these steps.
 *
 * @throws InputError if a step is not valid.
 */
export function formatAugment<D extends StepDefinition = BuiltInDefinition>(
  steps: readonly StepOf<D>[],
  options: AugmentSyntaxOptions<D> = {},
): string {
  expectOptions('formatAugment', options, AUGMENT_SYNTAX_OPTIONS);
  const definitions = mapDefinitions(options.definitions);
  expectSteps(steps, definitions);
  return steps.map((step) => formatStep(step, definitions.get(step.kind)!)).join(',');
}

function formatStep(step: AnyStep, { keyword, mainOption, schema }: StepDefinition): string {
  const values = step as unknown as Readonly<Record<string, unknown>>;
  const textOf = (name: string) => {
    const value = values[name];
    return Array.isArray(value) ? value.join('/') : String(value);
  };
  const hasMainOption = mainOption !== undefined && values[mainOption] !== undefined;
  const head = hasMainOption ? `${keyword}=${textOf(mainOption)}` : keyword;
  const rest = Object.keys(schema).filter((name) => name !== mainOption && values[name] !== undefined);
  return [head, ...rest.map((name) => `${name}=${textOf(name)}`)].join(':');
}
