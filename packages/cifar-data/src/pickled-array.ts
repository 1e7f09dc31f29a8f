/** A NumPy array as it was pickled. */
export class PickledArray {
  shape: readonly number[] = [];
  /** Such as "u1". */
  type = '';
  isFortran = false;
  bytes: unknown;
}

/** A function or class that a pickle names. It stays a name: nothing is ever called. */
export class Named {
  constructor(readonly name: string) {}
}

/** The type of an array's elements, as the pickle names it. */
class PickledType {
  constructor(readonly type: string) {}
}

const RECONSTRUCT = ['numpy.core.multiarray._reconstruct', 'numpy._core.multiarray._reconstruct'];

/** Every name that a batch may hold; any other is refused. */
export const KNOWN_NAMES = [...RECONSTRUCT, 'numpy.ndarray', 'numpy.dtype', '_codecs.encode'];

export const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array;

export const latin1 = (bytes: Uint8Array) => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};

/** Throws an InputError that says what was expected where, and what was found. */
type Fail = (expected: string, found: string) => never;

interface Encoding {
  readonly fail: Fail;
  /** To how many bytes texts may still be encoded. */
  room: number;
}

/** The few calls that a NumPy array is pickled as, carried out by hand. */
export function callNamed(what: unknown, args: unknown, encoding: Encoding): unknown {
  const { fail } = encoding;
  const name = what instanceof Named ? what.name : fail('a name to call', 'something else');
  if (!Array.isArray(args)) return fail('arguments', 'none');
  if (RECONSTRUCT.includes(name)) return new PickledArray();
  if (name === 'numpy.dtype') return new PickledType(textOf(args[0], fail));
  if (name === '_codecs.encode' && typeof args[0] === 'string') return encodeLatin1(args[0], encoding);
  return fail('the parts of a NumPy array', `a call of ${name}`);
}

/** Gives what was called its state. */
export function setState(target: unknown, state: unknown, fail: Fail): void {
  // What a dtype adds says nothing of bytes.
  if (target instanceof PickledType) return;
  if (!(target instanceof PickledArray) || !Array.isArray(state) || state.length !== 5)
    return fail('the state of a NumPy array', 'something else');
  const [, shape, type, isFortran, data] = state;
  const isShape = Array.isArray(shape) && shape.every((size) => Number.isInteger(size) && size >= 0);
  if (!isShape || !(type instanceof PickledType)) return fail('a shape and a type', 'something else');
  Object.assign(target, { shape, type: type.type, isFortran: isFortran === true, bytes: data });
}

function encodeLatin1(text: string, encoding: Encoding): Uint8Array {
  const { fail } = encoding;
  encoding.room -= text.length;
  if (encoding.room < 0) return fail('each text to be encoded once', 'one that is again');
  const encoded = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) return fail('characters of Latin-1', `the code ${code}`);
    encoded[i] = code;
  }
  return encoded;
}

export function textOf(value: unknown, fail: Fail): string {
  if (typeof value === 'string') return value;
  return isBytes(value) && value.length <= 1000 ? latin1(value) : fail('a short text', 'something else');
}
