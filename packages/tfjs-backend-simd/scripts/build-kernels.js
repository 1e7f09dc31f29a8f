// Compiles assembly/ to one WebAssembly module and writes it into src/kernels.wasm.ts as text, so that nothing has to be
// located or fetched at run time.
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
    // Pages of 64 kB: the module's own memory comes from outside and is shared by the threads.
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
writeFileSync(
  join(root, 'src', 'kernels.wasm.ts'),
  `/** The compiled kernels of assembly/, base64. Written by scripts/build-kernels.js. */\nexport const KERNELS =\n  '${Buffer.from(binary).toString('base64')}';\n`,
);
console.log(`kernels: ${binary.length} bytes`);
