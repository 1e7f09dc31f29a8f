import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, expect, it } from 'vitest';
import { ROOT } from './support/workspace.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-bundles-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The modules in the bundle of a page that imports these names, without those of which nothing is left. */
async function bundledModules(names: string, file: string): Promise<string[]> {
  const entry = join(folder, 'entry.ts');
  writeFileSync(entry, `export { ${names} } from ${JSON.stringify(join(ROOT, 'packages', file))};`);
  const output = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@convlens/source'] },
    build: {
      write: false,
      target: 'es2022',
      lib: { entry, formats: ['es'] },
      rolldownOptions: { external: [/^@tensorflow\//] },
    },
  });
  const [{ output: chunks }] = output as {
    output: { modules?: Record<string, { code: string | null }> }[];
  }[];
  return chunks.flatMap(({ modules = {} }) => Object.keys(modules).filter((path) => modules[path].code));
}

const hasSchemas = (modules: readonly string[]) => modules.some((path) => path.includes('/valibot/'));

it.each([
  ['batches', 'image-set/src/index.ts'],
  ['memoryStore, substore, writeJson, readText', 'storage/src/index.ts'],
  ['indexedDBStore', 'storage/src/browser.ts'],
  ['buildModel, summarizeModel', 'models/src/index.ts'],
  ['compileClassifier, fit', 'training/src/index.ts'],
  ['earlyStopping, modelCheckpoint, progress', 'training-callbacks/src/index.ts'],
  ['evaluateModel', 'activations/src/index.ts'],
])('a page that takes %s of %s has no library of schemas', async (names, file) => {
  const modules = await bundledModules(names, file);
  expect(modules.length).toBeGreaterThan(1);
  expect(hasSchemas(modules)).toBe(false);
});

it('a page that takes what reads files has one', async () => {
  expect(hasSchemas(await bundledModules('loadModel', 'models/src/index.ts'))).toBe(true);
  expect(hasSchemas(await bundledModules('openCheckpoints', 'training/src/index.ts'))).toBe(true);
});
