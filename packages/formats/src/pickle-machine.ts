import { escapeControls, InputError } from '@convlens/core';
import {
  buildState,
  expectText,
  latin1,
  PickleGlobal,
  reduceGlobal,
  type PickleContext,
  type PickleGlobals,
  type PickleReducer,
} from './pickle-globals.js';

/** The stack entry that MARK pushes: the start of the items of a list, tuple or dictionary. */
export const MARK = Symbol('mark');

/** The newest protocol that is read. */
const MAX_PROTOCOL = 4;

/** The names of globals and of their modules are shorter. */
const MAX_LINE_BYTES = 256;

interface PickleMachineOptions {
  /** The name of the file in messages. */
  readonly name: string;
  readonly globals: PickleGlobals;
  /** What a pickle holds, in messages. */
  readonly content: string;
  /** Whether keys of dictionaries may be integers too. */
  readonly integerKeys: boolean;
  /** The value that stands for an object outside of the pickle. */
  readonly persistentLoad?: PickleReducer;
}

/** The stack machine that runs a pickle: the bytes of its program, a stack, and a memo of values that are used again. */
export class PickleMachine {
  private readonly view: DataView;
  private readonly stack: unknown[] = [];
  private readonly memo = new Map<number, unknown>();
  private readonly context: PickleContext;
  /** The position of the next byte. */
  position = 0;
  private operationStart = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly options: PickleMachineOptions,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.context = { fail: this.fail.bind(this), remainingBytes: bytes.length };
  }

  /** Throws an InputError with the position of the current operation. */
  fail(expected: string, found: string): never {
    throw new InputError(
      `${this.options.name}: expected ${expected} at byte ${this.operationStart}, found ${found}`,
    );
  }

  /** The code of the next operation; its arguments are read next. */
  nextOperation(): number {
    this.operationStart = this.position;
    return this.u1();
  }

  u1(): number {
    return this.view.getUint8(this.advance(1));
  }

  u2(): number {
    return this.view.getUint16(this.advance(2), true);
  }

  u4(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  i4(): number {
    return this.view.getInt32(this.advance(4), true);
  }

  /** A signed integer of any length, rounded to a number. */
  long(length: number): number {
    const bytes = this.data(length);
    const unsigned = bytes.reduceRight((value, byte) => value * 256n + BigInt(byte), 0n);
    return Number(BigInt.asIntN(8 * length, unsigned));
  }

  /** A length; Infinity if it is beyond that of the file. */
  u8(): number {
    const value = this.view.getBigUint64(this.advance(8), true);
    return value > BigInt(this.bytes.length) ? Infinity : Number(value);
  }

  f8(): number {
    return this.view.getFloat64(this.advance(8));
  }

  data(length: number): Uint8Array {
    const start = this.advance(length);
    return this.bytes.subarray(start, start + length);
  }

  text(length: number): string {
    return new TextDecoder().decode(this.data(length));
  }

  /** The text up to the next line feed. */
  line(): string {
    const length = this.bytes.subarray(this.position, this.position + MAX_LINE_BYTES).indexOf(10);
    if (length < 0) this.fail(`a line of fewer than ${MAX_LINE_BYTES} bytes`, 'no end of it');
    const text = latin1(this.data(length));
    this.position++;
    return text;
  }

  expectProtocol(version: number): void {
    if (version > MAX_PROTOCOL)
      this.fail(`a pickle of protocol ${MAX_PROTOCOL} or less`, `protocol ${version}`);
  }

  push(value: unknown): void {
    this.stack.push(value);
  }

  pop(): unknown {
    const value = this.stack.pop();
    return value === undefined || value === MARK ? this.fail('a value on the stack', 'none') : value;
  }

  /** The last `count` values, the oldest first. */
  popMany(count: number): unknown[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  /** The values after the last mark, the oldest first. */
  popToMark(): unknown[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) this.fail('a mark on the stack', 'none');
    return this.stack.splice(mark).slice(1);
  }

  /** Adds items to the list at the top of the stack. */
  append(items: readonly unknown[]): void {
    const list = this.top();
    if (!Array.isArray(list)) return this.fail('a list on the stack', 'something else');
    for (const item of items) list.push(item);
  }

  /** Adds keys and values, in turn, to the dictionary at the top of the stack. */
  setItems(items: readonly unknown[]): void {
    const map = this.top();
    if (!(map instanceof Map)) return this.fail('a dictionary on the stack', 'something else');
    if (items.length % 2) this.fail('keys with values', 'an odd number of items');
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i];
      map.set(
        this.options.integerKeys && Number.isInteger(key) ? String(key) : expectText(key, this.context),
        items[i + 1],
      );
    }
  }

  pushMap(items: readonly unknown[]): void {
    this.push(new Map());
    this.setItems(items);
  }

  /** Keeps the top of the stack under a number; default: the number of values that the memo has. */
  memoize(index = this.memo.size): void {
    this.memo.set(index, this.top());
  }

  pushMemo(index: number): void {
    if (!this.memo.has(index)) this.fail('a value in the memo', `no value under the number ${index}`);
    this.push(this.memo.get(index));
  }

  pushGlobal([module, name]: readonly unknown[]): void {
    const fullName = `${expectText(module, this.context)}.${expectText(name, this.context)}`;
    if (!Object.hasOwn(this.options.globals, fullName))
      this.fail(
        this.options.content,
        `the global ${escapeControls(fullName.slice(0, 80))}, which is not run`,
      );
    this.push(new PickleGlobal(fullName));
  }

  /** Replaces a global and its arguments by the object that the call makes. */
  reduce(): void {
    const [target, args] = this.popMany(2);
    this.push(reduceGlobal(target, args, { globals: this.options.globals, context: this.context }));
  }

  /** Replaces the name of an object outside of the pickle by what stands for it. */
  loadPersistent(): void {
    const load =
      this.options.persistentLoad ?? this.fail('values inside the pickle', 'a reference to others');
    const id = this.pop();
    this.push(load(Array.isArray(id) ? id : [id], this.context));
  }

  /** Sets the state of the object below it on the stack. */
  build(): void {
    const state = this.pop();
    buildState(this.stack.at(-1), state, this.context);
  }

  private top(): unknown {
    const value = this.stack.at(-1);
    return value === undefined || value === MARK ? this.fail('a value on the stack', 'none') : value;
  }

  /** Moves over the next `count` bytes and returns their position. */
  private advance(count: number): number {
    const left = this.bytes.length - this.position;
    if (count > left) this.fail(`${count} bytes of a pickle`, `the end after ${left}`);
    this.position += count;
    return this.position - count;
  }
}
