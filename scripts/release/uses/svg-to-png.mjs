import assert from 'node:assert';
import { svgToPng } from '@convlens/svg-to-png';

const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20">
  <text x="2" y="15" font-family="Inter">conv1</text></svg>`;
const png = await svgToPng(svg, { pixelRatio: 3 });
assert.deepEqual([...png.subarray(1, 4)], [80, 78, 71]);
assert.equal(new DataView(png.buffer, png.byteOffset).getUint32(16), 180);
