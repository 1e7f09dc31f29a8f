// 64 feature maps of 16 x 16: records to SVG and to PNG; with PYTHON, the same grid with Matplotlib.
//   node bench/grid.js [PYTHON]
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { loadSource } from '../scripts/load-source.js';

const { featureMapGrid } = await loadSource('src/index.ts');
const { renderSvg } = await loadSource('src/node.ts');
const { svgToPng } = await loadSource('../svg-to-png/src/index.ts');

const ROUNDS = 3;
const python = process.argv[2];
const values = Float32Array.from(
  { length: 16 * 16 * 64 },
  (_, i) => Math.sin(i * 0.37) + Math.cos(i * 0.011),
);
const maps = { layer: 'conv2', indices: [0], count: 1, height: 16, width: 16, channels: 64, values };

/** The median time of a call in milliseconds. */
async function medianTime(run, repetitions) {
  await run();
  const times = [];
  for (let i = 0; i < repetitions; i++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(repetitions / 2)];
}

/** The times of Matplotlib by file format; undefined without Python. */
function matplotlibTimes() {
  if (!python) return undefined;
  const script = fileURLToPath(new URL('grid.py', import.meta.url));
  return JSON.parse(execFileSync(python, [script], { encoding: 'utf8' }));
}

for (let round = 0; round < ROUNDS; round++) {
  const times = {
    svg: await medianTime(() => renderSvg(featureMapGrid, maps), 21),
    png: await medianTime(() => svgToPng(renderSvg(featureMapGrid, maps), { pixelRatio: 1 }), 7),
  };
  const matplotlib = matplotlibTimes();
  const texts = Object.entries(times).map(([format, time]) => {
    const text = `${format} ${time.toFixed(1)} ms`;
    if (!matplotlib) return text;
    const ratio = matplotlib[format] / time;
    return `${text}, Matplotlib ${matplotlib[format].toFixed(0)} ms: ${ratio.toFixed(1)} times`;
  });
  console.log(texts.join('; '));
}
