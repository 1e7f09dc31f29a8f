import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

/**
 * Imports a TypeScript module of this package, and @convlens/core, from source.
 *
 * @param path relative to the package
 */
export async function loadSource(path) {
  const resolve = { conditions: ['@convlens/source'], noExternal: [/^@convlens\//] };
  const config = { configFile: false, environments: { inline: { resolve } } };
  const { module } = await runnerImport(fileURLToPath(new URL(`../${path}`, import.meta.url)), config);
  return module;
}
