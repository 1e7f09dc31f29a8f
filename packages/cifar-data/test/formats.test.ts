import { describe, expect, it } from 'vitest';
import { CIFAR100_CLASSES, CIFAR100_COARSE_CLASSES, loadCifar10, loadCifar100 } from '../src/index.js';
import { archiveOf } from './archive-of.js';
import { fixture, storeOf } from './small-files.js';

const expected = JSON.parse(new TextDecoder().decode(fixture('expected.json'))) as Record<
  'pixels' | 'labels' | 'fine' | 'coarse',
  number[]
>;
const SMALL = { split: 'test', official: false } as const;

describe('the formats of CIFAR-10', () => {
  it.each([
    ['cifar-10-batches-bin/test_batch.bin', 'cifar10-test_batch.bin'],
    ['cifar-10-batches-py/test_batch', 'python2-batch'],
    ['cifar-10-batches-py/test_batch', 'python3-protocol2-batch'],
    ['test_batch', 'python3-protocol3-batch'],
    ['cifar-10-batches-py-target/cifar-10-batches-py/test_batch', 'python3-protocol4-batch'],
  ])('%s, as %s, has the pixels and labels that NumPy reads', async (name, file) => {
    const set = await loadCifar10(await storeOf({ [name]: fixture(file) }), SMALL);
    expect([...set.pixels]).toEqual(expected.pixels);
    expect([...set.labels!]).toEqual(expected.labels);
    const two = await loadCifar10(await storeOf({ [name]: fixture(file) }), { ...SMALL, limit: 2 });
    expect([...two.pixels]).toEqual(expected.pixels.slice(0, 2 * 3072));
  });

  it.each([
    ['cifar-10-binary.tar.gz', 'cifar-10-batches-bin/test_batch.bin', 'cifar10-test_batch.bin'],
    ['cifar-10-python.tar.gz', 'cifar-10-batches-py/test_batch', 'python2-batch'],
  ])('%s is read without unpacking it first', async (archive, name, file) => {
    const bytes = await archiveOf({ 'readme.html': Uint8Array.of(1), [name]: fixture(file) });
    const files: unknown[] = [];
    const onFile = (file: unknown) => files.push(file);
    const set = await loadCifar10(await storeOf({ [archive]: bytes }), { ...SMALL, onFile });
    expect([...set.pixels]).toEqual(expected.pixels);
    expect(files).toEqual([{ name: archive, bytes: bytes.length, verified: false }]);
  });

  it('an archive may have its files in any order; the images are in the order of the data set', async () => {
    const batch = fixture('cifar10-test_batch.bin');
    const names = [3, 1, 5, 2, 4].map((i) => `cifar-10-batches-bin/data_batch_${i}.bin`);
    const files = Object.fromEntries(
      names.map((name, i) => [name, batch.slice((i % 3) * 3073, ((i % 3) + 1) * 3073)]),
    );
    const store = await storeOf({ 'cifar-10-binary.tar.gz': await archiveOf(files) });
    const set = await loadCifar10(store, { official: false });
    const [a, b, c] = expected.labels;
    expect([...set.labels!]).toEqual([b, a, a, b, c]);
  });

  it('no path in an archive is followed: links and names outside of it are skipped', async () => {
    const archive = await archiveOf({ '../test_batch.bin': fixture('cifar10-test_batch.bin') }, [
      { name: 'cifar-10-batches-bin/test_batch.bin', linkname: '/etc/passwd' },
    ]);
    const loading = loadCifar10(await storeOf({ 'cifar-10-binary.tar.gz': archive }), SMALL);
    await expect(loading).rejects.toThrow(
      'memory/cifar-10-binary.tar.gz: expected test_batch.bin in it, found no such file',
    );
    // The archive exists: it is damaged, not missing.
    await expect(loading).rejects.not.toHaveProperty('code', 'missing');
  });

  it('an archive that is not the official one is refused, unless official is false', async () => {
    const archive = await archiveOf({
      'cifar-10-batches-bin/test_batch.bin': fixture('cifar10-test_batch.bin'),
    });
    await expect(
      loadCifar10(await storeOf({ 'cifar-10-binary.tar.gz': archive }), { split: 'test' }),
    ).rejects.toThrow(/expected 170,052,171 bytes, got [\d,]+: remove it and get it again/);
  });

  it('an archive that unpacks to far more than the data set is refused', async () => {
    const bomb = await archiveOf({ 'cifar-10-batches-bin/test_batch.bin': new Uint8Array(40_000_000) });
    await expect(loadCifar10(await storeOf({ 'cifar-10-binary.tar.gz': bomb }), SMALL)).rejects.toThrow(
      '1 to 10000 records of 3073 bytes',
    );
  });

  it.each(['evil', 'evil-call'])(
    'a pickle that names a function is refused and not run (%s)',
    async (name) => {
      await expect(loadCifar10(await storeOf({ test_batch: fixture(name) }), SMALL)).rejects.toThrow(
        /memory\/test_batch: expected a NumPy array or plain values at byte \d+, found the global __builtin__\.(eval|print), which is not run/,
      );
    },
  );

  const bytesOf = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
  const encodeOnce = `c_codecs\nencode\nX\xc8\0\0\0${'a'.repeat(200)}q\0\x85R`;
  it.each([
    [
      'an object of a hundred bytes for each of its bytes',
      '\x80\x02' + '}'.repeat(200_000),
      'the end after 161000 operations',
    ],
    ['a name without an end', '\x80\x02c' + 'A'.repeat(300) + '\n', 'a line of fewer than 256 bytes'],
    [
      'a text that is encoded many times',
      encodeOnce + 'c_codecs\nencode\nh\0\x85R'.repeat(20),
      'each text to be encoded once',
    ],
  ])('a pickle with %s is refused before it fills the memory', async (_, pickle, message) => {
    await expect(loadCifar10(await storeOf({ test_batch: bytesOf(pickle) }), SMALL)).rejects.toThrow(message);
  });

  it.each(['test_batch.bin', 'test_batch'])('a file without an image is refused (%s)', async (name) => {
    await expect(loadCifar10(await storeOf({ [name]: new Uint8Array(0) }), SMALL)).rejects.toThrow(
      'expected',
    );
  });
});

