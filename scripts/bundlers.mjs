/**
 * Packs the packages, installs them in an empty folder with Vite, esbuild, webpack and Next, and builds a page that imports every entry
 * that runs in a browser, with each bundler and without configuration. The pages of all but Next are opened in Chromium, where they train
 * a network on the backends cpu and simd and draw a figure.
 *
 *   npm run bundlers                            all of them
 *   npm run bundlers -- --bundler vite          some of them
 *   npm run bundlers -- --keep                  keeps the folder, and prints its path
 */
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BUNDLERS } from './bundlers/bundlers.mjs';
import { writeConsumer } from './bundlers/consumer.mjs';
import { openPage } from './bundlers/open-page.mjs';

const NAMES = BUNDLERS.map(({ name }) => name);
const CHROMIUM = process.env.CONVLENS_CHROMIUM ?? '/usr/bin/chromium';

const { values: options } = parseArgs({
  options: {
    bundler: { type: 'string', multiple: true, default: NAMES },
    keep: { type: 'boolean', default: false },
  },
});
const unknown = options.bundler.find((name) => !NAMES.includes(name));
if (unknown !== undefined)
  throw new Error(`Expected --bundler to be one of ${NAMES.join(', ')}, got ${unknown}`);

/** What is wrong with the page of a bundler; undefined if nothing is. */
async function faultOf({ name, build, inBrowser }, folder) {
  const out = `built-${name}`;
  try {
    await build(folder, out);
    if (!inBrowser) return undefined;
    if (!existsSync(CHROMIUM)) throw new Error(`There is no ${CHROMIUM}: install Chromium, or set CONVLENS_CHROMIUM`);
    const used = await openPage(join(folder, out), CHROMIUM);
    const [cpu, simd] = used;
    if (cpu.backend !== 'cpu' || simd.backend !== 'simd') throw new Error(`Backends ${JSON.stringify(used)}`);
    // The losses differ by the masks of dropout.
    const areEqual = Math.abs(cpu.activation - simd.activation) < 1e-5 && cpu.activation > 0.01;
    if (!areEqual || !(cpu.loss > 0 && simd.loss > 0)) throw new Error(`Unexpected results: ${JSON.stringify(used)}`);
    return undefined;
  } catch (error) {
    return error.message;
  }
} // prettier-ignore

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'convlens-bundlers-')));
try {
  const entries = writeConsumer(folder);
  for (const bundler of BUNDLERS.filter(({ name }) => options.bundler.includes(name))) {
    const fault = await faultOf(bundler, folder);
    console.log(`${bundler.name}: ${fault ?? `builds ${entries.length} entries${bundler.inBrowser ? ', which run in Chromium' : ''}`}`);
    if (fault !== undefined) process.exitCode = 1;
  }
} finally {
  if (options.keep) console.log(folder);
  else rmSync(folder, { recursive: true, force: true });
} // prettier-ignore
