import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** A file beside this one, and all it imports, as one script; what it exports stands in the global `name`. */
export async function bundle(file: string, name: string): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'error',
    mode: 'production',
    oxc: { jsx: { runtime: 'automatic', development: false } },
    define: {
      'process.env.NODE_ENV': '"production"',
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    resolve: { conditions: ['@convlens/source', 'browser', 'module', 'import', 'default'] },
    build: {
      write: false,
      lib: { entry: fileURLToPath(new URL(file, import.meta.url)), formats: ['iife'], name },
    },
  });
  const [{ output: chunks }] = output as { output: { code?: string }[] }[];
  return chunks[0].code!;
}
