// The frame times of a page with 1,000 feature maps of 16 x 16 while it scrolls, in headless Chromium.
//   node bench/scroll.js [CHROMIUM]
import { chromium } from 'playwright-core';
import { loadSource } from '../scripts/load-source.js';

const { featureMapGrid } = await loadSource('src/index.ts');
const { renderSvg } = await loadSource('src/node.ts');

const channels = 1000;
const values = Float32Array.from({ length: 16 * 16 * channels }, (_, i) => Math.sin(i * 0.37));
const maps = { layer: 'conv5', indices: [0], count: 1, height: 16, width: 16, channels, values };
const svg = renderSvg(featureMapGrid, maps, { columns: 8 });

const executablePath = process.argv[2] ?? process.env.CONVLENS_CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
await page.setContent(`<!doctype html>${svg}`);
const times = await page.evaluate(async () => {
  const frameTimes = [];
  let last = performance.now();
  for (let frame = 0; frame < 240; frame++) {
    window.scrollBy(0, 40);
    await new Promise(requestAnimationFrame);
    frameTimes.push(performance.now() - last);
    last = performance.now();
  }
  return frameTimes;
});
await browser.close();
times.sort((a, b) => a - b);
const quantile = (fraction) => `${times[Math.floor(fraction * (times.length - 1))].toFixed(1)} ms`;
const slow = times.filter((time) => time > 50).length;
console.log(
  `${(svg.length / 1e6).toFixed(2)} MB; frames: median ${quantile(0.5)}, 95% within ${quantile(0.95)}, ` +
    `${slow} of ${times.length} over 50 ms`,
);
