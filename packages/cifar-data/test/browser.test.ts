import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { memoryStore } from '@convlens/storage';
import { packTar } from 'modern-tar';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInChromium, withPage } from '../../../test/support/chromium.js';
import type * as Data from './browser-entry.js';
import { loadCifar10 } from '../src/index.js';
import { makeFile } from './fixture.js';

declare const data: typeof Data;

async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('browser-entry.ts', import.meta.url));
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
const sum = (values: Uint8Array) => createHash('sha256').update(values).digest('hex');

describeInChromium('in Chromium', () => {
  let server: Server;
  let asked: string[] = [];
  let archive: Buffer;
  beforeAll(async () => {
    const script = await bundle();
    const name = 'cifar-10-batches-bin/test_batch.bin';
    // A level of 0 keeps the test quick: random bytes are not made smaller anyway.
    archive = gzipSync(await packTar([{ header: { name, size: bytes.length }, body: bytes }]), { level: 0 });
    server = createServer((request, response) => {
      if (request.url!.endsWith('.tar.gz')) {
        asked.push(request.url!);
        response.writeHead(200, { 'content-length': archive.length }).end(archive);
      } else response.setHeader('content-type', 'text/html').end(`<!doctype html><link rel="icon" href="data:,"><input type="file" multiple><script>${script}</script>`); // prettier-ignore
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  it('the loader of Node reads a file that was picked, to the same pixels', () =>
    withPage(address(), async (page) => {
      const store = memoryStore();
      await store.write('test_batch.bin', bytes);
      const node = await loadCifar10(store, { split: 'test' });
      await page.setInputFiles('input', { name: 'test_batch.bin', mimeType: '', buffer: Buffer.from(bytes) });
      const seen = await page.evaluate(async () => {
        const { files } = document.querySelector('input')!;
        const set = await data.loadCifar10(data.pickedFiles(files!), { split: 'test' });
        const digest = await crypto.subtle.digest('SHA-256', set.pixels as Uint8Array<ArrayBuffer>);
        const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
        const canvas = document.createElement('canvas');
        data.toCanvas(set, { index: 7, canvas });
        return { hex, labels: [...set.labels!], canvas: [...data.fromCanvas([canvas]).pixels] };
      });
      expect(seen.hex).toBe(sum(node.pixels as Uint8Array));
      expect(seen.labels).toEqual([...node.labels!]);
      expect(seen.canvas).toEqual([...node.pixels.subarray(7 * 3072, 8 * 3072)]);
    }));

  it('fetches from an address once, and then finds it in the cache, also after the page is loaded anew', () =>
    withPage(address(), async (page) => {
      const md5 = createHash('md5').update(archive).digest('hex');
      const load = () =>
        page.evaluate(
          async ({ md5, size }) => {
            const source = data.browserDownloads({ mirrors: [`${location.href}sets`] });
            // The archive here is no official one, so it is known by its own length and checksum.
            const file = { name: 'cifar-10-binary.tar.gz', bytes: size, md5, urls: [] };
            const fetch = (_: unknown, request: object) => source.fetch!(file, request);
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
      expect(asked).toEqual(['/sets/cifar-10-binary.tar.gz']);
    }));

  it('a host that sends no CORS headers is named, and what can be done', () =>
    withPage(address(), async (page, faults) => {
      asked = [];
      const message = await page.evaluate(async () => {
        const other = location.href.replace('127.0.0.1', 'localhost');
        const source = data.browserDownloads({ mirrors: [other], cacheName: 'other' });
        const file = { name: 'cifar-10-binary.tar.gz', bytes: 1000, md5: '', urls: [] };
        return source.fetch!(file).then(
          () => 'fetched',
          (error: Error) => error.message,
        );
      });
      expect(message).toMatch(/localhost.*cannot be read from this page.*no CORS headers.*Name a mirror that does, or pick the file/s); // prettier-ignore
      faults.errors.length = 0;
    }));
});
