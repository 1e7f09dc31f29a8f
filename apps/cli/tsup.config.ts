import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/main.ts'],
  format: 'esm',
  target: 'es2022',
  clean: true,
  sourcemap: true,
  // The sources are shipped.
  esbuildOptions: (options) => {
    options.sourcesContent = false;
  },
});
