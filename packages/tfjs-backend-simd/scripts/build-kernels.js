// Compiles assembly/ to one WebAssembly module and writes it to src/kernels.wasm.ts as base64 text, so that
// no file has to be located or fetched at run time.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const output = 'kernels.wasm';
let binary;
const { error, stderr } = await asc.main(
  [
    'assembly/index.ts',
    ...['--outFile', output],
    ...['-O3', '--converge', '--noAssert', '--runtime', 'stub'],
    ...['--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory'],
    // The memory is imported, and shared by the threads. Sizes are in pages of 64 kB.
    ...['--importMemory', '--sharedMemory', '--initialMemory', '16', '--maximumMemory', '65536'],
    ...['--memoryBase', '1024'],
  ],
  {
    baseDir: root,
    writeFile: (name, contents) => {
      if (name === output) binary = contents;
    },
  },
);
if (error) {
  console.error(String(stderr), error.message);
  process.exit(1);
}
const base64 = Buffer.from(binary).toString('base64');
writeFileSync(
  join(root, 'src', 'kernels.wasm.ts'),
  `/** The compiled kernels of assembly/, base64. Written by scripts/build-kernels.js. */
export const KERNELS: string =
  '${base64}';
`,
);
console.log(`kernels: ${binary.length} bytes`);
