import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJson, readWorkspace, ROOT, type Manifest } from './support/workspace.js';

/*
 * What a user gets: every package is built, packed, installed from its tarball in an empty folder and used there, without
 * a network. The packages of others are linked from where they are installed in this repository.
 */

const packages = readWorkspace().filter(({ manifest }) => !manifest.private);
const libraries = packages.filter(({ manifest }) => manifest.exports);

const consumer = mkdtempSync(join(tmpdir(), 'convlens-packaging-'));
afterAll(() => rmSync(consumer, { recursive: true, force: true }));

const tarballOf = ({ name, version }: Manifest) =>
  join(consumer, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
const installed = ({ name }: Manifest, ...path: string[]) => join(consumer, 'node_modules', name, ...path);

interface Outcome {
  readonly status: number;
  readonly stdout: string;
  /** What it printed on both, for messages. */
  readonly output: string;
}

function run(command: string, args: readonly string[], { cwd = consumer } = {}): Promise<Outcome> {
  const env = {
    ...process.env,
    // turbo looks for pnpm there, and must not find it by a relative path, as it would under `pnpm exec`.
    PATH: join(ROOT, 'node_modules/.bin') + delimiter + process.env.PATH,
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
  };
  const options = { cwd, env, maxBuffer: 2 ** 26, shell: process.platform === 'win32' };
  return new Promise((resolve) => {
    const child = execFile(command, args, options, (error, stdout, stderr) =>
      resolve({ status: child.exitCode ?? -1, stdout, output: `${stdout}${stderr}${error ?? ''}` }),
    );
  });
}

/** A tool of this repository, in its root. */
const tool = (name: string, ...args: readonly string[]) =>
  run(join(ROOT, 'node_modules/.bin', name), args, { cwd: ROOT });

const filters = packages.map(({ manifest }) => `--filter=${manifest.name}`);

/** What a user of all packages must install beside them, linked to the copies that are here. */
function thirdParty(): Record<string, string> {
  const links = packages.flatMap(({ folder, manifest }) =>
    Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
      .filter((name) => !packages.some((one) => one.manifest.name === name))
      .filter((name) => !manifest.peerDependenciesMeta?.[name]?.optional)
      .map((name) => [name, `file:${realpathSync(join(ROOT, folder, 'node_modules', name))}`]),
  );
  return Object.fromEntries(links);
}

/** The names that each public entry exports, or why it could not be loaded, in a fresh process. */
async function load(how: 'import' | 'require'): Promise<Record<string, string[] | string>> {
  const specifiers = libraries.flatMap(({ manifest }) =>
    Object.keys(manifest.exports!).map((entry) => entry.replace('.', manifest.name)),
  );
  const script = `
    import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    const found = {};
    for (const specifier of ${JSON.stringify(specifiers)})
      try {
        found[specifier] = Object.keys(${how === 'import' ? 'await import' : 'require'}(specifier));
      } catch (error) {
        found[specifier] = String(error);
      }
    process.stdout.write(JSON.stringify(found));`;
  writeFileSync(join(consumer, `${how}.mjs`), script);
  const { status, stdout, output } = await run(process.execPath, [`${how}.mjs`]);
  if (status !== 0) throw new Error(output);
  return JSON.parse(stdout);
}

let build: Outcome;
let install: Outcome;
let imported: Awaited<ReturnType<typeof load>>;
let required: typeof imported;

beforeAll(async () => {
  build = await tool('turbo', 'run', 'build', ...filters, '--continue', '--output-logs=errors-only');
  const pack = await tool('pnpm', '-r', ...filters, 'pack', '--pack-destination', consumer);
  if (pack.status !== 0) throw new Error(pack.output);
  const tarballs = packages.map(({ manifest }) => [manifest.name, `file:${tarballOf(manifest)}`]);
  const dependencies = { ...thirdParty(), ...Object.fromEntries(tarballs) };
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ private: true, dependencies }));
  install = await run('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund']);
  [imported, required] = await Promise.all([load('import'), load('require')]);
}, 240_000);

it('every package builds', () => expect(build.status, build.output).toBe(0));

it('the tarballs install side by side without a network', () =>
  expect(install.status, install.output).toBe(0));

