import {
  expectString,
  expectObject,
  expectInteger,
  expectBytes,
  expectOptions,
  type OptionNames,
} from '@convlens/core';
import { NUMPY_GLOBALS, type PickleGlobals, type PickleReducer } from './pickle-globals.js';
import { MARK, PickleMachine } from './pickle-machine.js';

export interface ReadPickleOptions {
  /** The name of the file in messages. */
  readonly name: string;
  /** The most operations to run. An operation of one byte may create an object of a hundred bytes, so this bounds memory. */
  readonly maxOperations: number;
  /** The globals that the pickle may name, with what to make of their calls; default NUMPY_GLOBALS. */
  readonly globals?: PickleGlobals;
  /** What the pickle holds, in messages; default "a NumPy array or plain values". */
  readonly content?: string;
  /** Whether dictionaries may have integers as keys, which become text. Default: false. */
  readonly integerKeys?: boolean;
  /** The value that stands for an object outside of the pickle, by its id; by default such an object is refused. */
  readonly persistentLoad?: PickleReducer;
}

const READ_PICKLE_OPTIONS: OptionNames<ReadPickleOptions> = {
  name: true,
  maxOperations: true,
  globals: true,
  content: true,
  integerKeys: true,
  persistentLoad: true,
};

/**
 * Reads a Python pickle (protocols 2 to 4) of dictionaries, lists, tuples, strings, bytes, integers, floats and NumPy
 * arrays. Python's own reader runs the functions that a pickle names; this one runs no code and refuses every global that is
 * not in `globals`. Dictionaries become Maps with string keys; tuples and lists become arrays. Strings of Python 2, which
 * may be data, become bytes.
 *
 * @throws InputError with the position, what was expected there, and what was found.
 */
export function readPickle(bytes: Uint8Array, options: ReadPickleOptions): unknown {
  expectOptions('readPickle', options, READ_PICKLE_OPTIONS);
  expectObject('the options of readPickle', options);
  return runPickle(bytes, options).value;
}

/**
 * Reads the pickles at the beginning of a file that lie one after the other.
 *
 * @param count the number of pickles
 * @returns their values, and the position behind the last one
 * @throws InputError as `readPickle` does.
 */
export function readPickles(
  bytes: Uint8Array,
  count: number,
  options: ReadPickleOptions,
): { values: unknown[]; end: number } {
  expectOptions('readPickles', options, READ_PICKLE_OPTIONS);
  expectObject('the options of readPickles', options);
  expectBytes('bytes', bytes);
  expectInteger('count', count, { min: 1 });
  const values: unknown[] = [];
  let end = 0;
  while (values.length < count) {
    const { value, length } = runPickle(bytes.subarray(end), options);
    values.push(value);
    end += length;
  }
  return { values, end };
}

function runPickle(bytes: Uint8Array, options: ReadPickleOptions): { value: unknown; length: number } {
  expectBytes('bytes', bytes);
  expectString('name', options.name);
  expectInteger('maxOperations', options.maxOperations);
  const { name, maxOperations, globals = NUMPY_GLOBALS, persistentLoad } = options;
  const { content = 'a NumPy array or plain values', integerKeys = false } = options;
  const machine = new PickleMachine(bytes, { name, globals, content, integerKeys, persistentLoad });
  for (let count = 0; count < maxOperations; count++) {
    const code = machine.nextOperation();
    if (code === STOP) return { value: machine.pop(), length: machine.position };
    const operation = OPERATIONS[code];
    if (!operation) machine.fail('an operation of a pickle', `0x${code.toString(16).padStart(2, '0')}`);
    operation.run(machine);
  }
  return machine.fail(`the end after ${maxOperations} operations`, 'more of them');
}

const STOP = 0x2e;

interface Operation {
  /** As Python's pickletools.py has it, which describes each operation. */
  readonly name: string;
  readonly run: (machine: PickleMachine) => void;
}

