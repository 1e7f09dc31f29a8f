import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { createServer } from 'vite';
import { expect, it } from 'vitest';
import { describeInChromium, withPage } from '../../../test/support/chromium.js';
import '../src/index.js';
import { trainSmall } from './support/train-small.js';

const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

interface BrowserResult {
  weights: number[][];
  threads: number;
  isolated: boolean;
  error?: string;
}

/** Trains in a worker of a page that is served with these headers. */
async function trainInBrowser(headers: Record<string, string>): Promise<BrowserResult> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'convlens-simd-'));
  const server = await createServer({
    root: fileURLToPath(new URL('browser', import.meta.url)),
    cacheDir,
    configFile: false,
    logLevel: 'error',
    optimizeDeps: { entries: ['index.html', 'worker.ts'], include: ['@tensorflow/tfjs'] },
    worker: { format: 'es' },
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null, headers },
  });
  try {
    await server.listen();
    let text = '';
    await withPage(server.resolvedUrls!.local[0], async (page) => {
      await page.waitForFunction(() => document.getElementById('result')!.textContent !== '', undefined, {
        timeout: 60_000,
      });
      text = (await page.textContent('#result'))!;
    });
    const result = JSON.parse(text) as BrowserResult;
    expect(result.error).toBeUndefined();
    return result;
  } finally {
    await server.close();
    await rm(cacheDir, { recursive: true, force: true });
  }
}

/** Math.exp and similar functions may differ between Chromium and Node in the last bit; all else is equal. */
function expectSame(browser: number[][], node: number[][]): void {
  expect(browser.map(({ length }) => length)).toEqual(node.map(({ length }) => length));
  browser.forEach((weight, i) =>
    weight.forEach((value, j) => expect(Math.abs(value - node[i][j])).toBeLessThan(1e-5)),
  );
}

describeInChromium('in a browser', () => {
  it(
    'trains in a worker to the weights of Node, with several threads in an isolated page',
    { timeout: 120_000 },
    async () => {
      await tf.setBackend('simd');
      const node = await trainSmall();
      const shared = await trainInBrowser(ISOLATION);
      expect(shared.isolated).toBe(true);
      expect(shared.threads).toBeGreaterThan(1);
      expectSame(shared.weights, node);
      const singleThreaded = await trainInBrowser({});
      expect([singleThreaded.isolated, singleThreaded.threads]).toEqual([false, 1]);
      expectSame(singleThreaded.weights, node);
    },
  );
});
