import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview } from 'vite';

export interface BuiltPage {
  readonly url: string;
  close(): Promise<void>;
}

/** Bundles the page in a folder as its users would, from live source, and serves it on loopback. */
export async function serveBuiltPage(root: string): Promise<BuiltPage> {
  const outDir = await mkdtemp(join(tmpdir(), 'convlens-page-'));
  const options = { configFile: false, root, logLevel: 'error' } as const;
  await build({
    ...options,
    resolve: { conditions: ['@convlens/source'] },
    build: { outDir, emptyOutDir: true, modulePreload: false, chunkSizeWarningLimit: 9000 },
  });
  const server = await preview({ ...options, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
  return {
    url: server.resolvedUrls!.local[0],
    close: async () => {
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}
