// One page with every figure on fixed records, light and dark, each that has changed beside its snapshot:
//   npm run gallery -- [--folder FOLDER] [--images CIFAR-10 BATCH.bin] [--no-open]
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: join(tmpdir(), 'convlens-gallery') },
    images: { type: 'string' },
    open: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const load = async (name) => {
  const conditions = { resolve: { conditions: ['@convlens/source'] } };
  const { module } = await runnerImport(path(name), { configFile: false, ...conditions, ssr: conditions });
  return module;
};
const { GALLERY } = await load('../test/gallery.ts');
const { makeImages } = await load('../test/records.ts');
const { createDocument, svgToPng } = await load('../src/node.ts');
const { escapeText, serialize } = await load('../src/serialize.ts');

/** A record of the binary version is a label and 3 x 32 x 32 bytes, plane by plane. */
function readImages(file) {
  const bytes = readFileSync(file).subarray(0, 32 * 3073);
  const images = makeImages();
  const pixels = images.pixels.map(
    (_, i) => bytes[Math.floor(i / 3072) * 3073 + 1 + (i % 3) * 1024 + Math.floor((i % 3072) / 3)],
  );
  return { ...images, name: 'CIFAR-10', pixels, labels: images.labels.map((_, i) => bytes[i * 3073]) };
}

const { folder } = values;
mkdirSync(folder, { recursive: true });
const images = values.images ? readImages(values.images) : makeImages();
const document = createDocument();
let changed = 0;

const articles = Object.entries(GALLERY).map(([name, item]) => {
  const [light, dark] = ['light', 'dark'].map((theme) => serialize(item({ document, theme }, images)));
  for (const [theme, svg] of Object.entries({ light, dark })) {
    writeFileSync(join(folder, `${name}_${theme}.svg`), svg);
    for (const pixelRatio of [1, 2])
      writeFileSync(join(folder, `${name}_${theme}@${pixelRatio}x.png`), svgToPng(svg, { pixelRatio }));
  }
  const snapshot = path(`../test/snapshots/${name}.svg`);
  const before = existsSync(snapshot) ? readFileSync(snapshot, 'utf8') : undefined;
  // Other images are no change of the figure.
  const isChanged = !values.images && before !== light;
  if (isChanged) changed++;
  const old = before ? `<div><h3>before</h3>${before}</div>` : '<div><h3>before</h3><p>It is new.</p></div>';
  return `<article id="${name}"${isChanged ? ' class="changed"' : ''}>
<h2>${name.replaceAll('_', ' ')}${isChanged ? ' <mark>changed</mark>' : ''}</h2>
<p>${escapeText(item({ document }, images).children[1].textContent)}</p>
<div class="versions">${isChanged ? old : ''}<div>${isChanged ? '<h3>now</h3>' : ''}${light}</div><div class="dark">${dark}</div></div>
<details><summary>How it is drawn</summary><pre>${escapeText(String(item))}</pre></details>
</article>`;
});
const names = Object.keys(GALLERY).map((name) => `<a href="#${name}">${name.replaceAll('_', ' ')}</a>`);
const page = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Figures</title><style>
body{font:15px/1.5 Inter,system-ui,sans-serif;margin:clamp(1rem,4vw,2rem);overflow-wrap:anywhere} :root{color-scheme:light dark}
nav{columns:16rem;margin-bottom:2rem} nav a{display:block}
.versions{display:flex;flex-wrap:wrap;gap:1rem} .versions>div{border:1px solid #8888;max-width:100%;overflow:auto} .versions h3{margin:.4rem .8rem}
svg{display:block} mark{background:#ffe14d} pre{overflow:auto}
</style><h1>Figures</h1><p>${names.length} figures, ${changed} of them changed.</p><nav>${names.join('')}</nav>
${articles.join('\n')}</html>
`;
const file = join(folder, 'index.html');
writeFileSync(file, page);
console.log(`${names.length} figures, ${changed} changed: ${file}`);
const opener = { darwin: 'open', win32: 'explorer' }[process.platform] ?? 'xdg-open';
// A machine without a desktop has nothing to open it with: the path is enough.
if (values.open)
  spawn(opener, [file], { detached: true, stdio: 'ignore' })
    .on('error', () => {})
    .unref();
