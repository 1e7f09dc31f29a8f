import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  folderStore,
  hostId,
  machineId,
  openOutputFolder,
  type OpenOutputFolderOptions,
} from '../../src/node.js';
import { buildWriter } from './start-writer.js';

let writer: Awaited<ReturnType<typeof buildWriter>>;
beforeAll(async () => void (writer = await buildWriter()), 60_000);
afterAll(() => writer.remove());

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'convlens-output-'));
  folder = join(parent, 'a/out');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (name: string) => readFile(join(folder, name), 'utf8');

/** The names of all files in the folder. */
const folderFiles = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

/** Opens the folder as one command would, writes files with their names in them, and closes it. */
async function write(names: readonly string[], options: OpenOutputFolderOptions = {}): Promise<void> {
  const output = await openOutputFolder(folder, options);
  try {
    for (const name of names) await output.write(name, bytes(name));
  } finally {
    await output.close();
  }
}

async function addForeign(name: string, text = 'mine'): Promise<void> {
  await mkdir(join(folder, name, '..'), { recursive: true });
  await writeFile(join(folder, name), text);
}

describe('openOutputFolder', () => {
  it('replaces what an earlier call has written', async () => {
    await write(['report.html', 'figures/a.svg']);
    const output = await openOutputFolder(folder, { replaces: ['report.html', 'figures'] });
    await output.write('report.html', bytes('new'));
    await output.close();
    expect(await textOf('report.html')).toBe('new');
    expect((await readdir(folder)).sort()).toEqual(['.convlens-files', 'figures', 'report.html']);
    expect(await folderStore(folder).list()).toEqual(['figures/a.svg', 'report.html']);
  });

  it('records the SHA-256 of each file in the format of sha256sum', async () => {
    await write(['b c.txt']);
    // printf 'b c.txt' | sha256sum
    expect(await textOf('.convlens-files')).toBe(
      'ace86fc74b0558301d425f9efbf9a4e234880a5f906012b83c93e43f7dcb9798  b c.txt\n',
    );
  });

  it('refuses to replace a file that it did not write, and leaves it', async () => {
    await addForeign('report.html');
    await expect(write(['report.html'])).rejects.toThrow(
      `Expected to replace only what convlens wrote, found ${join(folder, 'report.html')}, which was not written by ` +
        'convlens: move it away, or choose another folder',
    );
    await expect(write(['report.html'])).rejects.toMatchObject({ name: 'InputError', code: 'foreign' });
    expect(await textOf('report.html')).toBe('mine');
  });

  it('refuses to replace a file that was changed since', async () => {
    await write(['report.html']);
    await addForeign('report.html');
    await expect(write(['report.html'])).rejects.toThrow('which was changed since convlens wrote it');
    expect(await textOf('report.html')).toBe('mine');
  });

  it('replaces changed files that the caller names as editable, also below a folder', async () => {
    const names = ['history.json', 'steps/1.json'];
    await write(names);
    for (const name of names) await addForeign(name, 'edited');
    await write(names, { editable: ['history.json', 'steps'] });
    for (const name of names) expect(await textOf(name)).toBe(name);
  });

  it.each([
    ['not editable, though it was read', 'history.json', ['run.json']],
    ['of a name that begins like an editable one', 'history.json.bak', ['history.json']],
    ['of a folder that begins like an editable one', 'steps-2/1.json', ['steps']],
  ])('refuses to replace a changed file: %s', async (_, name, editable) => {
    await write([name]);
    await addForeign(name, 'edited');
    const output = await openOutputFolder(folder, { editable });
    await output.read(name);
    await expect(output.write(name, bytes('x'))).rejects.toMatchObject({ code: 'foreign' });
    await output.close();
    expect(await textOf(name)).toBe('edited');
  });

  it('does not replace an editable file that is not recorded', async () => {
    await addForeign('history.json');
    await expect(write(['history.json'], { editable: ['history.json'] })).rejects.toMatchObject({
      code: 'foreign',
    });
  });

  it('is not created again without a lock if it was removed after it was opened', async () => {
    await write(['a.txt']);
    const output = await openOutputFolder(folder, { lock: false });
    await rm(folder, { recursive: true });
    await expect(output.write('b.txt', bytes('b'))).rejects.toThrow(
      `Cannot write ${folder}: it was removed meanwhile`,
    );
    expect(await readdir(parent)).not.toContain('out');
    await output.close();
  });

  it('does not take the record, the lock and unfinished writes in a subfolder for files of somebody else', async () => {
    await write(['page/a.png']);
    const page = await openOutputFolder(join(folder, 'page'));
    await addForeign('page/.convlens-files', '');
    await addForeign(`page/b.png.partial-${hostId()}-${process.pid}-00000000`);
    await write([], { replaces: ['page'] });
    await page.close();
  });

  it.each(['page/notes.md', 'page/b/c.txt', 'page/.hidden', 'page/z.png'])(
    'removes nothing of a folder that has a foreign file: %s',
    async (name) => {
      await write(['page/a.png', 'page/m.png']);
      await addForeign(name);
      const output = await openOutputFolder(folder);
      await expect(output.remove('page')).rejects.toThrow(`found ${join(folder, name)}`);
      await expect(output.expectReplaceable('page')).rejects.toThrow(`found ${join(folder, name)}`);
      await output.close();
      expect(await textOf('page/a.png')).toBe('page/a.png');
    },
  );

  it('does not take a link for a file that it wrote, and refuses links that lead out of the folder', async () => {
    await write(['a.txt', 'sub/b.txt']);
    await writeFile(join(parent, 'outside'), 'a.txt');
    await rm(join(folder, 'a.txt'));
    await symlink(join(parent, 'outside'), join(folder, 'a.txt'));
    await rm(join(folder, 'sub'), { recursive: true });
    await symlink(parent, join(folder, 'sub'));
    await expect(write(['a.txt'])).rejects.toThrow('a link to');
    await expect(write(['sub/c.txt'])).rejects.toThrow('a link to');
    const store = folderStore(folder);
    for (const name of ['a.txt', 'sub/outside']) await expect(store.read(name)).rejects.toThrow('a link to');
    await expect(store.remove('sub/outside')).rejects.toThrow('a link to');
    expect(await readFile(join(parent, 'outside'), 'utf8')).toBe('a.txt');
  });

  it('sees what another command has recorded meanwhile', async () => {
    const output = await openOutputFolder(folder);
    await write(['evaluation.json'], { lock: false });
    await output.write('evaluation.json', bytes('new'));
    await output.close();
    expect(await textOf('evaluation.json')).toBe('new');
  });

  it('records what it adopts, so that the next command may replace it', async () => {
    await addForeign('run.json');
    await addForeign('model/weights.bin');
    await write(['run.json'], { adopts: ['run.json', 'model'] });
    await write(['model/weights.bin'], { adopts: ['run.json', 'model'] });
    expect(await textOf('model/weights.bin')).toBe('model/weights.bin');
  });

  it('adopts files of the names, not those that begin like them', async () => {
    await addForeign('model-notes.txt');
    await addForeign('model/weights.bin');
    const output = await openOutputFolder(folder, { adopts: ['model'] });
    await output.write('model/weights.bin', bytes('x'));
    await expect(output.write('model-notes.txt', bytes('x'))).rejects.toMatchObject({ code: 'foreign' });
    await output.close();
  });

  it.each(['.convlens-files', '.convlens-lock'])(
    'does not follow a link in place of %s that leads to no file, or to one of the folder',
    async (name) => {
      await mkdir(folder, { recursive: true });
      for (const target of [join(parent, 'created'), join(folder, 'notes.md')]) {
        await symlink(target, join(folder, name));
        await expect(write(['a.txt'])).rejects.toThrow('to be a file, got a link');
        await rm(join(folder, name));
        expect(await readdir(parent)).toEqual(['a']);
      }
    },
  );

  it.each(['.convlens-files', '.convlens-lock'])(
    'does not follow a link in place of %s out of the folder',
    async (name) => {
      await mkdir(folder, { recursive: true });
      await writeFile(join(parent, 'outside'), 'theirs');
      await symlink(join(parent, 'outside'), join(folder, name));
      await expect(write(['a.txt'])).rejects.toThrow('a link to');
      await expect(write(['a.txt'], { lock: name === '.convlens-lock' })).rejects.toThrow('a link to');
      expect(await readFile(join(parent, 'outside'), 'utf8')).toBe('theirs');
      expect(await readdir(folder)).toEqual([name]);
    },
  );

  it('checks the names that will be written before anything is written', async () => {
    await addForeign('figures/a.svg');
    await expect(openOutputFolder(folder, { replaces: ['report.html', 'figures'] })).rejects.toMatchObject({
      code: 'foreign',
    });
    expect((await readdir(folder)).sort()).toEqual(['figures']);
  });

  it('adopts the files of a folder without a record, and of no other', async () => {
    await addForeign('run.json');
    await addForeign('report.html');
    const options = { adopts: ['run.json'] };
    await write(['run.json'], options);
    await expect(write(['report.html'], options)).rejects.toMatchObject({ code: 'foreign' });
    await addForeign('run.json', 'edited since');
    await expect(write(['run.json'], options)).rejects.toMatchObject({ code: 'foreign' });
  });

  it('reads a record that a killed writer left incomplete', async () => {
    await write(['a']);
    await writeFile(join(folder, '.convlens-files'), `${await textOf('.convlens-files')}0123456789`);
    await write(['b']);
    await write(['a', 'b']);
  });

  it.each(['line\nbreak', 'back\\slash', 'back\\nslash'])('records the name %j', async (name) => {
    await write([name]);
    await write([name]);
  });

  it('is open to one writer, and without a lock to any', async () => {
    const output = await openOutputFolder(folder, { command: 'convlens train' });
    await expect(openOutputFolder(folder)).rejects.toThrow('convlens train writes it');
    await write(['figures/a.svg'], { lock: false });
    await output.close();
    await write(['figures/a.svg']);
  });

  it('is not written after another process has removed the folder', async () => {
    const { send, kill } = await writer.start(folder);
    expect(await send('a.txt')).toBe('written');
    await rm(folder, { recursive: true });
    expect(await send('b.txt')).toBe(`Cannot write ${folder}: it was removed meanwhile`);
    await kill('SIGKILL');
    expect(await readdir(join(parent, 'a'))).toEqual([]);
  });

  it('removes the temporary files of writers that do not exist, and keeps those of others', async () => {
    const killed = await writer.start(folder);
    await killed.kill('SIGKILL');
    const [dead, alive] = [killed.child.pid, process.pid];
    const machine = machineId();
    const names = [
      `x.partial-${machine}-${alive}-01234567`,
      'x.partial-elsewhere-1-01234567',
      `x.partial-${machineId(`${hostId()}2`)}-${dead}-01234567`,
      `x.partial-${machineId(hostId(), 'pid:[1]')}-${dead}-01234567`,
      'mine.partial',
    ];
    for (const name of [
      ...names,
      `x.partial-${machine}-${dead}-01234567`,
      `s/x.partial-${machine}-${dead}-01234567`,
    ])
      await addForeign(name);
    await write([]);
    expect((await readdir(folder, { recursive: true })).sort()).toEqual([...names, 's'].sort());
  });

  it('tells machines apart whose long names differ at the end', () => {
    const [one, other] = ['1', '2'].map((end) => `${'node'.repeat(15)}-${end}`);
    expect(machineId(one)).not.toBe(machineId(other));
    expect(machineId(one)).toMatch(/^[\w.]{1,24}$/);
  });

  it('removes the temporary files of other machines after 60 s, by the clock of the file system', async () => {
    const uuid = '01234567-89ab-cdef-0123-456789abcdef';
    const abandoned = [
      'a.partial-elsewhere-1-01234567',
      `written.txt.partial-${uuid}`,
      `s/b.partial-x.y-2-abcdef01`,
    ];
    const kept = ['c.partial-elsewhere-1-01234567', `mine.partial-${uuid}`, `s/written.txt.partial-${uuid}`];
    await write(['written.txt']);
    for (const name of [...abandoned, ...kept]) await addForeign(name);
    const time = Date.now() / 1000;
    for (const name of [...abandoned, ...kept.slice(1)])
      await utimes(join(folder, name), time - 61, time - 61);
    await utimes(join(folder, kept[0]), time - 55, time - 55);
    // The clock of this machine is wrong.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    try {
      await write([]);
    } finally {
      vi.useRealTimers();
    }
    expect(await folderFiles()).toEqual([...kept, '.convlens-files', 'written.txt'].sort());
  });

  it('leaves no folder behind if nothing was written', async () => {
    await write([]);
    expect(await readdir(parent)).toEqual([]);
    await expect(openOutputFolder(join(folder, '\0'))).rejects.toThrow();
    await mkdir(folder, { recursive: true });
    await write([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves no folder behind if the first write fails, without a lock', async () => {
    const output = await openOutputFolder(folder, { lock: false });
    await expect(output.write('x'.repeat(250), bytes('x'))).rejects.toMatchObject({ code: 'unwritable' });
    await output.close();
    expect(await readdir(parent)).toEqual([]);
  });

  it('refuses names outside of the folder', async () => {
    const output = await openOutputFolder(folder);
    await expect(output.write('../x', bytes('x'))).rejects.toThrow('Expected a name inside');
    await expect(output.remove('../x')).rejects.toThrow('Expected a name inside');
    await output.close();
  });
});
