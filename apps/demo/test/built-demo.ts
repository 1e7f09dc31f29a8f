import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview, type PreviewServer } from 'vite';
import { afterAll, beforeAll } from 'vitest';

/**
 * Builds the page before the tests of a file and serves it meanwhile. Returns its address, for use in tests.
 *
 * @param onBuilt is called with the folder of the built page, which has source maps
 */
export function builtDemo(onBuilt: (folder: string) => void = () => {}): () => string {
  const root = fileURLToPath(new URL('..', import.meta.url));
  let folder: string;
  let server: PreviewServer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'convlens-demo-build-'));
    const options = { root, logLevel: 'error', build: { outDir: folder } } as const;
    await build({ ...options, build: { outDir: folder, emptyOutDir: true, sourcemap: true } });
    onBuilt(folder);
    server = await preview({ ...options, preview: { port: 0 } });
  }, 60_000);
  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });
  return () => server.resolvedUrls!.local[0];
}
