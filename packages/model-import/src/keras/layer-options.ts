import { InputError } from '@convlens/core';
import { tfjsActivationName } from './activations.js';
import { isObject } from './json.js';
import type { LayerEntry } from './layer-entry.js';

/** What the import of all layers of a file shares. */
export interface ImportContext {
  /** The name of the file in messages. */
  readonly file: string;
  /** The major version of Keras. */
  readonly majorVersion: number;
  /** Collects the warnings. */
  readonly warnings: string[];
}

const TRAINING_ONLY_OPTIONS = /_(regularizer|constraint)$/;

type Guard<T> = (value: unknown) => value is T;
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isOneOf =
  <T>(choices: readonly T[]): Guard<T> =>
  (value): value is T =>
    choices.includes(value as T);

/**
 * The options of a Keras layer, checked when they are read. Each error is an InputError that names file,
 * layer and option.
 */
export class LayerOptions {
  constructor(
    readonly entry: LayerEntry,
    readonly context: ImportContext,
  ) {
    if (entry.config.data_format === 'channels_first')
      this.fail('data_format "channels_first"; convert the model to "channels_last"');
    this.warnAboutDtype();
    for (const [key, value] of Object.entries(entry.config))
      if (TRAINING_ONLY_OPTIONS.test(key) && value)
        this.warn(`is imported without its ${key}, which only affects training`);
  }

  private get title(): string {
    return `layer ${JSON.stringify(this.entry.name)} of class ${this.entry.className}`;
  }

  /** Adds the warning `layer "conv1" of class Conv2D WHAT`. */
  warn(what: string): void {
    this.context.warnings.push(`${this.title} ${what}`);
  }

  fail(what: string): never {
    throw new InputError(
      `Expected ${this.context.file} to contain only supported layers, got ${this.title} with ${what}`,
    );
  }

  private failOption(key: string, value: unknown, why: string): never {
    return this.fail(`${key} ${JSON.stringify(value)}, which is ${why}`);
  }

  /** The value of an option. Keras writes arrays and some numbers as objects that contain the value. */
  value(key: string): unknown {
    const value = this.entry.config[key];
    if (!isObject(value)) return value;
    if (value.class_name === '__numpy__') return isObject(value.config) ? value.config.value : undefined;
    return value.type === 'ndarray' ? value.value : value;
  }

  /** The value of an option or its fallback, of which `isValid` must be true. */
  private validValue<T>(key: string, fallback: unknown, isValid: Guard<T>, why: string): T {
    const value = this.value(key) ?? fallback;
    return isValid(value) ? value : this.failOption(key, value, why);
  }

  number(key: string, fallback?: number): number {
    return this.validValue(key, fallback, isNumber, 'not a number');
  }

  /** A number, or nested lists of numbers, as a flat list. */
  numbers(key: string, fallback?: number): number[] {
    const value = this.value(key) ?? fallback;
    const list = [value].flat(Infinity);
    if (!list.every(isNumber)) return this.failOption(key, value, 'not a list of numbers');
    return list;
  }

  /** A number; null if the option is missing or null. */
  optionalNumber(key: string): number | null {
    return (this.value(key) ?? null) === null ? null : this.number(key);
  }

  /** A list of numbers; null if the option is missing or null. */
  optionalNumbers(key: string): number[] | null {
    return (this.value(key) ?? null) === null ? null : this.numbers(key);
  }

  /** An integer >= 1. */
  integer(key: string, fallback?: number): number {
    return this.integers(key, 1, fallback)[0];
  }

  /** `rank` integers >= 1, one per axis; a single one counts for all axes. */
  integers(key: string, rank: number, fallback?: number): number[] {
    const list = this.integerList(key, rank, fallback);
    return Array.from({ length: rank }, (_, axis) => list[axis] ?? list[0]);
  }

  /** 1 to `maxLength` integers >= 1. */
  integerList(key: string, maxLength: number, fallback?: number): number[] {
    const value = this.value(key) ?? fallback;
    const list: unknown[] = Array.isArray(value) ? value : [value];
    const isSize = (item: unknown): item is number => Number.isSafeInteger(item) && (item as number) >= 1;
    if (list.length === 0 || list.length > maxLength || !list.every(isSize))
      return this.failOption(
        key,
        value,
        maxLength === 1 ? 'not an integer >= 1' : `not 1 to ${maxLength} integers >= 1`,
      );
    return list;
  }

  boolean(key: string, fallback: boolean): boolean {
    return this.validValue(key, fallback, isBoolean, 'neither true nor false');
  }

  oneOf<T extends string>(key: string, choices: readonly T[], fallback: T): T {
    return this.validValue(key, fallback, isOneOf(choices), `none of ${choices.join(', ')}`);
  }

  /** Refuses an option that is set to anything but `unusedValues`, null or undefined. */
  expectUnused(key: string, ...unusedValues: unknown[]): void {
    const value = this.value(key);
    const unused = [undefined, null, ...unusedValues].map((item) => JSON.stringify(item));
    if (!unused.includes(JSON.stringify(value))) this.failOption(key, value, 'not supported');
  }

  /** The name of the activation function in TensorFlow.js. */
  activation(): never {
    const value = this.value('activation');
    const kerasName = functionName(value);
    const name =
      kerasName === undefined ? undefined : tfjsActivationName(kerasName, this.context.majorVersion);
    if (name === undefined) this.fail(`the unknown activation ${JSON.stringify(value)}`);
    // TensorFlow.js declares a union of its own names; the added names are registered too.
    return name as never;
  }

  /** The options that every layer has. */
  get common(): { name: string; trainable: boolean } {
    return { name: this.entry.name, trainable: this.boolean('trainable', true) };
  }

  private warnAboutDtype(): void {
    const { dtype } = this.entry.config;
    const policy = isObject(dtype) && isObject(dtype.config) ? dtype.config : { name: dtype };
    if (policy.mode !== undefined)
      this.fail(`weights quantized to ${String(policy.mode)}: save the model before it is quantized`);
    if (typeof policy.name !== 'string' || policy.name === 'float32') return;
    const warning = `layers with dtype ${policy.name} are computed in float32`;
    if (!this.context.warnings.includes(warning)) this.context.warnings.push(warning);
  }
}

/** The name of a Keras function such as an activation; undefined if the value is not a function. */
function functionName(value: unknown): string | undefined {
  if (value === undefined || value === null) return 'linear';
  if (typeof value === 'string') return value;
  if (isObject(value) && value.class_name === 'function' && typeof value.config === 'string')
    return value.config;
  return undefined;
}