describe.each(packages.map((one) => [one.manifest.name, one.manifest] as const))('%s', (_, manifest) => {
  it('is packed with its README, licence and sources, and without its tests', () => {
    const packed = readdirSync(installed(manifest));
    expect(packed).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist', 'package.json', 'src']));
    expect(packed.filter((name) => ['test', 'bench', 'node_modules'].includes(name))).toEqual([]);
  });

  it('has maps of its code and of its declarations that lead to its sources', () => {
    const files = readdirSync(installed(manifest, 'dist'), { encoding: 'utf8', recursive: true });
    const withoutMap = files.filter((file) => {
      if (!/\.js$/.test(file)) return false;
      return !readFileSync(installed(manifest, 'dist', file), 'utf8').includes(`//# sourceMappingURL=`);
    });
    const maps = files.filter((file) => file.endsWith('.map'));
    const lost = maps.flatMap((file) => {
      const { sources } = readJson(installed(manifest, 'dist', file)) as { sources: (string | null)[] };
      return (
        sources
          // Null: written by the build, and not shipped.
          .filter(
            (source) =>
              source !== null && !existsSync(join(dirname(installed(manifest, 'dist', file)), source)),
          )
          .map((source) => `${file} names ${source}`)
      );
    });
    expect({ withoutMap, lost }).toEqual({ withoutMap: [], lost: [] });
    expect(maps.some((file) => file.endsWith('.js.map'))).toBe(true);
    expect(maps.some((file) => file.endsWith('.d.ts.map'))).toBe(manifest.exports !== undefined);
  });

  it('is packed with a manifest that holds outside this repository', () => {
    const text = readFileSync(installed(manifest, 'package.json'), 'utf8');
    expect(text).not.toMatch(/"(workspace|catalog):|@convlens\/source/);
    expect((JSON.parse(text) as Manifest).version).toBe(manifest.version);
  });

  it('has nothing that publint finds wrong', async () => {
    const tarball = Uint8Array.from(readFileSync(tarballOf(manifest))).buffer;
    const { messages, pkg } = await publint({ pack: { tarball }, level: 'warning' });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });
});

describe.each(libraries.map((one) => [one.manifest.name, one.manifest] as const))('%s', (name, manifest) => {
  const entries = Object.keys(manifest.exports!).map((entry) => entry.replace('.', name));

  it('can be imported and required by each public entry, and gives the same names both ways', () => {
    for (const entry of entries) {
      expect(imported[entry], entry).toEqual(expect.arrayContaining([expect.any(String)]));
      expect(required[entry], entry).toEqual(imported[entry]);
    }
  });

  it('has types for each public entry, and those types find all that they import', () => {
    const { exports } = readJson(installed(manifest, 'package.json')) as Manifest;
    for (const { types } of Object.values(exports!))
      expect(existsSync(installed(manifest, types)), types).toBe(true);
    const options = {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
    };
    const lost = readdirSync(installed(manifest, 'dist'), { encoding: 'utf8', recursive: true })
      .filter((file) => file.endsWith('.d.ts'))
      .flatMap((file) => {
        const path = installed(manifest, 'dist', file);
        const { importedFiles } = ts.preProcessFile(readFileSync(path, 'utf8'));
        return importedFiles
          .map(({ fileName }) => fileName)
          .filter((specifier) => {
            const mode = ts.ModuleKind.ESNext;
            const found = ts.resolveModuleName(specifier, path, options, ts.sys, undefined, undefined, mode);
            return !/\.d\.[cm]?ts$/.test(found.resolvedModule?.resolvedFileName ?? '');
          })
          .map((specifier) => `${file} imports ${specifier}`);
      });
    expect(lost).toEqual([]);
  });
});

describe('the installed command line', () => {
  const convlens = (...args: string[]) => run(join(consumer, 'node_modules/.bin/convlens'), args);

  it('says its version', async () => {
    const { manifest } = packages.find((one) => one.manifest.name === 'convlens')!;
    const { stdout, output } = await convlens('--version');
    expect(stdout.trim(), output).toBe(manifest.version);
  });

  it('lists the models it can train', async () => {
    const { status, stdout, output } = await convlens('list', 'models');
    expect(status, output).toBe(0);
    expect(stdout).toContain('cifar10-bn-6conv');
  });
});
