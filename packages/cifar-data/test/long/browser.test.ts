import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { memoryStore } from '@convlens/storage';
import { packTar } from 'modern-tar';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInChromium, withPage } from '../../../../test/support/chromium.js';
import { loadCifar10 } from '../../src/index.js';
import type * as Data from '../browser-entry.js';
import { makeFile } from '../fixture.js';

declare const data: typeof Data;

async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('../browser-entry.ts', import.meta.url));
  const output = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@convlens/source'] },
    build: { write: false, lib: { entry, formats: ['iife'], name: 'data' } },
  });
  const [{ output: chunks }] = output as { output: { code?: string }[] }[];
  return chunks[0].code!;
}

const bytes = makeFile(1);
const sha256 = (values: Uint8Array) => createHash('sha256').update(values).digest('hex');

describeInChromium('in Chromium', () => {
  let server: Server;
  let requests: string[] = [];
  let archive: Buffer;
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'convlens-cifar-'));
    file = join(folder, 'test_batch.bin');
    await writeFile(file, bytes);
    const script = await bundle();
    const name = 'cifar-10-batches-bin/test_batch.bin';
    // Level 0 keeps the test fast: random bytes do not compress.
    archive = gzipSync(await packTar([{ header: { name, size: bytes.length }, body: bytes }]), { level: 0 });
    server = createServer((request, response) => {
      if (request.url!.endsWith('.tar.gz')) {
        requests.push(request.url!);
        response.writeHead(200, { 'content-length': archive.length }).end(archive);
        return;
      }
      const page = `<!doctype html><link rel="icon" href="data:,"><input type="file" multiple><script>${script}</script>`;
      response.setHeader('content-type', 'text/html').end(page);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  it(
    'the loader reads a file that a user selected, with the pixels that Node reads',
    () =>
      withPage(address(), async (page) => {
        const store = memoryStore();
        await store.write('test_batch.bin', bytes);
        const node = await loadCifar10(store, { split: 'test' });
        await page.setInputFiles('input', {
          name: 'test_batch.bin',
          mimeType: '',
          buffer: Buffer.from(bytes),
        });
        const read = await page.evaluate(async () => {
          const { files } = document.querySelector('input')!;
          const set = await data.loadCifar10(data.fromFileList(files!), { split: 'test' });
          const digest = await crypto.subtle.digest('SHA-256', set.pixels as Uint8Array<ArrayBuffer>);
          const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join(
            '',
          );
          const canvas = document.createElement('canvas');
          data.toCanvas(set, { index: 7, canvas });
          return { hex, labels: [...set.labels!], canvas: [...data.fromCanvas([canvas]).pixels] };
        });
        expect(read.hex).toBe(sha256(node.pixels as Uint8Array));
        expect(read.labels).toEqual([...node.labels!]);
        expect(read.canvas).toEqual([...node.pixels.subarray(7 * 3072, 8 * 3072)]);
      }),
    60_000,
  );

  it('a file is downloaded once and then read from the cache, also after a reload', () =>
    withPage(address(), async (page) => {
      const md5 = createHash('md5').update(archive).digest('hex');
      const load = () =>
        page.evaluate(
          async ({ md5, size }) => {
            const source = data.browserDownloads({ mirrors: [`${location.href}sets`] });
            // The archive is not the official one, so it has another length and checksum.
            const file = { name: 'cifar-10-binary.tar.gz', bytes: size, md5, urls: [] };
            const fetch = (_: unknown, options: object) => source.fetch!(file, options);
            const set = await data.loadCifar10({ ...source, fetch }, { split: 'test', official: false });
            return [set.count, set.labels![9999], set.pixels[3071]];
          },
          { md5, size: archive.length },
        );
      const first = await load();
      expect(first).toEqual([10_000, bytes[9999 * 3073], bytes[3072]]);
      expect(await load()).toEqual(first);
      await page.reload();
      expect(await load()).toEqual(first);
      expect(requests).toEqual(['/sets/cifar-10-binary.tar.gz']);
    }));

  it('a host that sends no CORS headers is named, with what to do', () =>
    withPage(address(), async (page, faults) => {
      requests = [];
      const message = await page.evaluate(async () => {
        const other = location.href.replace('127.0.0.1', 'localhost');
        const source = data.browserDownloads({ mirrors: [other], cacheName: 'other' });
        const file = { name: 'cifar-10-binary.tar.gz', bytes: 1000, md5: '', urls: [] };
        return source.fetch!(file).then(
          () => 'fetched',
          (error: Error) => error.message,
        );
      });
      expect(message).toMatch(/localhost.*cannot be read from this page.*no CORS headers/s);
      expect(message).toMatch(/Name a mirror that does, or select the file/);
      faults.errors.length = 0;
    }));
});
