import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { createServer } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInChromium, withPage } from '../../../../test/support/chromium.js';
import '../../src/index.js';
import { trainSmall } from '../support/train-small.js';

const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Allows scripts and WebAssembly, but no workers from blob: URLs. */
const NO_BLOB_WORKERS = {
  'Content-Security-Policy':
    "default-src 'self' data:; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'self'",
};

interface BrowserResult {
  weights: number[][];
  /** The number of threads before the backend has started, after it has, and after `setThreadsCount(3)`. */
  requested: number;
  threads: number;
  threadsAfter: number;
  /** The message of the error of `setThreadsCount(3)`, or ''. */
  countError: string;
  /** What was printed about the backend. */
  warnings: string[];
  isolated: boolean;
  error?: string;
}

/** The bundle of TensorFlow.js, which all servers of this file use. */
let cacheDir: string;
beforeAll(async () => void (cacheDir = await mkdtemp(join(tmpdir(), 'convlens-simd-'))));
afterAll(() => rm(cacheDir, { recursive: true, force: true }));

/** Trains in a worker of a page that is served with these headers. */
async function trainInBrowser(headers: Record<string, string>): Promise<BrowserResult> {
  const server = await createServer({
    root: fileURLToPath(new URL('../browser', import.meta.url)),
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
      expect(shared.requested).toBe(shared.threads);
      expect([shared.threadsAfter, shared.countError, shared.warnings]).toEqual([3, '', []]);
      expectSame(shared.weights, node);
      const singleThreaded = await trainInBrowser({});
      expect([singleThreaded.isolated, singleThreaded.requested, singleThreaded.threads]).toEqual([
        false,
        1,
        1,
      ]);
      expect(singleThreaded.threadsAfter).toBe(1);
      expect(singleThreaded.countError).toMatch(/only 1 thread here, not 3: .* Cross-Origin-Opener-Policy/);
      expect(singleThreaded.warnings).toEqual([]);
      expectSame(singleThreaded.weights, node);
    },
  );

  it(
    'runs with one thread, and says so, where a Content-Security-Policy does not allow workers',
    { timeout: 120_000 },
    async () => {
      const result = await trainInBrowser({ ...ISOLATION, ...NO_BLOB_WORKERS });
      expect([result.isolated, result.threads, result.threadsAfter]).toEqual([true, 1, 1]);
      expect(result.requested).toBeGreaterThan(1);
      expect(result.warnings).toEqual([
        expect.stringMatching(
          /^Backend 'simd' has started 1 of \d+ threads \((?!no answer).*\)\. .*worker-src blob:$/,
        ),
      ]);
      expect(result.countError).toMatch(/^Backend 'simd' has started 1 of 3 threads/);
    },
  );
});
