import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const KILOBYTE = 1000;

/** Our own code as a page gets it: minified and gzipped, without d3, fast-png and core. */
async function sizeOf(code: string): Promise<{ bytes: number; inputs: string[] }> {
  const result = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL('../src', import.meta.url)), loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    external: ['d3-*', 'fast-png', '@convlens/core'],
    logLevel: 'silent',
  });
  const imports = Object.values(result.metafile.outputs).flatMap((output) => output.imports);
  const bytes = gzipSync(result.outputFiles[0].contents, { level: 9 }).length;
  return { bytes, inputs: imports.map(({ path }) => path) };
}

it.each([
  ['training curves that grow', `export { mount, trainingCurves } from './index.js'`],
  ['maps that follow an image', `export { featureMapGrid, imageGrid, mount } from './index.js'`],
  ['the report', `export * from './report.js'`],
])('%s take at most 10 kB of our own code', async (_, code) => {
  const { bytes } = await sizeOf(code);
  expect(bytes).toBeLessThan(10 * KILOBYTE);
});

it('every figure and the report together take at most 33 kB, and bring no tensor code', async () => {
  const { bytes, inputs } = await sizeOf(`export * from './index.js'; export * from './report.js'`);
  expect(bytes).toBeLessThan(33 * KILOBYTE);
  expect(inputs.filter((path) => !/^(d3-|fast-png$|@convlens\/core$)/.test(path))).toEqual([]);
});
