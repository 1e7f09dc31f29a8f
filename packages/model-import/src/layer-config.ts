import { InputError } from '@convlens/core';
import { activationFor } from './activations.js';
import { isObject } from './json.js';
import { operationAsLayer } from './operations.js';

/** A layer as a Keras file describes it. */
export interface LayerEntry {
  readonly className: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** What it was applied to, one entry a call. */
  readonly calls: readonly unknown[];
  /** What it was built for, where the file says so. */
  readonly builtFor?: unknown;
}

/** Where a layer stands, for messages. */
export interface Place {
  readonly file: string;
  readonly majorVersion: number;
  readonly notes: string[];
}

export function entryOf(json: unknown, file: string): LayerEntry {
  const {
    class_name: className,
    config: given,
    name,
    inbound_nodes: calls,
    build_config: build,
  } = isObject(json) ? operationAsLayer(json, file) : {};
  // Keras 2.0 and 2.1 wrote a Sequential as the list of its layers, which has no name.
  const config =
    className === 'Sequential' && Array.isArray(given)
      ? { name: name ?? 'sequential', layers: given as unknown[] }
      : given;
  const ownName = isObject(config) ? (config.name ?? name) : name;
  if (typeof className !== 'string' || !isObject(config) || typeof ownName !== 'string' || ownName === '')
    throw new InputError(
      `Expected the config in ${file} to describe layers by class_name, config and name, got ${JSON.stringify(json)?.slice(0, 100)}`,
    );
  const builtFor = isObject(build) ? build.input_shape : config.build_input_shape;
  return { className, name: ownName, config, calls: Array.isArray(calls) ? calls : [], builtFor };
}

const DROPPED = /_(regularizer|constraint)$/;

/** The options of a layer as its maker in TensorFlow.js wants them, checked where they are read. */
export class Options {
  constructor(
    readonly entry: LayerEntry,
    readonly place: Place,
  ) {
    if (entry.config.data_format === 'channels_first')
      this.refuse('data_format "channels_first"; convert the model to "channels_last"');
    this.noteType();
    for (const [key, value] of Object.entries(entry.config))
      if (DROPPED.test(key) && value) this.note(`is read without its ${key}, which only training uses`);
  }

  get title(): string {
    return `layer ${JSON.stringify(this.entry.name)} of class ${this.entry.className}`;
  }

  note(what: string): void {
    this.place.notes.push(`${this.title} ${what}`);
  }

  refuse(what: string): never {
    throw new InputError(
      `Expected ${this.place.file} to hold what can be built, got ${this.title} with ${what}`,
    );
  }

  /** As Keras was given it: it writes arrays and some numbers as objects that hold a value. */
  value(key: string): unknown {
    const value = this.entry.config[key];
    if (!isObject(value)) return value;
    if (value.class_name === '__numpy__') return isObject(value.config) ? value.config.value : undefined;
    return value.type === 'ndarray' ? value.value : value;
  }

  number(key: string, fallback?: number): number {
    const value = this.value(key) ?? fallback;
    if (typeof value !== 'number' || !Number.isFinite(value))
      return this.refuse(`${key} ${JSON.stringify(value)}, which is no number`);
    return value;
  }

  /** A number, or a list of them in any depth. */
  numbers(key: string, fallback?: number): number[] {
    const value = this.value(key) ?? fallback;
    const list = [value].flat(Infinity);
    if (!list.every((one): one is number => typeof one === 'number' && Number.isFinite(one)))
      return this.refuse(`${key} ${JSON.stringify(value)}, which is not of numbers`);
    return list;
  }

  /** A whole number or a list of them, at most `rank`. */
  integers(key: string, rank: number, fallback?: number | number[]): number | number[] {
    const value = this.value(key) ?? fallback;
    const list = Array.isArray(value) ? value : [value];
    if (
      list.length > rank ||
      list.length === 0 ||
      !list.every((one) => Number.isSafeInteger(one) && one >= 1)
    )
      this.refuse(`${key} ${JSON.stringify(value)}, which is not ${rank} whole numbers`);
    return value as number | number[];
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.value(key) ?? fallback;
    if (typeof value !== 'boolean')
      return this.refuse(`${key} ${JSON.stringify(value)}, which is neither true nor false`);
    return value;
  }

  oneOf<T extends string>(key: string, choices: readonly T[], fallback: T): T {
    const value = this.value(key) ?? fallback;
    if (!choices.includes(value as T))
      this.refuse(`${key} ${JSON.stringify(value)}, which is none of ${choices.join(', ')}`);
    return value as T;
  }

  /** Refuses any other value than those, all of which mean that an option is not used. */
  unused(key: string, ...meaningless: unknown[]): void {
    const value = this.value(key);
    const all = [undefined, null, ...meaningless].map((one) => JSON.stringify(one));
    if (!all.includes(JSON.stringify(value)))
      this.refuse(`${key} ${JSON.stringify(value)}, which cannot be built`);
  }

  activation(key = 'activation'): never {
    const value = this.value(key);
    const name = nameOfFunction(value);
    const known = name === undefined ? undefined : activationFor(name, this.place.majorVersion);
    if (known === undefined) this.refuse(`the ${key} ${JSON.stringify(value)}, which is not known`);
    // TensorFlow.js declares a list of names; those of ours are registered beside them.
    return known as never;
  }

  /** Everything computes in float32 here. */
  private noteType(): void {
    const { dtype } = this.entry.config;
    const policy = isObject(dtype) && isObject(dtype.config) ? dtype.config : { name: dtype };
    if (policy.mode !== undefined)
      this.refuse(`weights quantized to ${String(policy.mode)}: save the model before it is quantized`);
    if (typeof policy.name !== 'string' || policy.name === 'float32') return;
    const note = `layers that compute in ${policy.name} in Keras compute in float32 here`;
    if (!this.place.notes.includes(note)) this.place.notes.push(note);
  }

  /** What every layer has. */
  get common(): { name: string; trainable: boolean } {
    return { name: this.entry.name, trainable: this.flag('trainable', true) };
  }
}

function nameOfFunction(value: unknown): string | undefined {
  if (value === undefined || value === null) return 'linear';
  if (typeof value === 'string') return value;
  if (isObject(value) && value.class_name === 'function' && typeof value.config === 'string')
    return value.config;
  return undefined;
}