describe('the formats of CIFAR-100', () => {
  it.each([
    ['cifar-100-binary/test.bin', 'cifar100-test.bin'],
    ['cifar-100-python/test', 'cifar100-test'],
  ])('%s has fine and coarse labels', async (name, file) => {
    const set = await loadCifar100(await storeOf({ [name]: fixture(file) }), SMALL);
    expect([...set.pixels]).toEqual(expected.pixels);
    expect([...set.labels!]).toEqual(expected.fine);
    expect([...set.coarseLabels!]).toEqual(expected.coarse);
    expect(set.classNames).toBe(CIFAR100_CLASSES);
  });

  it('has a hundred classes and twenty superclasses, each once and in order', () => {
    for (const [names, count] of [
      [CIFAR100_CLASSES, 100],
      [CIFAR100_COARSE_CLASSES, 20],
    ] as const) {
      expect(new Set(names).size).toBe(count);
      expect(names).toEqual([...names].sort());
    }
  });
});

describe('a Python batch that is longer than its source says', () => {
  /** A source whose file has other bytes than it declares. */
  const sourceOf = (bytes: Uint8Array, declared: number) => ({
    location: 'data',
    list: async () => ['test_batch'],
    read: async () => bytes,
    stream: async () => ({
      bytes: declared,
      chunks: (async function* () {
        yield bytes;
      })(),
    }),
  });
  const file = fixture('python2-batch');

  it('is refused: bytes follow the pickle', async () => {
    for (const more of [1, 100]) {
      const longer = new Uint8Array(file.length + more);
      longer.set(file);
      await expect(loadCifar10(sourceOf(longer, file.length), SMALL)).rejects.toThrow(
        `expected the end at byte ${file.length.toLocaleString('en')}, found more bytes`,
      );
    }
  });

  it('is read where the size is right', async () => {
    const set = await loadCifar10(sourceOf(file, file.length), SMALL);
    expect([...set.labels]).toEqual(expected.labels);
  });
});
