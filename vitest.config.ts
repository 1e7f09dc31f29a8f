import { readdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/**
 * Packages whose test files share loaded modules in a worker, which halves the time. The tests of the others change the
 * state of the process: names of variables, registered classes, kernels and gradients, threads, the working directory.
 */
const SHARED = [
  'core',
  'storage',
  'formats',
  'image-set',
  'augment',
  'cifar-data',
  'digits-data',
  'training-callbacks',
];

/** Files that run before each test file of a project. */
const SETUP_FILES: Record<string, string[] | undefined> = { 'tfjs-backend-simd': ['test/support/guards.ts'] };

const project = (name: string, root: string, include = ['test/**/*.test.ts']) => ({
  extends: true as const,
  test: { name, root, include, isolate: !SHARED.includes(name), setupFiles: SETUP_FILES[name] },
});

export default defineConfig({
  // Tests follow live source, in every package: no build in between.
  resolve: { conditions: ['@convlens/source'] },
  ssr: { resolve: { conditions: ['@convlens/source'] } },
  test: {
    env: { NO_COLOR: '1' },
    reporters: ['default', './test/support/count-reporter.ts'],
    // One a processor: the default leaves one of two idle.
    maxWorkers: '100%',
    testTimeout: 30_000,
    projects: [
      ...readdirSync(new URL('packages', import.meta.url)).map((name) => project(name, `packages/${name}`)),
      ...readdirSync(new URL('apps', import.meta.url)).map((name) => project(name, `apps/${name}`)),
      project('root', '.', ['test/*.test.ts']),
    ],
  },
});
