import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { memoryStore } from '@convlens/storage';
import { packTar } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import { openDatasetFiles, type Distribution, type LoadedFile } from '../../src/files.js';
import { folderFiles } from '../../src/node.js';

const body = Uint8Array.from({ length: 10_001 }, (_, i) => (i * 7919) % 251);

/** The bytes of all files of a data set, and what `onFile` reports. */
async function readAll(source: Parameters<typeof openDatasetFiles>[0], distribution: Distribution) {
  const reports: LoadedFile[] = [];
  const contents: Record<string, number[]> = {};
  const options = {
    dataset: 'a set',
    distributions: [distribution],
    onFile: (file: LoadedFile) => reports.push(file),
  };
  for await (const { index, reader } of openDatasetFiles(source, options))
    contents[distribution.files[index].name] = [...(await reader.readAll(1 << 20))];
  return { contents, reports };
}

describe('openDatasetFiles', () => {
  it.each([1000, 1001, 10_000, 10_001, 20_000])(
    'yields the files of a folder whole and in order to a slow reader, %i bytes at a time',
    async (chunkBytes) => {
      const folder = mkdtempSync(join(tmpdir(), 'convlens-dataset-'));
      try {
        const halves = { one: body, two: body.slice().reverse() };
        for (const [name, bytes] of Object.entries(halves)) writeFileSync(join(folder, name), bytes);
        const files = Object.keys(halves).map((name) => ({ name }));
        const distributions = [{ folders: [''], files, chunkBytes }];
        for await (const { index, reader } of openDatasetFiles(folderFiles(folder), {
          dataset: 'a',
          distributions,
        })) {
          const expected = Object.values(halves)[index];
          for await (const chunk of reader.remaining()) {
            const start = reader.position - chunk.length;
            // Long enough for the next chunk to be read ahead: it must not overwrite this one.
            await new Promise((resolve) => setTimeout(resolve, 5));
            expect([...chunk]).toEqual([...expected.subarray(start, start + chunk.length)]);
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
    const { contents, reports } = await readAll(store, published(md5));
    expect(contents).toEqual({ one: [...body] });
    expect(reports).toEqual([{ name: 'a.tar.gz', bytes: archive.length, verified: true }]);
    await expect(readAll(store, published('0'.repeat(32)))).rejects.toThrow(
      `memory/a.tar.gz: expected the MD5 ${'0'.repeat(32)}, got ${md5}: remove it and get it again`,
    );
  });

  it.each(['a.tar.gz', 'one.gz'])(
    'rejects with the reason of the signal, also in the middle of %s',
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
      const distribution =
        name === 'one.gz'
          ? { folders: [''], files: [{ name }] }
          : { folders: ['a/'], files: [{ name: 'one' }], archive };
      const reading = async () => {
        const options = { dataset: 'a', distributions: [distribution], signal: controller.signal };
        for await (const { reader } of openDatasetFiles(source, options)) await reader.readAll(1 << 20);
      };
      await expect(reading()).rejects.toBe(reason);
    },
  );

  it('prefers files to an archive, and the first distribution whose files are complete', async () => {
    const store = memoryStore();
    const distributions = [
      { folders: ['x/'], files: [{ name: 'a' }, { name: 'b' }] },
      { folders: ['y/', ''], files: [{ name: 'a' }, { name: 'b' }] },
    ];
    await store.write('x/a', Uint8Array.of(1));
    for (const name of ['a', 'b']) await store.write(name, Uint8Array.of(2));
    for await (const { reader, distribution } of openDatasetFiles(store, { dataset: 'set', distributions })) {
      expect(distribution).toBe(distributions[1]);
      expect([...(await reader.readAll(10))]).toEqual([2]);
    }
  });

  it('fetches the files that a source lacks, and reports servers that cannot be reached', async () => {
    const store = memoryStore();
    const published = { name: 'a.bin', bytes: 1, md5: '', urls: [] };
    const distributions = [{ folders: [''], files: [{ name: 'a.bin', published }] }];
    const fetched: unknown[] = [];
    const source = {
      ...store,
      async fetch(file: { name: string }, options: object) {
        fetched.push([file.name, Object.keys(options)]);
        await store.write(file.name, Uint8Array.of(7));
      },
    };
    for await (const { reader } of openDatasetFiles(source, { dataset: 'set', distributions, verify: false }))
      expect([...(await reader.readAll(10))]).toEqual([7]);
    expect(fetched).toEqual([['a.bin', ['signal', 'onDownload']]]);

    const unreachable = Object.assign(new RangeError('no server'), {
      name: 'InputError',
      code: 'unreachable',
    });
    const failing = { ...memoryStore(), fetch: () => Promise.reject(unreachable) };
    const opening = openDatasetFiles(failing, { dataset: 'set', distributions }).next();
    await expect(opening).rejects.toMatchObject({ code: 'unreachable' });
    await expect(opening).rejects.toThrow(
      /^Expected a\.bin of set in memory\/, found no such file.*\nno server$/s,
    );
  });
});
