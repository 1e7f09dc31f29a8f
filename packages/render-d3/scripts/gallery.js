// Writes every figure on fixed records, as SVG and PNG, to look at: node scripts/gallery.js FOLDER [CIFAR-10 BATCH].bin
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const [folder, batch] = process.argv.slice(2);
if (!folder) throw new Error('Expected a folder to write to, got none');

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const load = async (name) => {
  const conditions = { resolve: { conditions: ['@convlens/source'] } };
  const { module } = await runnerImport(path(name), { configFile: false, ...conditions, ssr: conditions });
  return module;
};
const { drawGallery } = await load('../test/gallery.ts');
const { makeImages } = await load('../test/records.ts');
const { createDocument, svgToPng } = await load('../src/node.ts');
const { serialize } = await load('../src/serialize.ts');

/** A record of the binary version is a label and 3 x 32 x 32 bytes, plane by plane. */
function readImages(file) {
  const bytes = readFileSync(file).subarray(0, 32 * 3073);
  const images = makeImages();
  const pixels = images.pixels.map(
    (_, i) => bytes[Math.floor(i / 3072) * 3073 + 1 + (i % 3) * 1024 + Math.floor((i % 3072) / 3)],
  );
  return { ...images, name: 'CIFAR-10', pixels, labels: images.labels.map((_, i) => bytes[i * 3073]) };
}

mkdirSync(folder, { recursive: true });
const images = batch ? readImages(batch) : undefined;
for (const [name, figure] of Object.entries(drawGallery({ document: createDocument(), images }))) {
  const svg = serialize(figure);
  writeFileSync(join(folder, `${name}.svg`), svg);
  writeFileSync(join(folder, `${name}.png`), svgToPng(svg, { pixelRatio: 1.5 }));
}
