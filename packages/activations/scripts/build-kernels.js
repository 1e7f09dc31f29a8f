// Compiles assembly/channel-counts.ts to WebAssembly and writes it into src/stream/channel-counts.wasm.ts as text:
// `npm run kernels` after a change of the former. The result is part of the repository.
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
    // Its memory comes from outside, as large as the channels need.
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
  join(root, 'src', 'stream', 'channel-counts.wasm.ts'),
  `/** assembly/channel-counts.ts, compiled; base64. Written by scripts/build-kernels.js. */\nexport const CHANNEL_COUNTS_WASM = [\n${lines.join(',\n')},\n].join('');\n`,
);
console.log(`channel-counts: ${binary.length} bytes`);
