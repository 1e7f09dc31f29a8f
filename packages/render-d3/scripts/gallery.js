// All figures on one page, light and dark, each changed one beside its snapshot:
//   npm run gallery -- [--folder FOLDER] [--images CIFAR-10 BATCH.bin] [--no-open]
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadSource } from './load-source.js';

const { values: options } = parseArgs({
  options: {
    folder: { type: 'string', default: join(tmpdir(), 'convlens-gallery') },
    images: { type: 'string' },
    open: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const { GALLERY } = await loadSource('test/gallery/gallery.ts');
const { makeImages } = await loadSource('test/support/records.ts');
const { createDocument } = await loadSource('src/node.ts');
const { svgToPng } = await loadSource('../svg-to-png/src/index.ts');
const { escapeText, serialize } = await loadSource('src/page/serialize.ts');

const STYLE = `
body{font:15px/1.5 Inter,system-ui,sans-serif;margin:clamp(1rem,4vw,2rem);overflow-wrap:anywhere}
:root{color-scheme:light dark}
nav{columns:16rem;margin-bottom:2rem} nav a{display:block}
.versions{display:flex;flex-wrap:wrap;gap:1rem}
.versions>div{border:1px solid #8888;max-width:100%;overflow:auto}
.versions h3{margin:.4rem .8rem}
svg{display:block} mark{background:#ffe14d} pre{overflow:auto}
`;

/** The first images of a CIFAR-10 batch: each a label and 3 x 32 x 32 bytes, channel by channel. */
function readImages(file) {
  const images = makeImages();
  const [plane, size] = [32 * 32, 1 + 3 * 32 * 32];
  const bytes = readFileSync(file).subarray(0, images.count * size);
  const pixels = images.pixels.map((_, i) => {
    const [image, channel, position] = [
      Math.floor(i / (3 * plane)),
      i % 3,
      Math.floor((i % (3 * plane)) / 3),
    ];
    return bytes[image * size + 1 + channel * plane + position];
  });
  return { ...images, name: 'CIFAR-10', pixels, labels: images.labels.map((_, i) => bytes[i * size]) };
}

/** Writes a figure as SVG and, at two pixel ratios, as PNG. */
async function writeFigure(name, theme, svg) {
  const path = join(options.folder, `${name}_${theme}`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.svg`, svg);
  for (const pixelRatio of [1, 2])
    writeFileSync(`${path}@${pixelRatio}x.png`, await svgToPng(svg, { pixelRatio }));
}

function readSnapshot(name) {
  const path = fileURLToPath(new URL(`../test/snapshots/${name}.svg`, import.meta.url));
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** The article of a figure. With other images than those of the snapshots, no figure counts as changed. */
function renderArticle({ name, title, source }, light, dark) {
  const snapshot = readSnapshot(name);
  const isChanged = !options.images && snapshot !== light;
  const before = `<div><h3>before</h3>${snapshot ?? '<p>A new figure.</p>'}</div>`;
  const versions = isChanged ? `${before}<div><h3>now</h3>${light}</div>` : `<div>${light}</div>`;
  const html = `<article id="${name}">
<h2>${title}: ${name}${isChanged ? ' <mark>changed</mark>' : ''}</h2>
<div class="versions">${versions}<div class="dark">${dark}</div></div>
<details><summary>Records and options</summary><pre>${escapeText(source)}</pre></details>
</article>`;
  return { html, isChanged };
}

const images = options.images ? readImages(options.images) : makeImages();
const document = createDocument();
const articles = [];
for (const item of GALLERY) {
  const [light, dark] = ['light', 'dark'].map((theme) => serialize(item.render({ document, theme }, images)));
  await writeFigure(item.name, 'light', light);
  await writeFigure(item.name, 'dark', dark);
  articles.push(renderArticle(item, light, dark));
}
const count = GALLERY.length;
const changed = articles.filter(({ isChanged }) => isChanged).length;
const links = GALLERY.map(({ name }) => `<a href="#${name}">${name}</a>`);
const page = `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Figures</title><style>${STYLE}</style>
<h1>Figures</h1><p>${count} figures, ${changed} changed.</p><nav>${links.join('')}</nav>
${articles.map(({ html }) => html).join('\n')}</html>
`;
const file = join(options.folder, 'index.html');
writeFileSync(file, page);
console.log(`${count} figures, ${changed} changed: ${file}`);
const opener = { darwin: 'open', win32: 'explorer' }[process.platform] ?? 'xdg-open';
// A machine without a desktop has no opener; the printed path is enough.
if (options.open)
  spawn(opener, [file], { detached: true, stdio: 'ignore' })
    .on('error', () => {})
    .unref();
