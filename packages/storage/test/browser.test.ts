import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { InputError } from '@convlens/core';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInChromium, withPage } from '../../../test/support/chromium.js';
import { downloadStore, indexedDBStore } from '../src/browser.js';
import type * as Storage from './browser-entries.js';

declare const storage: typeof Storage;

/** The public entries as one script, whose global `storage` has their exports. */
async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('browser-entries.ts', import.meta.url));
  const output = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@convlens/source'] },
    build: { write: false, lib: { entry, formats: ['iife'], name: 'storage' } },
  });
  const [{ output: chunks }] = output as { output: { code?: string }[] }[];
  return chunks[0].code!;
}

describeInChromium('in Chromium', () => {
  let server: Server;
  beforeAll(async () => {
    const script = await bundle();
    // A page without an origin may not store data.
    server = createServer((_, response) => {
      response.setHeader('content-type', 'text/html').end(`<!doctype html><script>${script}</script>`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const openAnother = async (page: Page) => {
    const other = await page.context().newPage();
    await other.goto(page.url());
    return other;
  };

  it('indexedDBStore returns the bytes that were written, lists by prefix in order, and removes a name or a folder', () =>
    withPage(address(), async (page) => {
      const result = await page.evaluate(async () => {
        const store = storage.indexedDBStore('test');
        const before = await store.list();
        await store.write('b/2', Uint8Array.of(2));
        await store.write('b/1', Uint8Array.of(1));
        await store.write('b-other', Uint8Array.of(3));
        await store.write('a', new Uint8Array(1000).subarray(7, 9));
        const all = [await store.list(), await store.list('b/'), await storage.substore(store, 'b').list()];
        await store.write('b/1', Uint8Array.of(9, 9));
        const read = (await store.read('b/1'))!;
        const part = (await store.read('a'))!;
        const missing = [await store.read('nothing'), await store.read('b')];
        await store.remove('b');
        await store.remove('nothing');
        return {
          before,
          all,
          read: [read.constructor.name, ...read],
          part: [part.length, part.buffer.byteLength],
          missing,
          after: await store.list(),
          location: store.location,
        };
      });
      expect(result).toEqual({
        before: [],
        all: [
          ['a', 'b-other', 'b/1', 'b/2'],
          ['b/1', 'b/2'],
          ['1', '2'],
        ],
        read: ['Uint8Array', 9, 9],
        part: [2, 2],
        missing: [undefined, undefined],
        after: ['a', 'b-other'],
        location: 'indexeddb://test',
      });
    }));

  it('indexedDBStore keeps the bytes for the next page, in the database of its name', () =>
    withPage(address(), async (page) => {
      await page.evaluate(() => storage.indexedDBStore('test').write('a', Uint8Array.of(1)));
      const later = await openAnother(page);
      await page.close();
      const lists = await later.evaluate(() =>
        Promise.all(['test', 'other'].map((name) => storage.indexedDBStore(name).list())),
      );
      expect(lists).toEqual([['a'], []]);
    }));

  it('indexedDBStore opens its database again after another page has deleted it', () =>
    withPage(address(), async (page) => {
      await page.evaluate(async () => {
        const store = storage.indexedDBStore('gone');
        Object.assign(globalThis, { store });
        await store.write('a', Uint8Array.of(1));
      });
      const other = await openAnother(page);
      await other.evaluate(
        () =>
          new Promise((resolve, reject) => {
            const request = indexedDB.deleteDatabase('gone');
            request.onsuccess = resolve;
            request.onerror = reject;
          }),
      );
      const names = await page.evaluate(async () => {
        const { store } = globalThis as unknown as { store: ReturnType<typeof storage.indexedDBStore> };
        const before = await store.list();
        await store.write('b', Uint8Array.of(2));
        return [before, await store.list()];
      });
      expect(names).toEqual([[], ['b']]);
    }));

  it('downloadStore downloads the bytes that are written, under the last part of the name, and reads nothing', () =>
    withPage(address(), async (page) => {
      const [download, read] = await Promise.all([
        page.waitForEvent('download'),
        page.evaluate(async () => {
          const store = storage.downloadStore();
          await store.write('model/weights.bin', Uint8Array.of(1, 2, 3));
          await store.remove('model/weights.bin');
          return [await store.read('model/weights.bin'), await store.list()];
        }),
      ]);
      expect(download.suggestedFilename()).toBe('weights.bin');
      expect([...(await readFile(await download.path()))]).toEqual([1, 2, 3]);
      expect(read).toEqual([undefined, []]);
    }));
});

it('indexedDBStore and downloadStore throw an InputError outside of a browser', async () => {
  await expect(indexedDBStore('test').list()).rejects.toThrow(
    new InputError('Expected a browser with IndexedDB, found none'),
  );
  await expect(downloadStore().write('a', Uint8Array.of(1))).rejects.toThrow(
    new InputError('Expected a page that can download, found no document'),
  );
  expect(() => indexedDBStore('')).toThrow(new InputError('Expected the name of a database, got ""'));
});
