import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import {
  concatBytes,
  openArchive,
  randomAccess,
  readZip,
  type OpenArchiveOptions,
  type RandomAccess,
} from '../../src/index.js';
import { base64Of, expected, fixture, fromBase64 } from '../support.js';

interface Contents {
  readonly files: Readonly<Record<string, string>>;
  readonly links: Readonly<Record<string, string>>;
  readonly hardLinks: Readonly<Record<string, string>>;
  readonly names: readonly string[];
}

const archive = (name: string) => fixture(`archives/${name}`);
const contents = JSON.parse(new TextDecoder().decode(archive('expected.json'))) as Contents;

const open = (bytes: Uint8Array, name = 'a.zip', options?: OpenArchiveOptions) =>
  openArchive(randomAccess(bytes, name), options);

/** The files of an archive as text. */
async function textsIn(bytes: Uint8Array): Promise<Record<string, string>> {
  const opened = await open(bytes);
  const texts: Record<string, string> = {};
  for (const name of await opened.list()) texts[name] = new TextDecoder().decode(await opened.read(name));
  return texts;
}

const changed = (bytes: Uint8Array, position: number, values: number[]) => {
  const copy = bytes.slice();
  copy.set(values, position);
  return copy;
};

const messageOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: Error) => error.message,
  );

