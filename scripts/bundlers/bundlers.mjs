import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/*
 * Each builds the page of a folder without configuration, into `out`, with the bundler that is installed in the folder. It throws an
 * Error that says what could not be built, also where the bundler only warns.
 */

/** A module of a package that is installed in a folder. */
const load = (folder, name) =>
  import(pathToFileURL(createRequire(join(folder, 'package.json')).resolve(name)).href);

/** Some warn of large files: TensorFlow.js is one. */
const isOfSize = (warning) => /larger than \d+ kB|size limit|performance/.test(warning);

async function buildWithVite(folder, out) {
  const { build } = await load(folder, 'vite');
  const warnings = [];
  const onwarn = ({ message }) => isOfSize(message) || warnings.push(message);
  const outDir = join(folder, out);
  await build({ root: folder, configFile: false, logLevel: 'error', build: { outDir, rolldownOptions: { onwarn } } });
  if (warnings.length > 0) throw new Error(warnings.join('\n'));
} // prettier-ignore

async function buildWithEsbuild(folder, out) {
  const { build } = await load(folder, 'esbuild');
  const { warnings } = await build({
    absWorkingDir: folder,
    entryPoints: ['main.js'],
    outdir: out,
    bundle: true,
    format: 'esm',
    minify: true,
    logLevel: 'silent',
  });
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'));
  cpSync(join(folder, 'index.html'), join(folder, out, 'index.html'));
}

async function buildWithWebpack(folder, out) {
  const { default: webpack } = await load(folder, 'webpack');
  const configuration = {
    context: folder,
    mode: 'production',
    entry: './main.js',
    output: { path: join(folder, out) },
  };
  const stats = await new Promise((resolve, reject) =>
    webpack(configuration, (error, stats) => (error ? reject(error) : resolve(stats))),
  );
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  const faults = [...errors, ...warnings.filter(({ message }) => !isOfSize(message))];
  if (faults.length > 0)
    throw new Error(faults.map(({ moduleName, message }) => `${moduleName}: ${message}`).join('\n'));
  cpSync(join(folder, 'index.html'), join(folder, out, 'index.html'));
}

/** Next has its own page, in app/. */
function buildWithNext(folder) {
  const next = createRequire(join(folder, 'package.json')).resolve('next/dist/bin/next');
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' };
  try {
    execFileSync(process.execPath, [next, 'build'], { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    throw new Error(`${error.stdout}${error.stderr}`);
  }
}

/** `inBrowser`: whether the built page is opened in Chromium too. */
export const BUNDLERS = [
  { name: 'vite', build: buildWithVite, inBrowser: true },
  { name: 'esbuild', build: buildWithEsbuild, inBrowser: true },
  { name: 'webpack', build: buildWithWebpack, inBrowser: true },
  { name: 'next', build: buildWithNext, inBrowser: false },
];
