// 64 maps of 16 x 16: records to SVG and to PNG, beside Matplotlib's savefig of the same grid, in turn.
//   node bench/grid.js [PYTHON WITH MATPLOTLIB]
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const conditions = { resolve: { conditions: ['@convlens/source'] } };
const load = async (name) =>
  (await runnerImport(path(name), { configFile: false, ...conditions, ssr: conditions })).module;
const { featureMapGrid } = await load('../src/index.ts');
const { renderPng, renderSvg } = await load('../src/node.ts');

const values = Float32Array.from(
  { length: 16 * 16 * 64 },
  (_, i) => Math.sin(i * 0.37) + Math.cos(i * 0.011),
);
const maps = { layer: 'conv2', indices: [0], count: 1, height: 16, width: 16, channels: 64, values };

function medianOf(run, rounds) {
  run();
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return times[Math.floor(rounds / 2)];
}

const python = process.argv[2];
const rounds = 3;
for (let round = 0; round < rounds; round++) {
  const ours = {
    svg: medianOf(() => renderSvg(featureMapGrid, maps), 21),
    png: medianOf(() => renderPng(featureMapGrid, maps, { pixelRatio: 1 }), 7),
  };
  const theirs = python
    ? JSON.parse(execFileSync(python, [path('grid.py')], { encoding: 'utf8' }))
    : undefined;
  const line = ['svg', 'png'].map((kind) => {
    const beside = theirs
      ? `, Matplotlib ${theirs[kind].toFixed(0)} ms: ${(theirs[kind] / ours[kind]).toFixed(1)} times`
      : '';
    return `${kind} ${ours[kind].toFixed(1)} ms${beside}`;
  });
  console.log(line.join('; '));
}
