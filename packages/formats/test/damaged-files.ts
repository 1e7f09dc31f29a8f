import type { DamagedFile } from '../../../test/support/damaged-files.js';
import {
  inflate,
  inflateSync,
  openArchive,
  randomAccess,
  readNpy,
  readPickle,
  readZip,
  tarEntries,
} from '../src/index.js';
import { chunksOf, collect, fixture } from './support.js';

async function readTar(bytes: Uint8Array): Promise<void> {
  for await (const entry of tarEntries(chunksOf(bytes, 4096), { name: 'a.tar' })) await collect(entry.chunks);
}

/** Opens an archive and reads all its files. */
async function readArchive(bytes: Uint8Array): Promise<void> {
  const archive = await openArchive(randomAccess(bytes, 'a'), { maxBytes: 1 << 20, maxFileBytes: 1 << 20 });
  for (const name of await archive.list()) await archive.read(name);
}

const archived = (name: string): DamagedFile => ({
  file: fixture(`archives/${name}`),
  parse: readArchive,
  count: 2000,
  refused: 0.3,
});

const parseZip = (bytes: Uint8Array) => readZip(bytes, { name: 'a.zip', maxBytes: 1 << 20 });
const parsePickle = (bytes: Uint8Array) => readPickle(bytes, { name: 'a.pickle', maxOperations: 10_000 });

const pickle = (name: string): DamagedFile => ({ file: fixture(`${name}.pickle`), parse: parsePickle });

/** A file of each format, by name. */
export const DAMAGED_FILES: Readonly<Record<string, DamagedFile>> = {
  'a tar archive': { file: fixture('ustar.tar'), parse: readTar, count: 1000, refused: 0.3 },
  'a zip archive': { file: fixture('deflated.zip'), parse: parseZip, count: 5000, refused: 0.6 },
  'a Zip64 archive': { file: fixture('zip64.zip'), parse: parseZip, count: 5000, refused: 0.6 },
  'an opened zip archive': { ...archived('names-unflagged.zip'), refused: 0.6 },
  'an opened Zip64 archive': { file: fixture('zip64.zip'), parse: readArchive, count: 2000, refused: 0.6 },
  'an opened tar archive': archived('links-pax.tar'),
  'an opened tar.gz archive': archived('links.tar.gz'),
  'pickled values': pickle('values-protocol4'),
  'pickled arrays of protocol 2': pickle('arrays-protocol2'),
  'pickled arrays of protocol 4': pickle('arrays-protocol4'),
  'zlib data': {
    file: fixture('dynamic.zlib'),
    parse: (bytes) => inflateSync([bytes], { name: 'a', maxBytes: 1 << 20 }),
    count: 2000,
    refused: 0.9,
  },
  'gzip data': {
    file: fixture('text.gz'),
    parse: (bytes) => collect(inflate(chunksOf(bytes), { format: 'gzip', name: 'a', maxBytes: 1 << 20 })),
    count: 2000,
    refused: 0.5,
  },
  'an .npy file': {
    file: fixture('float32.npy'),
    parse: (bytes) => readNpy(bytes, { name: 'a.npy' }),
    refused: 0.5,
  },
};
