import { describe, expect, it } from 'vitest';
import * as api from '../src/index.js';
import { chunksOf } from './support.js';

const bytes = new Uint8Array(0);

/** A call of each function with a misspelled option, and the option that the message suggests. */
const CALLS: Readonly<
  Record<string, readonly [call: (options: never) => unknown, misspelled: string, suggestion: string]>
> = {
  inflate: [(options) => firstChunk(api.inflate(chunksOf(bytes), options)), 'maxByte', 'maxBytes'],
  inflateChunks: [(options) => api.inflateChunks([], options).next(), 'formats', 'format'],
  inflateSync: [(options) => api.inflateSync([], options), 'trunkate', 'truncate'],
  readNpy: [(options) => api.readNpy(bytes, options), 'nam', 'name'],
  readPickle: [(options) => api.readPickle(bytes, options), 'maxOperation', 'maxOperations'],
  readZip: [(options) => api.readZip(bytes, options), 'entry', 'entries'],
  tarEntries: [(options) => api.tarEntries(chunksOf(bytes), options).next(), 'names', 'name'],
};

const WITHOUT_OPTIONS = [
  'ByteReader',
  'NumpyArray',
  'abortable',
  'concatBytes',
  'crc32',
  'decodeFloat16',
  'encodeFloat16',
  'fileType',
  'firstBytes',
  'recordErrors',
  'singleChunk',
  'streamChunks',
];

const firstChunk = (chunks: api.Chunks) => chunks[Symbol.asyncIterator]().next();

describe('an unknown option is refused', () => {
  it('by every exported function', () => {
    const functions = Object.entries(api).filter(([, value]) => typeof value === 'function');
    expect(functions.map(([name]) => name).sort()).toEqual(
      [...Object.keys(CALLS), ...WITHOUT_OPTIONS].sort(),
    );
  });

  it.each(Object.entries(CALLS))('by %s', async (name, [call, misspelled, suggestion]) => {
    const calling = async () => call({ [misspelled]: 1 } as never);
    await expect(calling()).rejects.toThrow(
      `of ${name}, got ${JSON.stringify(misspelled)}; did you mean ${suggestion}?`,
    );
  });
});
