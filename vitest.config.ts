import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** Packages whose test files share loaded modules in a worker, which halves the time. */
const SHARED = [
  'core',
  'storage',
  'formats',
  'image-set',
  'augment',
  'cifar-data',
  'digits-data',
  'training-callbacks',
  'render-d3',
  'svg-to-png',
];

/** Those that change TensorFlow.js and the process too: what a file leaves there is removed before the next. */
const SHARED_WITH_TENSORFLOW = [
  'activations',
  'models',
  'model-import',
  'pretrained',
  'training',
  'pipeline',
  'reproduce',
  'cli',
];

/** Those that train on the backend simd in most files. */
const SINGLE_THREADED = ['pipeline', 'reproduce'];

const isShared = (name: string) => SHARED.includes(name) || SHARED_WITH_TENSORFLOW.includes(name);

/** What runs before each test file of a project. */
const setupFiles = (name: string) =>
  [
    'test/support/setup/fast-equality.ts',
    ...(name === 'cli' ? ['test/support/setup/own-cache.ts'] : []),
    ...(SHARED_WITH_TENSORFLOW.includes(name) ? ['test/support/setup/fresh-state.ts'] : []),
    ...(SINGLE_THREADED.includes(name) ? ['test/support/setup/one-thread.ts'] : []),
    ...(name === 'tfjs-backend-simd' ? ['packages/tfjs-backend-simd/test/support/guards.ts'] : []),
    ...(process.env.CONVLENS_REACH ? ['scripts/mutants/record-reach.mjs'] : []),
  ].map((file) => fileURLToPath(new URL(file, import.meta.url)));

/** The tests of `npm run test:long`. Those of `npm test` are all others. */
const LONG = 'test/long/**/*.test.ts';

const project = (name: string, root: string, { isLong }: { isLong: boolean }) => ({
  extends: true as const,
  test: {
    name,
    root,
    include: [isLong ? LONG : 'test/**/*.test.ts'],
    exclude: isLong ? [] : [LONG],
    isolate: !isShared(name),
    setupFiles: setupFiles(name),
  },
});

/** The configuration of the long tests, or of all others. */
export const configOf = ({ isLong }: { isLong: boolean }): ViteUserConfig =>
  defineConfig({
    // Tests follow live source, in every package: no build in between.
    resolve: { conditions: ['@convlens/source'] },
    ssr: { resolve: { conditions: ['@convlens/source'] } },
    test: {
      env: { NO_COLOR: '1' },
      reporters: ['default', './test/support/count-reporter.ts'],
      // One a processor: the default leaves one of two idle.
      maxWorkers: '100%',
      testTimeout: isLong ? 120_000 : 30_000,
      projects: [
        ...['packages', 'apps'].flatMap((folder) =>
          readdirSync(new URL(folder, import.meta.url)).map((name) =>
            project(name, `${folder}/${name}`, { isLong }),
          ),
        ),
        project('root', '.', { isLong }),
      ],
    },
  });

export default configOf({ isLong: false });
