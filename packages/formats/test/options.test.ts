import { describeUnknownOptions, type MisspelledCall } from '../../../test/support/unknown-options.js';
import * as api from '../src/index.js';
import { chunksOf } from './support.js';

const bytes = new Uint8Array(0);

const CALLS: Readonly<Record<string, MisspelledCall>> = {
  inflate: [(options) => firstChunk(api.inflate(chunksOf(bytes), options)), 'maxByte', 'maxBytes'],
  inflateChunks: [(options) => api.inflateChunks([], options).next(), 'formats', 'format'],
  inflateSync: [(options) => api.inflateSync([], options), 'trunkate', 'truncate'],
  readNpy: [(options) => api.readNpy(bytes, options), 'nam', 'name'],
  readPickle: [(options) => api.readPickle(bytes, options), 'maxOperation', 'maxOperations'],
  readPickles: [(options) => api.readPickles(bytes, 1, options), 'maxOperation', 'maxOperations'],
  openArchive: [(options) => api.openArchive(api.randomAccess(bytes, 'a'), options), 'maxByte', 'maxBytes'],
  readZip: [(options) => api.readZip(bytes, options), 'entry', 'entries'],
  tarEntries: [(options) => api.tarEntries(chunksOf(bytes), options).next(), 'names', 'name'],
};

const WITHOUT_OPTIONS = [
  'ByteReader',
  'NumpyArray',
  'PickleGlobal',
  'abortable',
  'concatBytes',
  'crc32',
  'decodeFloat16',
  'describeFile',
  'encodeFloat16',
  'fileType',
  'firstBytes',
  'randomAccess',
  'recordErrors',
  'singleChunk',
  'streamChunks',
];

const firstChunk = (chunks: api.Chunks) => chunks[Symbol.asyncIterator]().next();

describeUnknownOptions(api, CALLS, WITHOUT_OPTIONS);
