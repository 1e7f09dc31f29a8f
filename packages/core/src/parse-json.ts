import { escapeControls } from './format.js';
import { InputError } from './guards/input-error.js';
import { expectFunction, expectObject, expectString } from './guards/values.js';
import { expectOptions, type OptionNames } from './options.js';

/** The most levels of arrays and objects. A Keras model takes 3 for each model inside it. */
const MAX_LEVELS = 256;

export interface ParseJsonOptions {
  /** The name of the text in messages, such as "config.json of model.keras". */
  readonly name: string;
  /** As the second argument of JSON.parse; default none. */
  readonly reviver?: (key: string, value: never) => unknown;
}

const PARSE_JSON_OPTIONS: OptionNames<ParseJsonOptions> = { name: true, reviver: true };

/**
 * The value of a JSON text from a file. The nesting is bounded, because functions that visit the value call
 * themselves once a level, as JSON.stringify does: without a bound, a small file would exhaust the stack.
 *
 * @throws InputError if the text is not JSON or has more than 256 levels of arrays and objects.
 */
export function parseJson(text: string, options: ParseJsonOptions): unknown {
  expectOptions('parseJson', options, PARSE_JSON_OPTIONS);
  expectString('text', text);
  expectObject('options', options);
  const { name, reviver } = options;
  expectString('name', name);
  if (reviver !== undefined) expectFunction('reviver', reviver);
  if (levelsOf(text) > MAX_LEVELS)
    throw new InputError(`Expected ${name} to nest arrays and objects at most ${MAX_LEVELS} deep, got more`);
  try {
    return JSON.parse(text, reviver as Parameters<typeof JSON.parse>[1]);
  } catch (error) {
    // A text that is not JSON is quoted in the message of the platform.
    throw new InputError(`Expected ${name} to be JSON: ${escapeControls((error as Error).message)}`);
  }
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENING = [0x5b, 0x7b];
const CLOSING = [0x5d, 0x7d];

/** The most arrays and objects in each other; counting ends above the limit. */
function levelsOf(text: string): number {
  let level = 0;
  let most = 0;
  let isString = false;
  for (let i = 0; i < text.length && most <= MAX_LEVELS; i++) {
    const code = text.charCodeAt(i);
    if (isString) {
      if (code === BACKSLASH) i++;
      else if (code === QUOTE) isString = false;
    } else if (code === QUOTE) isString = true;
    else if (OPENING.includes(code)) most = Math.max(most, ++level);
    else if (CLOSING.includes(code)) level--;
  }
  return most;
}
