import { NumpyArray } from './numpy-array.js';

/** A function or class that a pickle names. It stays a name: no code of the pickle is ever run. */
export class PickleGlobal {
  constructor(readonly name: string) {}
}

/** The type of an array's elements, without its byte order until the state is set. */
class NumpyDtype {
  byteOrder = '';
  constructor(readonly code: string) {}
}

/** What a reader of a pickle lends to the functions that build its objects. */
export interface PickleContext {
  /** Throws an InputError with what was expected and what was found. */
  readonly fail: (expected: string, found: string) => never;
  /** The bytes that text may still be encoded to: each text of the file once. */
  remainingBytes: number;
}

/** Builds the object that a pickle describes as a call of a global. */
export type PickleReducer = (args: readonly unknown[], context: PickleContext) => unknown;

/**
 * The globals that a pickle may name, with the functions that carry out their calls; undefined for a class that is only named.
 */
export type PickleGlobals = Readonly<Record<string, PickleReducer | undefined>>;

const MAX_NAME_BYTES = 1000;

/** The globals in a pickled NumPy array (NumPy 1 and 2), and in bytes that Python 3 pickled for Python 2. */
export const NUMPY_GLOBALS: PickleGlobals = {
  'numpy.core.multiarray._reconstruct': () => new NumpyArray(),
  'numpy._core.multiarray._reconstruct': () => new NumpyArray(),
  'numpy.ndarray': undefined,
  'numpy.dtype': ([code], context) => new NumpyDtype(expectText(code, context)),
  '_codecs.encode': ([text], context) =>
    typeof text === 'string'
      ? encodeLatin1(text, context)
      : context.fail('a text to encode', 'something else'),
};

export const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array;

/** Each byte as the character with its code. */
export const latin1 = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

/** A string, or bytes of Python 2 that are the name of something. */
export function expectText(value: unknown, { fail }: PickleContext): string {
  if (typeof value === 'string') return value;
  return isBytes(value) && value.length <= MAX_NAME_BYTES
    ? latin1(value)
    : fail('a short text', 'something else');
}

/** The REDUCE operation: the object that a call of a global with `args` makes. */
export function reduceGlobal(
  target: unknown,
  args: unknown,
  { globals, context }: { globals: PickleGlobals; context: PickleContext },
): unknown {
  const { fail } = context;
  const name = target instanceof PickleGlobal ? target.name : fail('a name to call', 'something else');
  if (!Array.isArray(args)) return fail('arguments', 'none');
  const reducer = globals[name] ?? fail('the parts of a NumPy array', `a call of ${name}`);
  return reducer(args, context);
}

/** The BUILD operation: sets the state of an array or of its type. */
export function buildState(target: unknown, state: unknown, { fail }: PickleContext): void {
  if (target instanceof NumpyDtype) return setByteOrder(target, state);
  // The attributes of an ordered dictionary beside its items.
  if (target instanceof Map && state instanceof Map) return;
  if (!(target instanceof NumpyArray) || !Array.isArray(state) || state.length !== 5)
    return fail('the state of a NumPy array', 'something else');
  const [, shape, type, isFortran, bytes] = state;
  const isShape = Array.isArray(shape) && shape.every((size) => Number.isInteger(size) && size >= 0);
  if (!isShape || !(type instanceof NumpyDtype)) return fail('a shape and a type', 'something else');
  const dtype = type.byteOrder + type.code;
  Object.assign(target, { shape, dtype, fortranOrder: isFortran === true, bytes });
}

/** The state of a dtype: (version, byte order, ...). Python 2 writes the order as bytes. */
function setByteOrder(dtype: NumpyDtype, state: unknown): void {
  const order = Array.isArray(state) ? state[1] : undefined;
  const text = isBytes(order) && order.length === 1 ? latin1(order) : order;
  if (typeof text === 'string' && '<>|='.includes(text)) dtype.byteOrder = text;
}

function encodeLatin1(text: string, context: PickleContext): Uint8Array {
  context.remainingBytes -= text.length;
  if (context.remainingBytes < 0)
    return context.fail('each text to be encoded once', 'one that is encoded again');
  const encoded = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) return context.fail('characters of Latin-1', `the code ${code}`);
    encoded[i] = code;
  }
  return encoded;
}
