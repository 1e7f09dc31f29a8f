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
import type { DownloadProgress, PublishedFile } from '../../src/files.js';
import { downloads } from '../../src/node.js';
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
  server.requests.length = 0;
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
const expectComplete = () => {
  expect(readdirSync(folder)).toEqual(['set.bin']);
  expect(readFileSync(join(folder, 'set.bin')).equals(bytes)).toBe(true);
};
const partOf = (name = '') => readdirSync(folder).find((file) => file.startsWith(`set.bin.part-${name}`));

describe('download', () => {
  it('writes the file under its name, reports its progress, and the folder has it from then on', async () => {
    const reports: DownloadProgress[] = [];
    const source = downloads({ folder });
    await source.fetch!(fileAt('slow'), { onDownload: (progress) => reports.push(progress) });
    expectComplete();
    expect(reports.length).toBeGreaterThan(1);
    expect(reports.at(-1)).toMatchObject({ name: 'set.bin', bytes: 300_000, total: 300_000, secondsLeft: 0 });
    for (const { bytesPerSecond, secondsLeft, bytes: done } of reports) {
      expect(bytesPerSecond).toBeGreaterThan(0);
      expect(secondsLeft).toBeCloseTo((300_000 - done) / bytesPerSecond, 6);
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
  ])(
    'from a server that %s succeeds with another server, or reports what happened',
    async (name, message) => {
      const failed = fetchFrom(name);
      await expect(failed).rejects.toThrow(message);
      await expect(failed).rejects.toThrow(`${server.at(name)}/set.bin: `);
      await expect(failed).rejects.toThrow(
        /^Could not fetch set\.bin.*Try again .* name a mirror .* put the file into/s,
      );
      await expect(failed).rejects.toMatchObject({ name: 'InputError', code: 'unreachable' });
      expect(existsSync(join(folder, 'set.bin'))).toBe(false);
      await fetchFrom(name, 'good');
      expectComplete();
    },
  );

  it('is verified by the SHA-256 where one is published, in place of the MD5', async () => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const other = createHash('sha256').update('other').digest('hex');
    await expect(downloads({ folder }).fetch!({ ...fileAt('good'), sha256: other })).rejects.toThrow(
      `expected the SHA-256 ${other}, got ${sha256}`,
    );
    expect(existsSync(join(folder, 'set.bin'))).toBe(false);
    await downloads({ folder }).fetch!({ ...fileAt('good'), md5: '0'.repeat(32), sha256 });
    expectComplete();
  });

  it('resumes at another server where the first one broke off', async () => {
    await fetchFrom('drops', 'good');
    expect(server.requests.at(-1)).toMatch(/^good bytes=\d\d+-$/);
    expectComplete();
  });

  it('requests more from the same server as long as data arrives', async () => {
    await fetchFrom('dropsOften');
    const starts = server.requests.map((request) => Number(/\d+/.exec(request)?.[0] ?? 0));
    expect(starts.length).toBeGreaterThan(3);
    expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
    expectComplete();
  });

  it.each(['noRanges', 'refusesRanges', 'wrongRange'])(
    'starts again, or at another server, if a server does not resume (%s)',
    async (name) => {
      await fetchFrom('drops', name, 'good');
      expectComplete();
    },
  );

  it.each([
    ['is incomplete', 200_000, ['good bytes=200000-', 'good all']],
    ['has the right length', 300_000, ['good all']],
    ['is longer than the file', 400_000, ['good all']],
  ])(
    'fetches the whole file again from the same server if a part is damaged and %s',
    async (_, length, requests) => {
      const part = join(folder, 'set.bin.part-elsewhere-1-0');
      writeFileSync(part, Buffer.alloc(length));
      // Whoever wrote it, it has not grown for a long time.
      utimesSync(part, 0, 0);
      await fetchFrom('good');
      expect(server.requests).toEqual(requests);
      expectComplete();
    },
  );

  it('recovers from a page that was sent in place of the file', async () => {
    await fetchFrom('page', 'good');
    expect(server.requests.slice(-2)).toEqual(['good bytes=20-', 'good all']);
    expectComplete();
  });

  it('leaves parts that another machine or thread may be writing, and files that are no parts', async () => {
    const thisProcess = `${hostname().replace(/[^\w.]/g, '_')}-${process.pid}`;
    const others = ['elsewhere-7-0', `${thisProcess}-99`, 'x'].map((owner) => `set.bin.part-${owner}`);
    for (const name of others) writeFileSync(join(folder, name), Buffer.alloc(200_000));
    utimesSync(join(folder, others[2]), 0, 0);
    await fetchFrom('good');
    expect(server.requests).toEqual(['good all']);
    expect(readdirSync(folder).sort()).toEqual(['set.bin', ...others].sort());
  });

  it('removes parts that others abandoned meanwhile', async () => {
    const fetching = fetchFrom('slow');
    while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const abandoned = join(folder, 'set.bin.part-elsewhere-7-0');
    writeFileSync(abandoned, Buffer.alloc(1000));
    utimesSync(abandoned, 0, 0);
    await fetching;
    expectComplete();
  });

  it('sends no request if it is aborted before it starts', async () => {
    const controller = new AbortController();
    const source = downloads({ folder });
    const stopped = source.fetch!(fileAt('slow'), { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(stopped).rejects.toThrow('enough');
    expect(server.requests).toEqual([]);
  });

  it('tries the mirrors of the option first, then those of CONVLENS_MIRROR', async () => {
    process.env.CONVLENS_MIRROR = `${server.at('fails')} ${server.at('good')}/`;
    try {
      const source = downloads({ folder, mirrors: [server.at('missing')] });
      await source.fetch!({ ...fileAt('wrongBody'), name: 'sets/set.bin' });
    } finally {
      delete process.env.CONVLENS_MIRROR;
    }
    expect(server.requests).toEqual(['missing all', 'fails all', 'good all']);
    expect(readdirSync(join(folder, 'sets'))).toEqual(['set.bin']);
    const wrong = downloads({ folder, mirrors: ['ftp://host'] }).fetch!(fileAt());
    await expect(wrong).rejects.toThrow(
      'Expected mirror to be an address such as https://host/folder, got "ftp://host"',
    );
  });

  it('keeps the received bytes when it is aborted, rejects with the reason, and resumes later', async () => {
    const controller = new AbortController();
    const source = downloads({ folder });
    const stopped = source.fetch!(fileAt('slow'), {
      signal: controller.signal,
      onDownload: () => controller.abort(new Error('enough')),
    });
    await expect(stopped).rejects.toThrow('enough');
    const received = statSync(join(folder, partOf()!)).size;
    expect(received).toBeGreaterThan(0);
    await fetchFrom('good');
    expect(server.requests.at(-1)).toBe(`good bytes=${received}-`);
    expectComplete();
  });

  it('reports a host that does not exist', async () => {
    const file = { ...fileAt(), urls: ['http://host.invalid/set.bin', 'http://127.0.0.1:9/set.bin'] };
    await expect(downloads({ folder }).fetch!(file)).rejects.toThrow(
      /http:\/\/host\.invalid\/set\.bin: its host is not known.*127\.0\.0\.1/s,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of one file several times at once in one process succeeds', async () => {
    await Promise.all([fetchFrom('slow'), fetchFrom('slow'), fetchFrom('good')]);
    expectComplete();
  });
});

describe('download in a process of its own', () => {
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

  it('leaves no incomplete file if it is killed, and the next process resumes', async () => {
    for (let killed = 0; killed < 3; killed++) {
      const child = start('slow');
      const exit = ended(child);
      const requestsBefore = server.requests.length;
      while (server.requests.length === requestsBefore)
        await new Promise((resolve) => setTimeout(resolve, 10));
      await new Promise((resolve) => setTimeout(resolve, 60 + 60 * killed));
      child.kill('SIGKILL');
      await exit;
      expect(readdirSync(folder).filter((name) => !name.includes('.part-'))).toEqual([]);
    }
    expect(await ended(start('good'))).toBe(0);
    expect(server.requests.at(-1)).toMatch(/^good bytes=\d\d+-$/);
    expectComplete();
  });

  it('does not conflict with another process', async () => {
    expect(await Promise.all([ended(start('slow')), ended(start('slow'))])).toEqual([0, 0]);
    expectComplete();
  });

  it.skipIf(process.platform === 'win32')(
    'reports a full disk, and leaves the other files unchanged',
    async () => {
      writeFileSync(join(folder, 'older.bin'), 'older');
      // A limit on the size of files fails at the same place as a full disk, and needs no permission.
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
