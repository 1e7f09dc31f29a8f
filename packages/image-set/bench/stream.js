// Reads a folder of PNG images of 64 x 64 with loadFolder, and as a stream on this thread and in threads: images per second and the memory
// of the process. Build first, then: node packages/image-set/bench/stream.js [count] [threads]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { loadFolder, openImages } from '../dist/folder.js';
import { decodeWorkers, folderFiles } from '../dist/node.js';

const [count = 2000, workers = 2] = process.argv.slice(2).map(Number);
const SIZE = { height: 64, width: 64 };
const folder = mkdtempSync(join(tmpdir(), 'convlens-bench-'));
for (let i = 0; i < count; i++) {
  const name = join(folder, `class${i % 10}`);
  mkdirSync(name, { recursive: true });
  const data = Uint8Array.from(
    { length: 64 * 64 * 3 },
    (_, n) => (n * (1 + (i % 7)) + ((n * n) >> 8) + i) % 256,
  );
  writeFileSync(join(name, `${i}.png`), encode({ ...SIZE, channels: 3, data }));
}

async function measure(label, work) {
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const mebibytes = process.memoryUsage().rss / 2 ** 20;
  console.log(`${label}: ${Math.round(count / seconds)} images/s, ${Math.round(mebibytes)} MiB resident`);
}

const pass = async (decoders) => {
  const stream = await openImages(folderFiles(folder), { ...SIZE, decoders });
  for await (const { step } of stream.batches({ batchSize: 64 })(0)) void step;
};

const decoders = decodeWorkers({ workers });
try {
  await measure('stream on this thread', () => pass());
  await measure(`stream in ${workers} threads`, () => pass(decoders));
  await measure('loadFolder', () => loadFolder(folderFiles(folder), SIZE));
} finally {
  await decoders.close();
  rmSync(folder, { recursive: true });
}