/** The operations of protocols 2 to 4 that dictionaries, lists, numbers and arrays are pickled with, by their code. */
const OPERATIONS: Readonly<Record<number, Operation>> = {
  0x80: { name: 'PROTO', run: (m) => m.expectProtocol(m.u1()) },
  0x95: { name: 'FRAME', run: (m) => void m.u8() },
  // Constants and numbers
  0x4e: { name: 'NONE', run: (m) => m.push(null) },
  0x88: { name: 'NEWTRUE', run: (m) => m.push(true) },
  0x89: { name: 'NEWFALSE', run: (m) => m.push(false) },
  0x4a: { name: 'BININT', run: (m) => m.push(m.i4()) },
  0x4b: { name: 'BININT1', run: (m) => m.push(m.u1()) },
  0x4d: { name: 'BININT2', run: (m) => m.push(m.u2()) },
  0x8a: { name: 'LONG1', run: (m) => m.push(m.long(m.u1())) },
  0x47: { name: 'BINFLOAT', run: (m) => m.push(m.f8()) },
  // Strings of Python 2, which are text or data
  0x55: { name: 'SHORT_BINSTRING', run: (m) => m.push(m.data(m.u1())) },
  0x54: { name: 'BINSTRING', run: (m) => m.push(m.data(m.u4())) },
  // Bytes
  0x43: { name: 'SHORT_BINBYTES', run: (m) => m.push(m.data(m.u1())) },
  0x42: { name: 'BINBYTES', run: (m) => m.push(m.data(m.u4())) },
  0x8e: { name: 'BINBYTES8', run: (m) => m.push(m.data(m.u8())) },
  // Text
  0x8c: { name: 'SHORT_BINUNICODE', run: (m) => m.push(m.text(m.u1())) },
  0x58: { name: 'BINUNICODE', run: (m) => m.push(m.text(m.u4())) },
  0x8d: { name: 'BINUNICODE8', run: (m) => m.push(m.text(m.u8())) },
  // Containers
  0x28: { name: 'MARK', run: (m) => m.push(MARK) },
  0x30: { name: 'POP', run: (m) => void m.pop() },
  0x7d: { name: 'EMPTY_DICT', run: (m) => m.push(new Map()) },
  0x5d: { name: 'EMPTY_LIST', run: (m) => m.push([]) },
  0x29: { name: 'EMPTY_TUPLE', run: (m) => m.push([]) },
  0x85: { name: 'TUPLE1', run: (m) => m.push(m.popMany(1)) },
  0x86: { name: 'TUPLE2', run: (m) => m.push(m.popMany(2)) },
  0x87: { name: 'TUPLE3', run: (m) => m.push(m.popMany(3)) },
  0x74: { name: 'TUPLE', run: (m) => m.push(m.popToMark()) },
  0x6c: { name: 'LIST', run: (m) => m.push(m.popToMark()) },
  0x64: { name: 'DICT', run: (m) => m.pushMap(m.popToMark()) },
  0x61: { name: 'APPEND', run: (m) => m.append(m.popMany(1)) },
  0x65: { name: 'APPENDS', run: (m) => m.append(m.popToMark()) },
  0x73: { name: 'SETITEM', run: (m) => m.setItems(m.popMany(2)) },
  0x75: { name: 'SETITEMS', run: (m) => m.setItems(m.popToMark()) },
  // The memo
  0x71: { name: 'BINPUT', run: (m) => m.memoize(m.u1()) },
  0x72: { name: 'LONG_BINPUT', run: (m) => m.memoize(m.u4()) },
  0x94: { name: 'MEMOIZE', run: (m) => m.memoize() },
  0x68: { name: 'BINGET', run: (m) => m.pushMemo(m.u1()) },
  0x6a: { name: 'LONG_BINGET', run: (m) => m.pushMemo(m.u4()) },
  // Objects
  0x63: { name: 'GLOBAL', run: (m) => m.pushGlobal([m.line(), m.line()]) },
  0x93: { name: 'STACK_GLOBAL', run: (m) => m.pushGlobal(m.popMany(2)) },
  0x52: { name: 'REDUCE', run: (m) => m.reduce() },
  0x51: { name: 'BINPERSID', run: (m) => m.loadPersistent() },
  0x62: { name: 'BUILD', run: (m) => m.build() },
};
