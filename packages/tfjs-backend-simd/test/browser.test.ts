import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { createServer } from 'vite';
import { expect, it } from 'vitest';
import { describeInChromium, withPage } from '../../../test/support/chromium.js';
import '../src/index.js';
import { trainSmall } from './train-small.js';

const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

interface Outcome {
  weights: number[][];
  threads: number;
  isolated: boolean;
  error?: string;
}

/** Trains in a worker of a page, which is served with such headers. */
async function trainInBrowser(headers: Record<string, string>): Promise<Outcome> {
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
      await page.waitForFunction(() => document.getElementById('outcome')!.textContent !== '', undefined, {
        timeout: 60_000,
      });
      text = (await page.textContent('#outcome'))!;
    });
    const outcome = JSON.parse(text) as Outcome;
    expect(outcome.error).toBeUndefined();
    return outcome;
  } finally {
    await server.close();
    await rm(cacheDir, { recursive: true, force: true });
  }
}

/** Everything but Math.exp and its kin is the same in both; those may differ in the last bit. */
function expectSame(browser: number[][], node: number[][]): void {
  expect(browser.map(({ length }) => length)).toEqual(node.map(({ length }) => length));
  browser.forEach((weight, i) =>
    weight.forEach((value, j) => expect(Math.abs(value - node[i][j])).toBeLessThan(1e-5)),
  );
}

describeInChromium('in a browser', () => {
  it(
    'trains in a worker to the weights that Node finds, on several threads where the page is isolated',
    { timeout: 120_000 },
    async () => {
      await tf.setBackend('simd');
      const node = await trainSmall();
      const shared = await trainInBrowser(ISOLATION);
      expect(shared.isolated).toBe(true);
      expect(shared.threads).toBeGreaterThan(1);
      expectSame(shared.weights, node);
      const alone = await trainInBrowser({});
      expect([alone.isolated, alone.threads]).toEqual([false, 1]);
      expectSame(alone.weights, node);
    },
  );
});
