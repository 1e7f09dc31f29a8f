import { describe, expect, it } from 'vitest';
import { tarEntries } from '../src/index.js';
import { base64Of, chunksOf, collect, expected, fixture } from './support.js';

async function readTar(bytes: Uint8Array, size?: number): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const entry of tarEntries(chunksOf(bytes, size), { name: 'a.tar' })) {
    const contents = await collect(entry.chunks);
    expect(contents.length).toBe(entry.bytes);
    files[entry.name] = base64Of(contents);
  }
  return files;
}

describe('tarEntries', () => {
  it.each(['ustar.tar', 'gnu.tar', 'pax.tar'])(
    'reads the files of %s; folders and links are skipped',
    async (name) => {
      for (const size of [100, 512, 1 << 20])
        expect(await readTar(fixture(name), size)).toEqual(expected.tar);
    },
  );

  it('skips the contents of an entry that is not read', async () => {
    const names: string[] = [];
    for await (const { name } of tarEntries(chunksOf(fixture('ustar.tar')), { name: 'a.tar' }))
      names.push(name);
    expect(names).toEqual(Object.keys(expected.tar));
  });

  it('refuses an archive that is cut off or damaged', async () => {
    const bytes = fixture('ustar.tar');
    await expect(readTar(bytes.subarray(0, 2000))).rejects.toThrow(
      /^a\.tar: expected a tar archive, found none: /,
    );
    const damaged = bytes.slice();
    damaged[0] ^= 1; // the header's checksum does not match
    await expect(readTar(damaged)).rejects.toThrow('a.tar: expected a tar archive');
    await expect(readTar(fixture('text.gz'))).rejects.toThrow('a.tar: expected a tar archive');
  });

  it('throws an error of its source as it is', async () => {
    const error = new Error('disk');
    async function* failing() {
      yield fixture('ustar.tar').subarray(0, 1024);
      throw error;
    }
    const reading = async () => {
      for await (const { chunks } of tarEntries(failing(), { name: 'a.tar' })) await collect(chunks);
    };
    await expect(reading()).rejects.toBe(error);
  });

  it('skips files whose path leads out of the archive, and links wherever they lead', async () => {
    for (const name of ['../a', '/etc/passwd', 'a/../../b', 'C:/a', 'a\\b', 'file:a'])
      expect(await readTar(tarOf({ name, data: 'abc' }, { name: 'b' }))).toEqual({ b: '' });
    for (const type of ['1', '2', '3', '6'])
      expect(await readTar(tarOf({ name: 'a', type, bytes: 1000 }, { name: 'b' }))).toEqual({ b: '' });
  });

  it('takes path and size of a pax header, but not the size of a link', async () => {
    const pax = (text: string) => ({ name: 'x', type: 'x', data: text });
    const file = { name: 'short', data: 'abc', bytes: 0 };
    expect(await readTar(tarOf(pax('18 path=long/name\n9 size=3\n'), file))).toEqual({
      'long/name': base64Of(new TextEncoder().encode('abc')),
    });
    expect(await readTar(tarOf(pax('9 size=5\n'), { name: 'l', type: '2' }, { name: 'b' }))).toEqual({
      b: '',
    });
  });

  it('refuses a header of metadata that is damaged or large', async () => {
    for (const text of [
      '1 path=a\n',
      'path=a\n',
      '99 path=a\n',
      '9 path=a\n\n',
      '10 size=1e3\n',
      '9 path=ab',
    ])
      await expect(readTar(tarOf({ name: 'x', type: 'x', data: text }, { name: 'a' }))).rejects.toThrow(
        /^a\.tar: expected a tar archive, found none: a (damaged )?pax header/,
      );
    for (const type of ['x', 'L'])
      await expect(readTar(tarOf({ name: 'x', type, bytes: 2 ** 31 }, { name: 'a' }))).rejects.toThrow(
        'found none: a header of 2147483648 bytes',
      );
  });

  it('refuses sizes out of range and numbers that are not octal', async () => {
    const refused = async (size: Buffer, message: string) =>
      expect(readTar(tarOf({ name: 'a', size }))).rejects.toThrow(message);
    await refused(Buffer.from('ff'.repeat(12), 'hex'), 'a number out of range');
    await refused(Buffer.from(`80${'ff'.repeat(11)}`, 'hex'), 'a number out of range');
    await refused(Buffer.from('00000000009\0'), 'a number that is not octal');
    await refused(Buffer.from('77777777777\0'), 'it ends in an entry');
    await refused(
      Buffer.from(`8000000000${'00'.repeat(2)}1fffffffffff`, 'hex').subarray(0, 12),
      'it ends in an entry',
    );
  });

  it('reads a megabyte of metadata in a moment', async () => {
    // Records of one byte each, with a single space at the end: a reader that looks for the space in each takes hours.
    const data = `${'1\n'.repeat(2 ** 19 - 1)}1 `;
    await expect(readTar(tarOf({ name: 'x', type: 'x', data }, { name: 'a' }))).rejects.toThrow(
      'a damaged pax header',
    );
    const records = '9 path=a\n'.repeat(100_000);
    expect(await readTar(tarOf({ name: 'x', type: 'x', data: records }, { name: 'b' }))).toEqual({ a: '' });
  });

  it('refuses bytes after the end of the archive', async () => {
    const archive = fixture('ustar.tar').slice();
    archive[archive.length - 1] = 1;
    await expect(readTar(archive)).rejects.toThrow('found none: other bytes after its end');
  });
});

interface TarMember {
  readonly name: string;
  readonly type?: string;
  readonly data?: string;
  /** Default: the length of the data. */
  readonly bytes?: number;
  /** The field of the size. */
  readonly size?: Buffer;
}

/** A ustar archive. */
function tarOf(...members: readonly TarMember[]): Uint8Array {
  const blocks = members.flatMap(({ name, type = '0', data = '', bytes = data.length, size }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    (size ?? Buffer.from(bytes.toString(8).padStart(11, '0'))).copy(header, 124);
    header.fill(' ', 148, 156);
    header.write(type, 156);
    header.write('ustar\0', 257, 'latin1');
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    return [header, Buffer.from(data), Buffer.alloc(-data.length & 511)];
  });
  return new Uint8Array(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}
