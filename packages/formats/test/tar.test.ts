import { describe, expect, it } from 'vitest';
import { survives } from '../../../test/support/mutate-bytes.js';
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

  it('reads damaged archives or refuses them with a reason', { timeout: 60_000 }, async () => {
    const { refused } = await survives(fixture('ustar.tar'), {
      parse: (bytes) => readTar(bytes, 4096),
      count: 1000,
    });
    expect(refused).toBeGreaterThan(300);
  });
});
