import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

/**
 * A file and all its imports as one script, whose exports are the global `name`.
 *
 * @param path relative to the test folder
 */
export async function bundle(path: string, name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../${path}`, import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: name,
    target: 'es2022',
    jsx: 'automatic',
    define: {
      'process.env.NODE_ENV': '"production"',
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    conditions: ['@convlens/source'],
  });
  // A variable at the top level of a script is a global, but not a property of globalThis.
  return `${outputFiles[0].text}\nglobalThis.${name} = ${name};`;
}
