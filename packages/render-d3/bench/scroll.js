// 1,000 maps of 16 x 16 on one page: how long its frames take while it scrolls, in headless Chromium.
//   node bench/scroll.js [CHROMIUM]
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { runnerImport } from 'vite';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const conditions = { resolve: { conditions: ['@convlens/source'] } };
const load = async (name) =>
  (await runnerImport(path(name), { configFile: false, ...conditions, ssr: conditions })).module;
const { featureMapGrid } = await load('../src/index.ts');
const { renderSvg } = await load('../src/node.ts');

const channels = 1000;
const values = Float32Array.from({ length: 16 * 16 * channels }, (_, i) => Math.sin(i * 0.37));
const maps = { layer: 'conv5', indices: [0], count: 1, height: 16, width: 16, channels, values };
const svg = renderSvg(featureMapGrid, maps, { columns: 8 });

const executablePath = process.argv[2] ?? process.env.CONVLENS_CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
await page.setContent(`<!doctype html>${svg}`);
const times = await page.evaluate(async () => {
  const found = [];
  let last = performance.now();
  for (let frame = 0; frame < 240; frame++) {
    window.scrollBy(0, 40);
    await new Promise(requestAnimationFrame);
    found.push(performance.now() - last);
    last = performance.now();
  }
  return found;
});
await browser.close();
times.sort((a, b) => a - b);
const at = (share) => times[Math.floor(share * (times.length - 1))].toFixed(1);
const late = times.filter((time) => time > 50).length;
console.log(
  `${(svg.length / 1e6).toFixed(2)} MB; frames: median ${at(0.5)} ms, 95% within ${at(0.95)} ms, ${late} of ${times.length} over 50 ms`,
);
