import { defineConfig } from 'tsup';

/** The build every package shares: ES modules with declarations, siblings and peers left as imports. */
export const library = (entry: string[]) =>
  defineConfig({
    entry,
    format: 'esm',
    target: 'es2022',
    dts: true,
    clean: true,
    treeshake: true,
  });
