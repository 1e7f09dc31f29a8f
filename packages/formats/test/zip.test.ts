import { randomAt } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { crc32, readZip, type ReadZipOptions } from '../src/index.js';
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
      /^Expected text\.txt in a\.zip to have the CRC-32 [\da-f]{8}, got [\da-f]{8}: the file is damaged; download or copy it again$/,
    );
    const entry = directoryEntry(archive, 'text.txt');
    expect(() => read(changed(archive, entry + 16, [1, 2, 3, 4]))).toThrow(
      'to have the CRC-32 04030201, got',
    );
  });

  it('refuses an entry whose size differs', () => {
    const archive = fixture('deflated.zip');
    const entry = directoryEntry(archive, 'text.txt');
    expect(() => read(changed(archive, entry + 24, [10, 0, 0, 0]))).toThrow(
      'text.txt in a.zip: expected at most 10 bytes when unpacked, found more',
    );
    expect(() => read(changed(archive, entry + 24, [255, 255, 0, 0]))).toThrow(
      /^Expected text\.txt in a\.zip to be 65535 bytes, got \d+: the file is damaged; download or copy it again$/,
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
    expect(() => read(twice)).toThrow('with one entry per name, found two entries "a"');
  });

  it('refuses entries that share bytes, whose sizes fit into the archive', () => {
    const archive = storedZip({ a: new Uint8Array(100), b: new Uint8Array(100), c: new Uint8Array(100) });
    const data = Buffer.from(archive);
    const end = archive.length - END_BYTES;
    const directory = data.readUInt32LE(end + 16);
    // The offset of the local header of "b", of "c" as that of "a", and the directory inside the data of "c".
    for (const [at, value] of [
      [directory + 47 + 42, 0],
      [directory + 2 * 47 + 42, 0],
      [directory + 2 * 47 + 20, 120],
    ]) {
      const copy = archive.slice();
      new DataView(copy.buffer).setUint32(at, value, true);
      expect(() => read(copy)).toThrow('with entries side by side, found overlapping entries');
    }
    expect(read(archive).size).toBe(3);
  });

  it.each([
    ['the name', 30, [0x62]],
    ['the flags', 6, [1]],
    ['the method', 8, [8]],
    ['the CRC-32', 14, [1, 2, 3, 4]],
    ['the packed size', 18, [3, 0, 0, 0]],
    ['the size', 22, [5, 0, 0, 0]],
  ])('refuses a local header that contradicts the directory: %s', (_, position, values) => {
    const archive = storedZip({ a: Uint8Array.of(1, 2, 3, 4) });
    expect(() => read(changed(archive, position, values))).toThrow(
      'with local headers as in its directory, found another one for "a" at byte 0',
    );
  });

  it('counts the sizes of all entries that are read against the limit', () => {
    const archive = storedZip({ a: new Uint8Array(60), b: new Uint8Array(60), c: new Uint8Array(60) });
    expect(() => read(archive, { maxBytes: 150 })).toThrow(
      'Expected the entries of a.zip to be at most 150 bytes, got more when unpacked',
    );
    expect(read(archive, { maxBytes: 180 }).size).toBe(3);
    expect(read(archive, { maxBytes: 120, entries: ['a', 'c'] }).size).toBe(2);
  });

  it.each(['../a', '/etc/passwd', 'a/../../b', 'C:/a', 'a\\b', 'file:a'])(
    'refuses an entry named %s',
    (path) => {
      expect(() => read(storedZip({ [path]: new Uint8Array(1) }))).toThrow(
        `Expected a.zip to name files inside it, such as "folder/file", got ${JSON.stringify(path)}`,
      );
    },
  );

  it('refuses symbolic links', () => {
    const archive = storedZip({ link: new TextEncoder().encode('/etc/passwd'), file: Uint8Array.of(1) });
    const entry = directoryEntry(archive, 'link');
    const linked = changed(changed(archive, entry + 5, [3]), entry + 40, [0xff, 0xa1]);
    expect(() => read(linked)).toThrow('Expected link in a.zip to be a file, got a link to another one');
    expect([...read(linked, { entries: ['file'] }).keys()]).toEqual(['file']);
  });

  it('refuses a directory with fewer entries than it has room for', () => {
    const archive = storedZip({ a: Uint8Array.of(1), b: Uint8Array.of(2) });
    expect(() => read(changed(archive, archive.length - END_BYTES + 10, [1]))).toThrow(
      'with 1 entries up to byte 158, found 1 up to byte 111',
    );
  });

  it('refuses an entry whose name became that of a folder', () => {
    const archive = storedZip({ folo: Uint8Array.of(1) });
    const name = directoryEntry(archive, 'folo') + 46;
    expect(() => read(changed(archive, name + 3, [0x6f ^ 0x40]))).toThrow(
      'with local headers as in its directory, found another one for "fol/"',
    );
  });

  it('escapes the control characters of names in messages', () => {
    const archive = storedZip({ 'a\u001b[2J\n\u202e': Uint8Array.of(1) });
    expect(() => read(archive, { maxBytes: 0 })).toThrow(
      String.raw`Expected a\u001b[2J\u000a\u202e in a.zip to be at most 0 bytes`,
    );
  });

  it('refuses each flipped bit, or reads the same', () => {
    const images = Object.fromEntries(
      ['a.png', 'b.png', 'c.jpg'].map((name, i) => [`class ${i}/${name}`, noise(i, 700)]),
    );
    for (const archive of [
      storedZip(images),
      fixture('deflated.zip'),
      fixture('zip64.zip'),
      fixture('streamed.zip'),
    ]) {
      const original = read(archive);
      let refused = 0;
      for (let i = 0; i < 300; i++) {
        const random = randomAt(i, 'flip');
        const at = Math.floor(random() * archive.length);
        const flipped = changed(archive, at, [archive[at] ^ (1 << Math.floor(random() * 8))]);
        try {
          expect(read(flipped)).toEqual(original);
        } catch (error) {
          expect((error as Error).name).toBe('InputError');
          refused++;
        }
      }
      // Times, attributes and versions of the entries are not read.
      expect(refused).toBeGreaterThan(200);
    }
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
});

const noise = (seed: number, length: number) => {
  const random = randomAt(seed, 'noise');
  return Uint8Array.from({ length }, () => Math.floor(256 * random()));
};

/** An archive of stored entries, as Python writes it. */
function storedZip(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, bytes] of Object.entries(files)) {
    const name = Buffer.from(path);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(bytes.length, 14);
    fields.writeUInt32LE(bytes.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const entry = Buffer.alloc(46);
    entry.write('PK\x01\x02\x14\0', 'latin1');
    fields.copy(entry, 6);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry, name);
    const local = [Buffer.from('PK\x03\x04', 'latin1'), fields, name, Buffer.from(bytes)];
    parts.push(...local);
    offset += local.reduce((sum, { length }) => sum + length, 0);
  }
  const end = Buffer.alloc(END_BYTES);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length / 2, 8);
  end.writeUInt16LE(directory.length / 2, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...parts, ...directory, end]));
}

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
