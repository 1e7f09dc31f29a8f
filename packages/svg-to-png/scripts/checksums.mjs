// Prints the checksums of the PNGs of test/fixtures by the native build of resvg, for test/svg-to-png.test.ts:
//   npm install --no-save @resvg/resvg-js@2.6.2 && node scripts/checksums.mjs
import { Resvg } from '@resvg/resvg-js';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const pathOf = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const fontFiles = ['Inter_400Regular.ttf', 'Inter_600SemiBold.ttf'].map((name) => pathOf(`fonts/${name}`));

for (const name of readdirSync(pathOf('test/fixtures')).filter((file) => file.endsWith('.svg'))) {
  const svg = readFileSync(pathOf(`test/fixtures/${name}`), 'utf8').replaceAll(
    '"pixelated"',
    '"optimizeSpeed"',
  );
  const font = { fontFiles, loadSystemFonts: false, defaultFontFamily: 'Inter' };
  const png = new Resvg(svg, { fitTo: { mode: 'zoom', value: 1 }, font }).render().asPng();
  console.log(`  ['${name}', '${createHash('sha256').update(png).digest('hex')}'],`);
}
