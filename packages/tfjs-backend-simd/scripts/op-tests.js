/*
 * Runs the op tests of tfjs-core against a backend:
 *
 *     node scripts/op-tests.js [BACKEND] [FILE] [PART OF A NAME]...
 *
 * Prints as JSON, to the standard output or to the file, the number of tests that ran and those that failed.
 * A separate process, because the tests reset the engine and need the globals of Jasmine; bundled, because
 * their imports have no extensions.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const [backend = 'simd', output, ...parts] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const requireFromTfjs = createRequire(require.resolve('@tensorflow/tfjs'));
const core = join(dirname(requireFromTfjs.resolve('@tensorflow/tfjs-core/package.json')), 'dist');

const jasmineFile = require.resolve('jasmine-core/lib/jasmine-core/jasmine.js');
const jasmineRequire = require(jasmineFile);
const jasmine = jasmineRequire.core(jasmineRequire);
const env = jasmine.getEnv();
Object.assign(globalThis, jasmineRequire.interface(jasmine, env), { jasmine });
env.configure({
  random: false,
  specFilter: (spec) => parts.every((part) => spec.getFullName().includes(part)),
});

const result = { ran: 0, skipped: 0, failures: [] };
env.addReporter({
  specDone({ status, fullName, failedExpectations }) {
    if (status === 'passed' || status === 'failed') result.ran++;
    else result.skipped++;
    const [{ message = '' } = {}] = failedExpectations;
    if (status === 'failed') result.failures.push({ name: fullName, message: message.slice(0, 500) });
  },
  jasmineDone() {
    if (output) writeFileSync(output, JSON.stringify(result));
    else console.log(JSON.stringify(result, null, 2));
    process.exit(0);
  },
});
globalThis.runTests = () => env.execute();
globalThis.fail = (error) => {
  console.error(error);
  process.exit(1);
};

const posix = (path) => path.replaceAll('\\', '/');
const contents = `
  import { setTestEnvs } from '${posix(core)}/jasmine_util.js';
  import '${posix(core)}/register_all_gradients.js';
  import '${posix(core)}/public/chained_ops/register_all_chained_ops.js';
  import { setGuards } from '../src/index.ts';
  setGuards(process.env.CONVLENS_GUARDS === '1');
  setTestEnvs([{ name: '${backend}', backendName: '${backend}', flags: {}, isDataSync: true }]);
  import('${posix(core)}/tests.js').then(runTests, fail);
`;

const folder = await mkdtemp(join(tmpdir(), 'op-tests-'));
try {
  await esbuild.build({
    stdin: { contents, resolveDir: here, loader: 'ts' },
    ...{
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: join(folder, 'tests.cjs'),
      logLevel: 'error',
    },
    // One copy of tfjs-core, that of the tests, and none of its files dropped as free of side effects.
    ...{ mainFields: ['module', 'main'], ignoreAnnotations: true },
    alias: { 'jasmine-core/lib/jasmine-core/jasmine.js': jasmineFile },
  });
  require(join(folder, 'tests.cjs'));
} finally {
  await rm(folder, { recursive: true });
}
