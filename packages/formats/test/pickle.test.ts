import { describe, expect, it } from 'vitest';
import type { NumpyArray } from '../src/index.js';
import { NUMPY_GLOBALS, readPickle, readPickles, type ReadPickleOptions } from '../src/index.js';
import { base64Of, expected, fixture } from './support.js';

const read = (bytes: Uint8Array, options: Partial<ReadPickleOptions> = {}) =>
  readPickle(bytes, { name: 'a.pickle', maxOperations: 10_000, ...options });

const bytesOf = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** The dictionary in fixtures/make.py, with Maps in place of dictionaries and arrays in place of tuples. */
const VALUES = new Map<string, unknown>([
  ['none', null],
  ['true', true],
  ['false', false],
  ['integers', [0, 255, 256, 65535, 65536, -1, -(2 ** 31), 2 ** 31 - 1]],
  ['floats', [0.5, -1e300, Infinity]],
  ['text', 'größe'],
  ['long text', 'x'.repeat(300)],
  ['bytes', Uint8Array.from({ length: 400 }, (_, i) => (i % 2) * 255)],
  ['tuples', [[], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4]]],
  ['nested', new Map([['a', new Map([['b', []]])]])],
  ['list', Array.from({ length: 1000 }, (_, i) => i)],
  ['again', new Map([['a', new Map([['b', []]])]])],
]);

describe('readPickle', () => {
  it.each([2, 3, 4])('reads the values that Python pickled with protocol %i', (protocol) => {
    const values = read(fixture(`values-protocol${protocol}.pickle`)) as Map<string, unknown>;
    expect(values).toEqual(VALUES);
    // A value that is pickled once is the same object.
    expect(values.get('again')).toBe(values.get('nested'));
  });

  it.each([2, 3, 4])('reads the NumPy arrays that Python pickled with protocol %i', (protocol) => {
    const arrays = read(fixture(`arrays-protocol${protocol}.pickle`)) as Map<string, NumpyArray>;
    for (const [name, array] of arrays) {
      const { shape, dtype, fortranOrder, bytes } = array;
      const contents = { shape, dtype, fortranOrder, bytes: base64Of(bytes as Uint8Array) };
      expect([name, contents]).toEqual([name, expected.npy[name]]);
    }
    expect(arrays.size).toBe(4);
  });

  it.each([
    [
      'evil.pickle',
      /^a\.pickle: expected a NumPy array or plain values at byte \d+, found the global __builtin__\.eval, which is not run$/,
    ],
    ['evil-call.pickle', /found the global __builtin__\.print, which is not run$/],
    ['protocol5.pickle', 'a.pickle: expected a pickle of protocol 4 or less at byte 0, found protocol 5'],
  ])('refuses %s and runs nothing', (name, message) => {
    expect(() => read(fixture(name))).toThrow(message);
  });

  it('reads values that are nested 10,000 deep', () => {
    let value = read(bytesOf(`\x80\x02${']'.repeat(10_001)}${'a'.repeat(10_000)}.`), {
      maxOperations: 30_000,
    });
    let levels = 0;
    for (; Array.isArray(value) && value.length > 0; levels++) value = value[0];
    expect(levels).toBe(10_000);
  });

  it('escapes the control characters of a global in the message', () => {
    expect(() => read(bytesOf('\x80\x02cos\x1b[2J\nsystem\x9b\n.'))).toThrow(
      String.raw`the global os\u001b[2J.system\u009b, which is not run`,
    );
  });

  it.each([
    [
      'an object of a hundred bytes for each of its bytes',
      '}'.repeat(20_000),
      'expected the end after 10000 operations',
    ],
    ['a global without an end', `c${'A'.repeat(300)}\n`, 'a line of fewer than 256 bytes'],
    [
      'a length beyond its end',
      'T\xff\xff\xff\x7f',
      'expected 2147483647 bytes of a pickle at byte 2, found the end after 0',
    ],
    ['a length of 64 bits', '\x8e\xff\xff\xff\xff\xff\xff\xff\xff', 'expected Infinity bytes of a pickle'],
    ['no value', '.', 'expected a value on the stack at byte 2, found none'],
    ['no mark', ']t.', 'expected a mark on the stack'],
    ['a mark in place of a value', '(.', 'expected a value on the stack'],
    ['an odd number of keys and values', '}(K\x01u.', 'expected keys with values'],
    ['keys that are no strings', '}K\x01K\x02s.', 'expected a short text'],
    [
      'a value that the memo lacks',
      'h\x05.',
      'expected a value in the memo at byte 2, found no value under the number 5',
    ],
    ['an item for something else than a list', '}K\x01a.', 'expected a list on the stack'],
    ['an item for something else than a dictionary', ']U\x01aK\x01s.', 'expected a dictionary on the stack'],
    ['a call of something else than a global', 'K\x01)R.', 'expected a name to call'],
    ['a call of a class that is only named', 'cnumpy\nndarray\n)R.', 'found a call of numpy.ndarray'],
    ['a state of something else', 'K\x01)b.', 'expected the state of a NumPy array'],
    ['an unknown operation', '\xff', 'expected an operation of a pickle at byte 2, found 0xff'],
  ])('refuses a pickle with %s', (_, program, message) => {
    expect(() => read(bytesOf(`\x80\x02${program}`))).toThrow(message);
  });

  it('refuses a text that is encoded many times', () => {
    const encodeOnce = `c_codecs\nencode\nX\xc8\0\0\0${'a'.repeat(200)}q\0\x85R`;
    const program = encodeOnce + 'c_codecs\nencode\nh\0\x85R'.repeat(20);
    expect(() => read(bytesOf(`\x80\x02${program}`))).toThrow('each text to be encoded once');
  });

  it('calls the functions of other globals that are allowed', () => {
    const ordered = bytesOf('\x80\x02ccollections\nOrderedDict\n]K\x07a\x85R.');
    expect(() => read(ordered)).toThrow('the global collections.OrderedDict, which is not run');
    const globals = { ...NUMPY_GLOBALS, 'collections.OrderedDict': (args: readonly unknown[]) => ({ args }) };
    expect(read(ordered, { globals })).toEqual({ args: [[7]] });
  });
});

