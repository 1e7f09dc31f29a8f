// Bundles fuzz/main.ts and runs it on the source of the package:
//   npm run fuzz -- --minutes 2 --seed 1      (in the root of the repository)
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const outfile = join(root, 'node_modules', '.cache', 'fuzz.mjs');
await build({
  entryPoints: [join(root, 'fuzz', 'main.ts')],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: 'inline',
  conditions: ['@convlens/source'],
  // One copy of TensorFlow.js, from the package's dependencies.
  external: ['@tensorflow/tfjs'],
});
const { status, signal } = spawnSync(
  process.execPath,
  ['--enable-source-maps', outfile, ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
);
if (signal) console.error(`The fuzz was ended by signal ${signal}`);
process.exitCode = status ?? 1;