describe('openArchive', () => {
  it.each(['stored.zip', 'deflated.zip', 'streamed.zip', 'forced-zip64.zip', 'zip64.zip'])(
    'reads the files of %s that Python wrote',
    async (name) => {
      const opened = await open(fixture(name));
      expect(await opened.list()).toEqual(Object.keys(expected.files).sort());
      for (const [path, base64] of Object.entries(expected.files))
        expect(base64Of((await opened.read(path))!)).toBe(base64);
    },
  );

  it.each(['ustar.tar', 'gnu.tar', 'pax.tar'])('reads the files of %s, plain and with gzip', async (name) => {
    for (const bytes of [fixture(name), gzipSync(fixture(name))]) {
      const opened = await open(bytes);
      // The fixture has a link to a file outside as well.
      expect(await opened.list()).toEqual([...Object.keys(expected.tar), 'link'].sort());
      for (const [path, base64] of Object.entries(expected.tar))
        expect(base64Of((await opened.read(path))!)).toBe(base64);
      await expect(opened.read('link')).rejects.toThrow(
        'got a link to "/etc/passwd", which is no file of the archive',
      );
    }
  });

  it('lists names by prefix, and has nothing under other names', async () => {
    const opened = await open(archive('links.zip'), 'pets.zip');
    expect([opened.location, await opened.list('cat/')]).toEqual(['pets.zip', ['cat/1.txt', 'cat/2.txt']]);
    expect(
      await Promise.all(['cat', 'cat/3.txt', '../a', '__proto__'].map((name) => opened.read(name))),
    ).toEqual(new Array(4).fill(undefined));
  });

  it.each(['links.zip', 'links-gnu.tar', 'links-pax.tar', 'links.tar.gz'])(
    'follows the links of %s inside of the archive alone',
    async (name) => {
      const opened = await open(archive(name), name);
      const inside = { ...contents.links, ...(name === 'links.zip' ? {} : contents.hardLinks) };
      for (const [path, text] of Object.entries({ ...contents.files, ...inside }))
        expect([path, new TextDecoder().decode(await opened.read(path))]).toEqual([path, text]);
      for (const path of ['out', 'absolute', 'nowhere', 'folder'].map((one) => `dog/${one}.txt`))
        await expect(opened.read(path)).rejects.toThrow(
          `Expected "${path}" in ${name} to be a file, got a link to`,
        );
      await expect(opened.read('dog/circle.txt')).rejects.toThrow('got a circle of links');
    },
  );

  it('reads names in UTF-8, also where the archive does not say so, of DOS, and with backslashes', async () => {
    const byName = Object.fromEntries(contents.names.map((name) => [name, name]));
    expect(await textsIn(archive('names.zip'))).toEqual(byName);
    expect(await textsIn(archive('names-unflagged.zip'))).toEqual(byName);
    expect(await textsIn(archive('dos.zip'))).toEqual({ 'gröe/éß.txt': 'dos' });
    expect(await textsIn(archive('backslashes.zip'))).toEqual({ 'cat/1.txt': 'one', 'dog/2.txt': 'two' });
  });

  it('reads the last of the files of one name in a tar archive, as tar does', async () =>
    expect(await textsIn(archive('twice.tar'))).toEqual({ 'a.txt': 'second', 'b.txt': 'b' }));

  it.each([0, 1, 2, 3].flatMap((i) => [`out${i}.zip`, `out${i}.tar`]))(
    'refuses %s, in which a name leads out of the archive',
    async (name) => {
      await expect(open(archive(name), name)).rejects.toThrow(`Expected ${name} to name files inside it`);
    },
  );

  it('reads of a zip archive only its directory and the files that are asked for', async () => {
    // An archive of 60 files of 10,000 bytes that are stored.
    const names = Array.from({ length: 60 }, (_, i) => `${String(i).padStart(2, '0')}.bin`);
    const { zipSync } = await import('fflate');
    const data = (i: number) => new Uint8Array(10_000).fill(i + 1);
    const bytes = zipSync(Object.fromEntries(names.map((name, i) => [name, data(i)])), { level: 0 });
    const ranges: [number, number][] = [];
    const whole = randomAccess(bytes, 'a.zip');
    const counted: RandomAccess = {
      ...whole,
      read: (start, end) => {
        ranges.push([start, end]);
        return whole.read(start, end);
      },
    };
    const opened = await openArchive(counted);
    expect(await opened.list()).toEqual(names);
    const read = () => ranges.reduce((sum, [start, end]) => sum + end - start, 0);
    const ofDirectory = read();
    expect(ofDirectory).toBeLessThan(70_000);
    expect(await opened.read('31.bin')).toEqual(data(31));
    expect(read() - ofDirectory).toBeLessThan(10_100);
  });

  it('refuses a file that is damaged by its name, and reads the others', async () => {
    const bytes = fixture('stored.zip');
    const [first, ...others] = [...readZip(bytes, { name: 'a', maxBytes: 1e6 }).keys()].filter(
      (name) => fromBase64(expected.files[name]).length > 5,
    );
    const content = fromBase64(expected.files[first]);
    const at = Buffer.from(bytes).indexOf(content);
    for (const offset of [0, 1, 2, 3, 4]) {
      const opened = await open(changed(bytes, at + offset, [bytes[at + offset] ^ 4]));
      await expect(opened.read(first)).rejects.toThrow(`Expected ${first} in a.zip to have the CRC-32`);
      for (const name of others) expect(base64Of((await opened.read(name))!)).toBe(expected.files[name]);
    }
  });

  it('refuses what it cannot unpack in a sentence', async () => {
    const encrypted = fixture('stored.zip').slice();
    const start = Buffer.from(encrypted).lastIndexOf(Buffer.from('folder/noise.bin')) - 46;
    encrypted[start + 8] |= 1;
    const first = await open(encrypted);
    await expect(first.read('folder/noise.bin')).rejects.toThrow(
      'Expected folder/noise.bin in a.zip not to be encrypted: pack it again without a password',
    );
    await expect((await open(fixture('bzip2.zip'))).read('text.txt')).rejects.toThrow(
      'Expected text.txt in a.zip to be stored or deflated, got compression method 12 (bzip2): pack it again with the method deflate',
    );
    const parts = fixture('stored.zip').slice();
    parts[parts.length - 22 + 4] = 2;
    await expect(open(parts)).rejects.toThrow('with all parts in one file, found part 3 of several');
  });

  it('refuses files that are larger than a limit', async () => {
    for (const name of ['links.zip', 'links-gnu.tar']) {
      const opened = await open(archive(name), name, { maxFileBytes: 1000 });
      expect(await opened.read('cat/1.txt')).toHaveLength(3);
      await expect(opened.read('cat/2.txt')).rejects.toThrow(
        /cat\/2\.txt in links.* to be at most 1,?000 bytes/,
      );
    }
    await expect(open(archive('links.tar.gz'), 'a', { maxFileBytes: 1000 })).rejects.toThrow(
      'at most 1,000 bytes',
    );
    await expect(open(archive('links.tar.gz'), 'a', { maxBytes: 5000 })).rejects.toThrow(
      'at most 5000 bytes',
    );
    const bomb = await open(fixture('bomb.zip'), 'bomb.zip', { maxFileBytes: 1 << 20 });
    await expect(bomb.read('zeros')).rejects.toThrow(
      'Expected zeros in bomb.zip to be at most 1048576 bytes',
    );
    await expect(open(fixture('bomb.gz'), 'a', { maxBytes: 1 << 20 })).rejects.toThrow(
      'at most 1048576 bytes',
    );
  });

  it('refuses entries that overlap, when they are read', async () => {
    const bytes = fixture('stored.zip');
    const names = Object.keys(expected.files);
    // The directory of the second file leads to the header of the first.
    const entry = (name: string) => Buffer.from(bytes).lastIndexOf(Buffer.from(name)) - 46;
    const [noise] = names.filter((name) => name.endsWith('noise.bin'));
    const size = entry(noise) + 20;
    const larger = changed(bytes, size, [0xff, 0xff, 0, 0, 0xff, 0xff, 0, 0]);
    const opened = await open(larger);
    expect(await messageOf(opened.read(noise))).toMatch(/Expected a\.zip to be a whole zip archive/);
  });

  it.each([
    ['a RAR archive', 'Rar!\x1a\x07'],
    ['a 7z archive', '7z\xbc\xaf\x27\x1c'],
    ['an XZ file', '\xfd7zXZ\0'],
    ['a bzip2 file', 'BZh91AY'],
    ['a Zstandard file', '\x28\xb5\x2f\xfd'],
    ['a PNG image', '\x89PNG\r\n\x1a\n'],
    ['an HTML page, which a failed download leaves', '<!DOCTYPE html>'],
    ['an empty file', ''],
  ])('says that %s is no archive that is read', async (kind, head) => {
    const bytes = Uint8Array.from(head, (character) => character.charCodeAt(0));
    await expect(open(bytes)).rejects.toThrow(
      `a.zip: expected a zip, tar or tar.gz archive, found ${kind} of ${bytes.length} bytes: pack the files again`,
    );
  });

  it('says that a file changed while it was read', async () => {
    const bytes = fixture('stored.zip');
    const file = { ...randomAccess(bytes, 'a.zip'), bytes: bytes.length + 10 };
    await expect(openArchive(file)).rejects.toThrow('the file changed while it was read');
  });

  it('says where a cut archive ends', async () => {
    const zip = fixture('deflated.zip');
    for (const length of [30, 100, zip.length - 1])
      expect(await messageOf(open(zip.subarray(0, length)))).toMatch(
        /^Expected a\.zip to be a whole zip archive/,
      );
    const tar = archive('links-gnu.tar');
    for (const length of [512, 600, 2000])
      expect(await messageOf(open(tar.subarray(0, length)))).toMatch(/expected a tar archive.*it ends in/);
    const packed = archive('links.tar.gz');
    expect(await messageOf(open(packed.subarray(0, 200)))).toMatch(/expected gzip data, found none/);
    const trailing = concatBytes([packed, Uint8Array.of(1, 2, 3)]);
    expect(await messageOf(open(trailing))).toMatch(/expected gzip data, found none/);
  });

  it('reads a Blob as it reads bytes', async () => {
    const opened = await openArchive(randomAccess(new Blob([archive('names.zip')]), 'names.zip'));
    expect(new TextDecoder().decode(await opened.read('猫/1.txt'))).toBe('猫/1.txt');
  });
});