describe('what PyTorch pickles', () => {
  it.each([
    ['', 0],
    ['\x01', 1],
    ['\xff', -1],
    ['\x00\x01', 256],
    ['\xff\x7f\xff', -32769],
    ['\x00\x00\x00\x00\x00\x01', 2 ** 40],
    ['\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19', Number(0x1950a86a20f9469cfc6cn)],
  ])('LONG1 %j is the integer %d', (text, value) => {
    expect(read(bytesOf(`\x80\x02\x8a${String.fromCharCode(text.length)}${text}.`))).toBe(value);
  });

  it('has objects outside of the pickle, which are refused without a function for them', () => {
    const bytes = bytesOf('\x80\x02X\x01\0\0\0aK\x05\x86Q.');
    expect(() => read(bytes)).toThrow(
      'expected values inside the pickle at byte 11, found a reference to others',
    );
    expect(read(bytes, { persistentLoad: (id) => ({ id }) })).toEqual({ id: ['a', 5] });
  });

  it('has integers as keys, if they are allowed', () => {
    const bytes = bytesOf('\x80\x02}K\x05K\x07s.');
    expect(read(bytes, { integerKeys: true })).toEqual(new Map([['5', 7]]));
  });

  it('has several pickles in one file', () => {
    const bytes = bytesOf('\x80\x02K\x05.\x80\x02]K\x06a.more');
    const options = { name: 'a.pickle', maxOperations: 100 };
    expect(readPickles(bytes, 2, options)).toEqual({ values: [5, [6]], end: 12 });
    expect(() => readPickles(bytes, 3, options)).toThrow(/^a\.pickle: expected an operation of a pickle/);
  });

  it('names what it holds when it refuses a global', () => {
    expect(() => read(bytesOf('\x80\x02cos\nsystem\n.'), { content: 'tensors' })).toThrow(
      'a.pickle: expected tensors at byte 2, found the global os.system, which is not run',
    );
  });
});
