// Compiles assembly/channel-counts.ts to WebAssembly and writes it to src/statistics/channel-counts.wasm.ts
// as base64. Run `npm run kernels` after a change of the assembly; the result is part of the repository.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const output = 'channel-counts.wasm';
let binary;
const { error, stderr } = await asc.main(
  [
    'assembly/channel-counts.ts',
    ...['--outFile', output, '-O3', '--converge', '--noAssert', '--runtime', 'stub', '--enable', 'simd'],
    // The memory is imported, because its size depends on the number of channels.
    ...['--importMemory', '--memoryBase', '0'],
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
const text = Buffer.from(binary).toString('base64');
const lines = text.match(/.{1,100}/g).map((line) => `  '${line}'`);
writeFileSync(
  join(root, 'src', 'statistics', 'channel-counts.wasm.ts'),
  `/** assembly/channel-counts.ts, compiled; base64. Written by scripts/build-kernels.js. */
export const CHANNEL_COUNTS_WASM = [
${lines.join(',\n')},
].join('');
`,
);
console.log(`channel-counts: ${binary.length} bytes`);
