import { defineConfig } from 'tsup';

/** The build every package shares: ES modules with declarations, siblings and peers left as imports. */
export const library = (entry: string[]) =>
  defineConfig({
    entry,
    format: 'esm',
    target: 'es2022',
    dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
    clean: true,
    treeshake: true,
  });
