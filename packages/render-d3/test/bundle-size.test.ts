import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, expect, it } from 'vitest';

const KILOBYTE = 1000;
const SOURCE = fileURLToPath(new URL('../src/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'convlens-size-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The size of our code in a page, bundled by Vite, minified and gzipped, without d3, fast-png and core. */
async function measureBundle(code: string): Promise<{ bytes: number; imports: readonly string[] }> {
  const entry = join(folder, 'entry.ts');
  writeFileSync(entry, code.replaceAll('./', SOURCE));
  const output = await build({
    configFile: false,
    logLevel: 'error',
    mode: 'production',
    build: {
      write: false,
      target: 'es2022',
      lib: { entry, formats: ['es'] },
      rolldownOptions: { external: [/^d3-/, 'fast-png', '@convlens/core'], output: { minify: true } },
    },
  });
  const [{ output: chunks }] = output as { output: { code: string; imports: string[] }[] }[];
  const bytes = gzipSync(chunks[0].code, { level: 9 }).length;
  return { bytes, imports: chunks[0].imports };
}

it.each([
  ['training curves that grow', `export { mount, trainingCurves } from './index.ts'`, 10],
  ['maps that follow an image', `export { featureMapGrid, imageGrid, mount } from './index.ts'`, 10],
  ['the report', `export * from './report.ts'`, 10],
  ['all figures and mount', `export * from './index.ts'`, 30.5],
])('%s: at most the limit of our own code, and no tensor code', async (_, code, limit) => {
  const { bytes, imports } = await measureBundle(code);
  expect(bytes).toBeLessThan(limit * KILOBYTE);
  expect(bytes).toBeGreaterThan(4 * KILOBYTE);
  expect(imports.filter((path) => !/^(d3-|fast-png$|@convlens\/core$)/.test(path))).toEqual([]);
});
