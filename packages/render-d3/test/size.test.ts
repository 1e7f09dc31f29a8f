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

/** Our own code as the bundler of a page makes it: minified and gzipped, without d3, fast-png and core. */
async function sizeOf(code: string): Promise<{ bytes: number; imports: readonly string[] }> {
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
  ['all figures and mount', `export * from './index.ts'`, 23.5],
])('%s: no more of our own code than they may take, and no tensor code', async (_, code, most) => {
  const { bytes, imports } = await sizeOf(code);
  expect(bytes).toBeLessThan(most * KILOBYTE);
  expect(bytes).toBeGreaterThan(4 * KILOBYTE);
  expect(imports.filter((path) => !/^(d3-|fast-png$|@convlens\/core$)/.test(path))).toEqual([]);
});
