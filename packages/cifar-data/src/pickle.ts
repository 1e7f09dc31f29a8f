import { InputError } from '@convlens/core';
import { callNamed, KNOWN_NAMES, latin1, Named, setState, textOf } from './pickled-array.js';

const MARK = Symbol('mark');

/** Names of functions and classes, and of the modules they are in, are shorter. */
const MAX_LINE = 256;

interface ReadPickleOptions {
  /** Names the file in messages. */
  readonly where: string;
  /** More steps than so many are refused: one byte of a pickle can ask for an object of a hundred bytes. */
  readonly maxOperations: number;
}

/**
 * Reads a Python pickle (protocols 1 to 4) of dictionaries, lists, tuples, texts, bytes, numbers and NumPy arrays.
 * Python's own reader runs whatever a pickle names; this one runs nothing and refuses every name it does not know.
 * Dictionaries become Maps, tuples and lists arrays; texts of Python 2 become strings, or bytes where they are data.
 *
 * @throws InputError that says what was expected at which byte, and what was found.
 */
export function readPickle(bytes: Uint8Array, { where, maxOperations }: ReadPickleOptions): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const stack: unknown[] = [];
  const memo = new Map<number, unknown>();
  let at = 0;
  let start = 0;
  const wrong = (expected: string, found: string) =>
    new InputError(`${where}: expected ${expected} at byte ${start}, found ${found}`);
  const fail = (expected: string, found: string): never => {
    throw wrong(expected, found);
  };
  const take = (count: number) => {
    if (count > bytes.length - at)
      throw wrong(`${count} bytes of a pickle`, `the end after ${bytes.length - at}`);
    at += count;
    return at - count;
  };
  const u1 = () => view.getUint8(take(1));
  const u4 = () => view.getUint32(take(4), true);
  const u8 = () => {
    const value = view.getBigUint64(take(8), true);
    return value > BigInt(bytes.length) ? Infinity : Number(value);
  };
  const raw = (count: number) => {
    const from = take(count);
    return bytes.subarray(from, from + count);
  };
  const line = () => {
    const length = bytes.subarray(at, at + MAX_LINE).indexOf(10);
    if (length < 0) throw wrong(`a line of fewer than ${MAX_LINE} bytes`, 'no end of it');
    const text = latin1(raw(length));
    at++;
    return text;
  };
  const utf8 = (count: number) => new TextDecoder().decode(raw(count));
  const pop = () => {
    const value = stack.pop();
    if (value === undefined || value === MARK) throw wrong('a value on the stack', 'none');
    return value;
  };
  const popToMark = () => {
    const mark = stack.lastIndexOf(MARK);
    if (mark < 0) throw wrong('a mark on the stack', 'none');
    return stack.splice(mark).slice(1);
  };
  const top = <T>(kind: new (...args: never[]) => T, name: string): T => {
    const value = stack.at(-1);
    if (!(value instanceof kind)) throw wrong(`${name} on the stack`, 'something else');
    return value;
  };
  const setItems = (items: unknown[]) => {
    const map = top(Map, 'a dictionary');
    if (items.length % 2) throw wrong('keys with values', 'an odd number of items');
    for (let i = 0; i < items.length; i += 2) map.set(textOf(items[i], fail), items[i + 1]);
  };
  const recall = (index: number) => {
    if (!memo.has(index)) throw wrong('a value that was kept before', `number ${index}, which was not`);
    stack.push(memo.get(index));
  };
  const named = (module: unknown, name: unknown) => {
    const full = `${textOf(module, fail)}.${textOf(name, fail)}`;
    if (!KNOWN_NAMES.includes(full))
      throw wrong('a NumPy array or plain values', `the name ${full.slice(0, 80)}, which is not run`);
    stack.push(new Named(full));
  };
  // Each text is in the file once, and so need be encoded once.
  const encoding = { room: bytes.length, fail };
  const tuple = (count: number) => stack.push(Array.from({ length: count }, pop).reverse());

  const operations: Record<number, () => void> = {
    0x80: () => u1() <= 4 || fail('a pickle of protocol 4 or less', `protocol ${bytes[at - 1]}`), // PROTO
    0x95: () => void take(8), // FRAME
    0x28: () => void stack.push(MARK),
    0x30: () => void pop(),
    0x4e: () => void stack.push(null),
    0x88: () => void stack.push(true),
    0x89: () => void stack.push(false),
    0x4a: () => void stack.push(view.getInt32(take(4), true)), // BININT
    0x4b: () => void stack.push(u1()),
    0x4d: () => void stack.push(view.getUint16(take(2), true)),
    0x47: () => void stack.push(view.getFloat64(take(8))),
    0x55: () => void stack.push(raw(u1())), // SHORT_BINSTRING: text or data of Python 2
    0x54: () => void stack.push(raw(u4())),
    0x43: () => void stack.push(raw(u1())), // SHORT_BINBYTES
    0x42: () => void stack.push(raw(u4())),
    0x8e: () => void stack.push(raw(u8())),
    0x8c: () => void stack.push(utf8(u1())), // SHORT_BINUNICODE
    0x58: () => void stack.push(utf8(u4())),
    0x8d: () => void stack.push(utf8(u8())),
    0x7d: () => void stack.push(new Map()),
    0x5d: () => void stack.push([]),
    0x29: () => void stack.push([]),
    0x85: () => void tuple(1),
    0x86: () => void tuple(2),
    0x87: () => void tuple(3),
    0x74: () => void stack.push(popToMark()),
    0x6c: () => void stack.push(popToMark()),
    0x64: () => {
      const items = popToMark();
      stack.push(new Map());
      setItems(items);
    },
    0x61: () => {
      const item = pop();
      top<unknown[]>(Array, 'a list').push(item);
    },
    0x65: () => {
      const items = popToMark();
      const list = top<unknown[]>(Array, 'a list');
      for (const item of items) list.push(item);
    },
    0x73: () => setItems([pop(), pop()].reverse()),
    0x75: () => setItems(popToMark()),
    0x71: () => void memo.set(u1(), peek()), // BINPUT
    0x72: () => void memo.set(u4(), peek()),
    0x94: () => void memo.set(memo.size, peek()), // MEMOIZE
    0x68: () => recall(u1()),
    0x6a: () => recall(u4()),
    0x63: () => {
      const module = line();
      named(module, line());
    },
    0x93: () => {
      const name = pop();
      named(pop(), name);
    },
    0x52: () => {
      const args = pop();
      stack.push(callNamed(pop(), args, encoding)); // REDUCE
    },
    0x62: () => {
      const state = pop();
      setState(stack.at(-1), state, fail); // BUILD
    },
  };
  const peek = () => {
    const value = pop();
    stack.push(value);
    return value;
  };

  for (let left = maxOperations; ; left--) {
    start = at;
    if (left === 0) throw wrong(`the end after ${maxOperations} operations`, 'more of them');
    const code = u1();
    if (code === 0x2e) return pop(); // STOP
    const operation = operations[code];
    if (!operation) throw wrong('an operation of a pickle', `0x${code.toString(16).padStart(2, '0')}`);
    operation();
  }
}
