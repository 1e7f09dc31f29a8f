import { describe, expect, it } from 'vitest';
import { fromFileList } from '../../src/files.js';

const file = (path: string, bytes: number[], { inFolder = false } = {}) => {
  const selected = new File([Uint8Array.from(bytes)], path.split('/').at(-1)!);
  if (inFolder) Object.defineProperty(selected, 'webkitRelativePath', { value: path });
  return selected;
};

describe('fromFileList', () => {
  it('reads single files by name', async () => {
    const reader = fromFileList([file('b.bin', [1, 2]), file('a.bin', [3])]);
    expect(await reader.list()).toEqual(['a.bin', 'b.bin']);
    expect(await reader.list('b')).toEqual(['b.bin']);
    expect(await reader.read('b.bin')).toEqual(Uint8Array.of(1, 2));
    expect(await reader.read('c.bin')).toBeUndefined();
    expect(reader.location).toBe('selected files');
    expect(await fromFileList([]).list()).toEqual([]);
  });

  it('reads the files of a folder by their path in it', async () => {
    const reader = fromFileList([
      file('data/batches/1.bin', [1], { inFolder: true }),
      file('data/readme', [2], { inFolder: true }),
    ]);
    expect(await reader.list()).toEqual(['batches/1.bin', 'readme']);
    expect(await reader.read('batches/1.bin')).toEqual(Uint8Array.of(1));
    expect(reader.location).toBe('data');
  });

  it('opens a file in parts', async () => {
    const source = fromFileList([file('a.bin', [1, 2, 3])]);
    const opened = (await source.open!('a.bin'))!;
    expect([opened.name, opened.bytes]).toEqual(['selected files/a.bin', 3]);
    expect(await opened.read(1, 3)).toEqual(Uint8Array.of(2, 3));
    expect(await source.open!('b.bin')).toBeUndefined();
  });

  it('streams a file', async () => {
    const { bytes, chunks } = (await fromFileList([file('a.bin', [1, 2, 3])]).stream!('a.bin'))!;
    const read: number[] = [];
    for await (const chunk of chunks) read.push(...chunk);
    expect([bytes, read]).toEqual([3, [1, 2, 3]]);
    expect(await fromFileList([]).stream!('a.bin')).toBeUndefined();
  });
});
