import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomAt } from '@convlens/core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DownloadProgress, PublishedFile } from '../src/files.js';
import { downloads } from '../src/node.js';
import { startServer } from './hostile-server.js';

const random = randomAt(1);
const bytes = Buffer.from(Uint8Array.from({ length: 300_000 }, () => random() * 256));
const md5 = createHash('md5').update(bytes).digest('hex');

let server: Awaited<ReturnType<typeof startServer>>;
let folder: string;
beforeAll(async () => void (server = await startServer(bytes)));
afterAll(() => server.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convlens-download-'));
  server.asked.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fileAt = (...folders: string[]): PublishedFile => ({
  name: 'set.bin',
  bytes: bytes.length,
  md5,
  urls: folders.map((name) => `${server.at(name)}/set.bin`),
});
const fetchFrom = (...folders: string[]) => {
  const waits = folders.some((name) => ['stalls', 'silent'].includes(name));
  return downloads({ folder, stallSeconds: waits ? 0.3 : 30 }).fetch!(fileAt(...folders));
};
const expectWhole = () => {
  expect(readdirSync(folder)).toEqual(['set.bin']);
  expect(readFileSync(join(folder, 'set.bin')).equals(bytes)).toBe(true);
};
const partOf = (name = '') => readdirSync(folder).find((file) => file.startsWith(`set.bin.part-${name}`));

describe('a download', () => {
  it('comes under its own name, tells how far it is, and is read from the folder ever after', async () => {
    const told: DownloadProgress[] = [];
    const source = downloads({ folder });
    await source.fetch!(fileAt('slow'), { onDownload: (progress) => told.push(progress) });
    expectWhole();
    expect(told.length).toBeGreaterThan(1);
    expect(told.at(-1)).toMatchObject({ name: 'set.bin', bytes: 300_000, total: 300_000, secondsLeft: 0 });
    for (const { rate, secondsLeft, bytes: done } of told) {
      expect(rate).toBeGreaterThan(0);
      expect(secondsLeft).toBeCloseTo((300_000 - done) / rate, 6);
    }
    expect(await source.list()).toEqual(['set.bin']);
  });

  it.each([
    ['truncates', 'ended after 150,000 of 300,000 bytes'],
    ['drops', /broke off after [\d,]+ of 300,000 bytes/],
    ['stalls', 'sent nothing for 0.3 s after 150,000 of 300,000 bytes'],
    ['silent', 'sent nothing for 0.3 s after 0 of 300,000 bytes'],
    ['missing', 'answered 404 Not Found'],
    ['fails', 'answered 500 Internal Server Error'],
    ['wrongBody', `sent 300,000 bytes that are not the file: expected the MD5 ${md5}, got`],
    ['saysLess', 'has 10 bytes there, expected 300,000'],
    ['saysMore', 'has 300,010 bytes there, expected 300,000'],
    ['tooLong', 'sent more than the 300,000 bytes that the file has'],
  ])('from a server that %s ends right from another, or says what happened where', async (name, what) => {
    const failed = fetchFrom(name);
    await expect(failed).rejects.toThrow(what);
    await expect(failed).rejects.toThrow(`${server.at(name)}/set.bin: `);
    await expect(failed).rejects.toThrow(
      /^Could not fetch set\.bin.*Try again .* name a mirror .* put the file into/s,
    );
    await expect(failed).rejects.toMatchObject({ name: 'InputError', code: 'unreachable' });
    expect(existsSync(join(folder, 'set.bin'))).toBe(false);
    await fetchFrom(name, 'good');
    expectWhole();
  });

  it('goes on at another place where the first one broke off', async () => {
    await fetchFrom('drops', 'good');
    expect(server.asked.at(-1)).toMatch(/^good bytes=\d\d+-$/);
    expectWhole();
  });

  it('asks the same place again as long as more of it comes', async () => {
    await fetchFrom('dropsOften');
    const starts = server.asked.map((asked) => Number(/\d+/.exec(asked)?.[0] ?? 0));
    expect(starts.length).toBeGreaterThan(3);
    expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
    expectWhole();
  });

  it.each(['noRanges', 'refusesRanges', 'wrongRange'])(
    'starts anew, or elsewhere, where a server does not go on (%s)',
    async (name) => {
      await fetchFrom('drops', name, 'good');
      expectWhole();
    },
  );

  it.each([
    ['breaks off', 200_000, ['good bytes=200000-', 'good all']],
    ['is whole', 300_000, ['good all']],
    ['is longer than the file', 400_000, ['good all']],
  ])('of a part that is damaged and %s comes once more, from the same place', async (_, length, asked) => {
    const part = join(folder, 'set.bin.part-elsewhere-1-0');
    writeFileSync(part, Buffer.alloc(length));
    // Of whoever it is, it has not grown for long.
    utimesSync(part, 0, 0);
    await fetchFrom('good');
    expect(server.asked).toEqual(asked);
    expectWhole();
  });

  it('is not spoilt by a page that came in its place', async () => {
    await fetchFrom('page', 'good');
    expect(server.asked.slice(-2)).toEqual(['good bytes=20-', 'good all']);
    expectWhole();
  });

  it('leaves alone what another machine or thread may be writing, and what is none of its parts', async () => {
    const mine = `${hostname().replace(/[^\w.]/g, '_')}-${process.pid}`;
    const others = ['elsewhere-7-0', `${mine}-99`, 'x'].map((owner) => `set.bin.part-${owner}`);
    for (const name of others) writeFileSync(join(folder, name), Buffer.alloc(200_000));
    utimesSync(join(folder, others[2]), 0, 0);
    await fetchFrom('good');
    expect(server.asked).toEqual(['good all']);
    expect(readdirSync(folder).sort()).toEqual(['set.bin', ...others].sort());
  });

  it('clears away what others left of the file while it came', async () => {
    const coming = fetchFrom('slow');
    while (server.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const left = join(folder, 'set.bin.part-elsewhere-7-0');
    writeFileSync(left, Buffer.alloc(1000));
    utimesSync(left, 0, 0);
    await coming;
    expectWhole();
  });

  it('that is to stop before it begins asks nobody', async () => {
    const controller = new AbortController();
    const source = downloads({ folder });
    const stopped = source.fetch!(fileAt('slow'), { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(stopped).rejects.toThrow('enough');
    expect(server.asked).toEqual([]);
  });

  it('tries mirrors of the user first, from the option and from CONVLENS_MIRROR', async () => {
    process.env.CONVLENS_MIRROR = `${server.at('fails')} ${server.at('good')}/`;
    try {
      const source = downloads({ folder, mirrors: [server.at('missing')] });
      await source.fetch!({ ...fileAt('wrongBody'), name: 'sets/set.bin' });
    } finally {
      delete process.env.CONVLENS_MIRROR;
    }
    expect(server.asked).toEqual(['missing all', 'fails all', 'good all']);
    expect(readdirSync(join(folder, 'sets'))).toEqual(['set.bin']);
    const wrong = downloads({ folder, mirrors: ['ftp://host'] }).fetch!(fileAt());
    await expect(wrong).rejects.toThrow(
      'Expected mirror to be an address such as https://host/folder, got "ftp://host"',
    );
  });

  it('that is stopped keeps what came, rejects with the reason, and goes on from there', async () => {
    const controller = new AbortController();
    const source = downloads({ folder });
    const stopped = source.fetch!(fileAt('slow'), {
      signal: controller.signal,
      onDownload: () => controller.abort(new Error('enough')),
    });
    await expect(stopped).rejects.toThrow('enough');
    const kept = statSync(join(folder, partOf()!)).size;
    expect(kept).toBeGreaterThan(0);
    await fetchFrom('good');
    expect(server.asked.at(-1)).toBe(`good bytes=${kept}-`);
    expectWhole();
  });

  it('says that there is no such host, and where to look', async () => {
    const file = { ...fileAt(), urls: ['http://host.invalid/set.bin', 'http://127.0.0.1:9/set.bin'] };
    await expect(downloads({ folder }).fetch!(file)).rejects.toThrow(
      /http:\/\/host\.invalid\/set\.bin: its host is not known.*127\.0\.0\.1/s,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of the same file twice at once in one process ends right', async () => {
    await Promise.all([fetchFrom('slow'), fetchFrom('slow'), fetchFrom('good')]);
    expectWhole();
  });
});

describe('a process of its own', () => {
  let script: string;
  let scripts: string;
  beforeAll(async () => {
    scripts = mkdtempSync(join(tmpdir(), 'convlens-child-'));
    script = join(scripts, 'child.mjs');
    await build({
      configFile: false,
      logLevel: 'error',
      ssr: { noExternal: true, resolve: { conditions: ['@convlens/source'] } },
      build: {
        ssr: fileURLToPath(new URL('download-child.ts', import.meta.url)),
        outDir: scripts,
        rollupOptions: { output: { entryFileNames: 'child.mjs' } },
      },
    });
  });
  afterAll(() => rmSync(scripts, { recursive: true, force: true }));
  const args = (name: string) => [script, folder, `${server.at(name)}/set.bin`, String(bytes.length), md5];
  const start = (name: string) => spawn(process.execPath, args(name), { stdio: 'ignore' });
  const ended = (child: ReturnType<typeof spawn>) =>
    new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));

  it('that is killed at any moment leaves no bad file, and the next one goes on and ends right', async () => {
    for (let killed = 0; killed < 3; killed++) {
      const child = start('slow');
      const exit = ended(child);
      const before = server.asked.length;
      while (server.asked.length === before) await new Promise((resolve) => setTimeout(resolve, 10));
      await new Promise((resolve) => setTimeout(resolve, 60 + 60 * killed));
      child.kill('SIGKILL');
      await exit;
      expect(readdirSync(folder).filter((name) => !name.includes('.part-'))).toEqual([]);
    }
    expect(await ended(start('good'))).toBe(0);
    expect(server.asked.at(-1)).toMatch(/^good bytes=\d\d+-$/);
    expectWhole();
  });

  it('does not clash with another one', async () => {
    expect(await Promise.all([ended(start('slow')), ended(start('slow'))])).toEqual([0, 0]);
    expectWhole();
  });

  it.skipIf(process.platform === 'win32')(
    'on a full disk says so, and leaves what was there as it was',
    async () => {
      writeFileSync(join(folder, 'older.bin'), 'older');
      // A limit on the size of files fails as a full disk does, in the same place, and needs no rights.
      const command = `ulimit -f 200; trap '' XFSZ; exec "$@"`;
      const stdout = await new Promise<string>((resolve) =>
        execFile('sh', ['-c', command, 'sh', process.execPath, ...args('good')], (_, text) => resolve(text)),
      );
      expect(stdout).toMatch(/^InputError: The disk is full \(EFBIG\): .*Make room/);
      expect(readdirSync(folder)).toEqual(['older.bin']);
      expect(readFileSync(join(folder, 'older.bin'), 'utf8')).toBe('older');
    },
  );
});
