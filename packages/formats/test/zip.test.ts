import { describe, expect, it } from 'vitest';
import { survives } from '../../../test/support/mutate-bytes.js';
import { readZip, type ReadZipOptions } from '../src/index.js';
import { base64Of, expected, fixture } from './support.js';

const read = (bytes: Uint8Array, options: Partial<ReadZipOptions> = {}) =>
  readZip(bytes, { name: 'a.zip', maxBytes: 1 << 20, ...options });

/** The size of the end record of an archive without a comment. */
const END_BYTES = 22;

/** The position of the directory entry of a file. */
const directoryEntry = (bytes: Uint8Array, name: string) =>
  Buffer.from(bytes).lastIndexOf(Buffer.from(name)) - 46;

const changed = (bytes: Uint8Array, position: number, values: number[]) => {
  const copy = bytes.slice();
  copy.set(values, position);
  return copy;
};

describe('readZip', () => {
  it.each(['stored.zip', 'deflated.zip', 'streamed.zip', 'forced-zip64.zip', 'zip64.zip'])(
    'reads the files of %s that Python wrote; folders are left out',
    (name) => {
      const files = [...read(fixture(name))].map(([path, bytes]) => [path, base64Of(bytes)]);
      expect(Object.fromEntries(files)).toEqual(expected.files);
      expect(files.map(([path]) => path)).toEqual(Object.keys(expected.files));
    },
  );

  it('reads only the entries that are asked for', () => {
    const files = read(fixture('deflated.zip'), { entries: ['empty', 'größe.txt', 'nothing'] });
    expect([...files.keys()]).toEqual(['empty', 'größe.txt']);
  });

  it('reads an archive without entries', () => expect(read(fixture('no-entries.zip')).size).toBe(0));

  it('returns copies, also of stored entries', () => {
    const archive = fixture('stored.zip');
    const noise = read(archive).get('folder/noise.bin')!;
    expect(noise.buffer).not.toBe(archive.buffer);
  });

  it.each(['stored.zip', 'deflated.zip'])('refuses each damaged byte of an entry of %s', (name) => {
    const archive = fixture(name);
    const start = archive.indexOf(0x50, 60) + 30;
    let refused = 0;
    for (let offset = 10; offset < 60; offset++) {
      const damaged = changed(archive, start + offset, [archive[start + offset] ^ 0x10]);
      try {
        const files = [...read(damaged)].map(([path, bytes]) => [path, base64Of(bytes)]);
        // A change that is accepted changes no contents, such as one of the name in the local header.
        expect(Object.fromEntries(files)).toEqual(expected.files);
      } catch (error) {
        expect((error as Error).message).toMatch(/^Expected .*a\.zip|in a\.zip: expected/);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(30);
  });

  it('refuses an entry whose CRC-32 differs', () => {
    const archive = fixture('stored.zip');
    const text = Buffer.from(archive).indexOf('line 7');
    expect(() => read(changed(archive, text, [0x4c]))).toThrow(
      /^Expected text\.txt in a\.zip to have the CRC-32 \d+, got \d+: the archive is damaged$/,
    );
    const entry = directoryEntry(archive, 'text.txt');
    expect(() => read(changed(archive, entry + 16, [1, 2, 3, 4]))).toThrow(
      'to have the CRC-32 67305985, got',
    );
  });

  it('refuses an entry whose size differs', () => {
    const archive = fixture('deflated.zip');
    const entry = directoryEntry(archive, 'text.txt');
    expect(() => read(changed(archive, entry + 24, [10, 0, 0, 0]))).toThrow(
      'text.txt in a.zip: expected at most 10 bytes when unpacked, found more',
    );
    expect(() => read(changed(archive, entry + 24, [255, 255, 0, 0]))).toThrow(
      /^Expected text\.txt in a\.zip to be 65535 bytes, got \d+: the archive is damaged$/,
    );
  });

  it('refuses a bomb before it unpacks', () => {
    expect(() => read(fixture('bomb.zip'))).toThrow(
      'Expected zeros in a.zip to be at most 1048576 bytes, got more when unpacked',
    );
    // A bomb that declares a small size ends at that size.
    const bomb = fixture('bomb.zip');
    expect(() => read(changed(bomb, directoryEntry(bomb, 'zeros') + 24, [100, 0, 0, 0]))).toThrow(
      'zeros in a.zip: expected at most 100 bytes when unpacked, found more',
    );
    expect(read(fixture('bomb.zip'), { maxBytes: 8 << 20 }).get('zeros')!.length).toBe(8 << 20);
  });

  it('refuses overlapping entries, and two of one name', () => {
    const archive = fixture('stored.zip');
    const entry = directoryEntry(archive, 'folder/noise.bin');
    const huge = changed(archive, entry + 20, [255, 255, 255, 0]);
    expect(() => read(huge)).toThrow('with entries side by side, found overlapping entries');
    const twice = twoEntries(fixture('no-entries.zip'));
    expect(() => read(twice)).toThrow('with one entry per name, found two entries a');
  });

  it('refuses encrypted entries and other methods', () => {
    const archive = fixture('stored.zip');
    const entry = directoryEntry(archive, 'text.txt');
    expect(() => read(changed(archive, entry + 8, [1]))).toThrow(
      'Expected text.txt in a.zip not to be encrypted',
    );
    expect(() => read(fixture('bzip2.zip'))).toThrow(
      'Expected text.txt in a.zip to be stored or deflated, got compression method 12',
    );
  });

  it('refuses an archive that is cut off anywhere', () => {
    for (const name of ['deflated.zip', 'zip64.zip']) {
      const archive = fixture(name);
      for (let length = 0; length < archive.length; length++)
        expect(() => read(archive.subarray(0, length))).toThrow(
          /^Expected a\.zip to be a whole zip archive with/,
        );
    }
  });

  it('refuses a directory that is elsewhere', () => {
    const archive = fixture('stored.zip');
    const offset = archive.length - END_BYTES + 16;
    expect(() => read(changed(archive, offset, [255, 255, 255, 127]))).toThrow(
      'with a directory entry at byte 2147483647, found none',
    );
  });

  it('refuses a file that is no zip archive, and a limit that is no integer', () => {
    expect(() => read(fixture('text.gz'))).toThrow(
      'Expected a.zip to be a whole zip archive with the end of its directory, found none',
    );
    expect(() => read(fixture('stored.zip'), { maxBytes: NaN })).toThrow(
      'Expected maxBytes to be an integer >= 0',
    );
  });

  it('reads ten thousand damaged archives or refuses them with a reason', { timeout: 60_000 }, async () => {
    for (const name of ['deflated.zip', 'zip64.zip']) {
      const { refused } = await survives(fixture(name), { parse: (bytes) => read(bytes), count: 5000 });
      expect(refused).toBeGreaterThan(3000);
    }
  });
});

/** An archive whose directory lists one stored, empty file "a" twice. */
function twoEntries(end: Uint8Array): Uint8Array {
  const local = new Uint8Array(31);
  local.set([0x50, 0x4b, 3, 4]);
  local[26] = 1;
  local[30] = 0x61;
  const entry = new Uint8Array(47);
  entry.set([0x50, 0x4b, 1, 2]);
  entry[28] = 1;
  entry[46] = 0x61;
  const tail = end.slice(-22);
  tail.set([2, 0, 2, 0, 94, 0, 0, 0, 31, 0, 0, 0], 8);
  return Uint8Array.of(...local, ...entry, ...entry, ...tail);
}
