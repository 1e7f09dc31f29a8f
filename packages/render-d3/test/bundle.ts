import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

/** A file beside this one, and all it imports, as one script; what it exports stands in the global `name`. */
export async function bundle(file: string, name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
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
  // Declared at the top level of a script it is a global, which tests reach through globalThis.
  return `${outputFiles[0].text}\nglobalThis.${name} = ${name};`;
}
