import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { memoryStore } from '@convlens/storage';
import { packTar } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import { openMembers, type LoadedFile, type Packaging } from '../src/files.js';
import { folderFiles } from '../src/node.js';

const body = Uint8Array.from({ length: 10_001 }, (_, i) => (i * 7919) % 251);

/** Everything that a set has, in the order in which it comes. */
async function contents(source: Parameters<typeof openMembers>[0], packaging: Packaging) {
  const files: LoadedFile[] = [];
  const found: Record<string, number[]> = {};
  const request = { set: 'a set', packagings: [packaging], onFile: (file: LoadedFile) => files.push(file) };
  for await (const { index, reader } of openMembers(source, request))
    found[packaging.files[index].name] = [...(await reader.readAll(1 << 20))];
  return { found, files };
}

describe('openMembers', () => {
  it.each([1000, 1001, 10_000, 10_001, 20_000])(
    'gives files of a folder whole and in order, though their reader is slow, %i bytes at a time',
    async (pieceBytes) => {
      const folder = mkdtempSync(join(tmpdir(), 'convlens-members-'));
      try {
        const halves = { one: body, two: body.slice().reverse() };
        for (const [name, bytes] of Object.entries(halves)) writeFileSync(join(folder, name), bytes);
        const files = Object.keys(halves).map((name) => ({ name }));
        const packaging = { folders: [''], files, pieceBytes };
        for await (const { index, reader } of openMembers(folderFiles(folder), {
          set: 'a',
          packagings: [packaging],
        })) {
          const expected = Object.values(halves)[index];
          for await (const piece of reader.rest()) {
            const at = reader.position - piece.length;
            // Long enough for the next piece to arrive: it must not lie where this one does.
            await new Promise((resolve) => setTimeout(resolve, 5));
            expect([...piece]).toEqual([...expected.subarray(at, at + piece.length)]);
          }
          expect(reader.position).toBe(expected.length);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  it('refuses an archive of the right length whose checksum is not the published one', async () => {
    const archive = gzipSync(await packTar([{ header: { name: 'a/one', size: body.length }, body }]));
    const store = memoryStore();
    await store.write('a.tar.gz', new Uint8Array(archive));
    const published = (md5: string) => ({
      folders: ['a/'],
      files: [{ name: 'one' }],
      archive: { name: 'a.tar.gz', bytes: archive.length, md5, urls: [] },
    });
    const md5 = createHash('md5').update(archive).digest('hex');
    const { found, files } = await contents(store, published(md5));
    expect(found).toEqual({ one: [...body] });
    expect(files).toEqual([{ name: 'a.tar.gz', bytes: archive.length, verified: true }]);
    await expect(contents(store, published('0'.repeat(32)))).rejects.toThrow(
      `memory/a.tar.gz: expected the MD5 ${'0'.repeat(32)}, got ${md5}: remove it and get it again`,
    );
  });

  it.each(['a.tar.gz', 'one.gz'])(
    'that are to stop reject with the reason, in the midst of %s too',
    async (name) => {
      const packed = gzipSync(await packTar([{ header: { name: 'a/one', size: body.length }, body }]));
      const controller = new AbortController();
      const reason = new Error('enough');
      async function* slowly() {
        yield new Uint8Array(packed.subarray(0, 200));
        controller.abort(reason);
        yield new Uint8Array(packed.subarray(200));
      }
      const source = {
        ...memoryStore(),
        list: async () => [name],
        stream: async () => ({ bytes: packed.length, chunks: slowly() }),
      };
      const archive = { name, bytes: packed.length, md5: '', urls: [] };
      const packaging = name === 'one.gz' ? { folders: [''], files: [{ name }] } : { folders: ['a/'], files: [{ name: 'one' }], archive }; // prettier-ignore
      const reading = async () => {
        const request = { set: 'a', packagings: [packaging], signal: controller.signal };
        for await (const { reader } of openMembers(source, request)) await reader.readAll(1 << 20);
      };
      await expect(reading()).rejects.toBe(reason);
    },
  );
});
