import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importCircles } from './support/import-circles.js';
import { repositoryFiles } from './support/repository-files.js';
import {
  packageOf,
  readJson,
  readWorkspace,
  ROOT,
  type Source,
  type WorkspacePackage,
} from './support/workspace.js';

interface Line {
  /** The packages of this repository that it may import, beside itself. */
  readonly siblings: readonly string[];
  /** The packages of others that it may import. */
  readonly others?: readonly RegExp[];
  /** The packages that it leaves to its user to install. */
  readonly peers?: Readonly<Record<string, string>>;
}

const TENSORFLOW = { '@tensorflow/tfjs': '^4.17.0' };

/** The schemas of files, in the packages that read JSON. */
const VALIBOT = /^valibot$/;

/** Who may import whom. The apps may import everything. */
const TABLE: Readonly<Record<string, Line>> = {
  core: { siblings: [] },
  storage: { siblings: ['core'], others: [VALIBOT] },
  formats: { siblings: ['core'], others: [/^fflate$/] },
  'image-set': {
    siblings: ['core', 'storage', 'formats'],
    others: [/^@noble\/hashes/, /^d3-dsv$/, /^hyparquet(-compressors)?$/],
  },
  augment: { siblings: ['core'] },
  'cifar-data': { siblings: ['core', 'formats', 'image-set'] },
  'digits-data': { siblings: ['core', 'formats', 'image-set'] },
  models: { siblings: ['core', 'formats', 'storage'], others: [VALIBOT], peers: TENSORFLOW },
  pretrained: { siblings: ['core', 'formats', 'models'], peers: TENSORFLOW },
  'model-import': { siblings: ['core', 'formats'], peers: TENSORFLOW },
  'training-callbacks': {
    siblings: ['core', 'formats', 'storage'],
    others: [VALIBOT],
    peers: TENSORFLOW,
  },
  training: { siblings: ['core', 'storage'], others: [VALIBOT], peers: TENSORFLOW },
  'tfjs-gradients': { siblings: [], peers: TENSORFLOW },
  activations: { siblings: ['core', 'tfjs-gradients'], peers: TENSORFLOW },
  'render-d3': {
    siblings: ['core'],
    // The declarations show a selection.
    others: [/^d3-/, /^fast-png$/, /^@types\/d3-selection$/],
  },
  'svg-to-png': { siblings: ['core'], others: [/^@resvg\/resvg-wasm$/] },
  'tfjs-backend-simd': { siblings: ['tfjs-gradients'], peers: TENSORFLOW },
  pipeline: {
    siblings: [
      'core',
      'storage',
      'image-set',
      'augment',
      'cifar-data',
      'digits-data',
      'models',
      'training-callbacks',
      'training',
      'activations',
      'render-d3',
    ],
    others: [VALIBOT],
    peers: TENSORFLOW,
  },
  reproduce: {
    siblings: ['core', 'storage', 'image-set', 'training-callbacks', 'render-d3', 'pipeline'],
    others: [VALIBOT],
    peers: TENSORFLOW,
  },
};

const APPS = ['cli', 'demo'];

/** What runs in Node alone: only behind a "./node" entry, and in the command line. */
const NODE_ONLY = [/^@resvg\//, /^@convlens\/svg-to-png$/, /^@convlens\/[^/]+\/node$/];

/** Packages that run in Node alone, whole. */
const NODE_PACKAGES = ['svg-to-png'];

/** Packages whose tests look inside as well; those of the others use the public entries alone. */
const TESTED_INSIDE = [
  'activations',
  'model-import',
  'pipeline',
  'pretrained',
  'render-d3',
  'reproduce',
  'storage',
  'tfjs-backend-simd',
];

/** The last step of each build: see scripts/release/build-stamp.mjs. */
const STAMP = ' && node ../../scripts/release/stamp-build.mjs';

/** What differs from the manifest that all others have, and why. */
const EXCEPTIONS: Readonly<Record<string, object>> = {
  pretrained: {
    files: ['dist', '!dist/.build.json', 'src', '!src/generated', 'CHANGELOG.md'],
    scripts: {
      build: `node scripts/build-modules.js && tsup${STAMP}`,
      test: 'vitest run --root ../.. --project pretrained',
    },
  },
  'svg-to-png': { files: ['dist', '!dist/.build.json', 'src', 'fonts', 'CHANGELOG.md'] },
  'tfjs-backend-simd': {
    // The import itself registers the backend.
    sideEffects: ['./dist/index.js', './src/index.ts'],
    files: [
      'dist',
      '!dist/.build.json',
      'src',
      '!src/kernels.wasm.ts',
      'THIRD-PARTY-NOTICES.md',
      'CHANGELOG.md',
    ],
    scripts: {
      build: `node scripts/build-kernels.js && tsup${STAMP}`,
      test: 'vitest run --root ../.. --project tfjs-backend-simd',
    },
  },
};

/** The most .ts files that a folder holds directly: what a reader takes in at a glance. */
const MOST_FILES = 20;

const SCOPE = '@convlens/';
const SOURCE_CONDITION = '@convlens/source';

const workspace = readWorkspace();
const packages = workspace.filter(({ folder }) => folder.startsWith('packages/'));
const byName = new Map(workspace.map((one) => [one.manifest.name, one]));

const isRelative = (specifier: string) => specifier.startsWith('.');
const needsNode = (specifier: string) =>
  isBuiltin(specifier) || NODE_ONLY.some((pattern) => pattern.test(specifier));

/** The file that a relative import of `from` names, whether or not it is there. */
const targetOf = (from: string, specifier: string) =>
  posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts');

/** The source files of the public entries whose name passes. */
const entriesOf = ({ manifest }: WorkspacePackage, passes: (entry: string) => boolean = () => true) =>
  Object.entries(manifest.exports ?? {})
    .filter(([entry]) => passes(entry))
    .map(([, conditions]) => posix.normalize(conditions[SOURCE_CONDITION] ?? ''));

/** Every source file that is loaded when one of `entries` is. */
function reachable({ sources }: WorkspacePackage, entries: readonly string[]): Source[] {
  const found = new Set<Source>();
  const visit = (path: string): void => {
    const source = sources.find((one) => one.path === path);
    if (!source || found.has(source)) return;
    found.add(source);
    for (const specifier of source.imports.filter(isRelative)) visit(targetOf(path, specifier));
  };
  entries.forEach(visit);
  return [...found];
}

/** One line for each import of these files that is wrong. */
const wrongImports = (
  folder: string,
  sources: readonly Source[],
  isWrong: (specifier: string, source: Source) => boolean,
) =>
  sources.flatMap((source) =>
    source.imports
      .filter((specifier) => isWrong(specifier, source))
      .map((specifier) => `${folder}/${source.path} imports ${specifier}`),
  );

it('every package has its line in the table, and every line its package', () => {
  expect(packages.map(({ short }) => short).sort()).toEqual(Object.keys(TABLE).sort());
  expect(workspace.filter((one) => !packages.includes(one)).map(({ short }) => short)).toEqual(APPS);
});

it(`no folder directly holds more than ${MOST_FILES} .ts files`, () => {
  const counts = new Map<string, number>();
  for (const path of repositoryFiles().filter((path) => /^(packages|apps|test|scripts)\/.*\.ts$/.test(path)))
    counts.set(posix.dirname(path), (counts.get(posix.dirname(path)) ?? 0) + 1);
  const full = [...counts].filter(([, count]) => count > MOST_FILES);
  expect(full.map(([folder, count]) => `${folder} holds ${count}`)).toEqual([]);
});

it('what more than one package uses has one version', () => {
  const ranges = new Map<string, Set<string>>();
  for (const { manifest } of workspace)
    for (const [name, range] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
      ranges.set(name, (ranges.get(name) ?? new Set()).add(range));
  expect([...ranges].filter(([, { size }]) => size > 1).map(([name]) => name)).toEqual([]);
});

describe.each(packages.map((one) => [one.short, one] as const))('%s', (short, one) => {
  const { folder, manifest, sources } = one;
  const { siblings = [], others = [], peers = {} } = TABLE[short] ?? {};
  const allowed = (name: string) =>
    name in peers ||
    others.some((pattern) => pattern.test(name)) ||
    siblings.some((sibling) => name === SCOPE + sibling);

  it('imports nobody whom its line does not name', () => {
    const wrong = (specifier: string) =>
      !isRelative(specifier) && !isBuiltin(specifier) && !allowed(packageOf(specifier));
    expect(wrongImports(folder, sources, wrong)).toEqual([]);
  });

  it('depends on nobody whom its line does not name, and leaves exactly its peers to the user', () => {
    expect(
      Object.keys(manifest.dependencies ?? {}).filter((name) => !allowed(name) || name in peers),
    ).toEqual([]);
    expect(manifest.peerDependencies ?? {}).toEqual(peers);
  });

  it('needs Node only behind its "./node" entry, unless it is for Node alone', () => {
    if (NODE_PACKAGES.includes(short)) return;
    const everywhere = reachable(
      one,
      entriesOf(one, (entry) => entry !== './node'),
    );
    expect(wrongImports(folder, everywhere, needsNode)).toEqual([]);
  });

  it('has no file in src that no public entry leads to', () => {
    const reached = reachable(one, entriesOf(one));
    expect(sources.filter((source) => !reached.includes(source)).map(({ path }) => path)).toEqual([]);
  });

  it('is tested through its public entries, unless it is named above', () => {
    if (TESTED_INSIDE.includes(short)) return;
    const entries = entriesOf(one);
    const inside = (specifier: string, { path }: Source) => {
      const target = targetOf(path, specifier);
      // The tests of all packages share test/support.
      const isShared = target.startsWith('test/') || target.startsWith('../../test/support/');
      return isRelative(specifier) && !isShared && !entries.includes(target);
    };
    expect(wrongImports(folder, one.tests, inside)).toEqual([]);
  });

  it('prints nothing', () => {
    expect(sources.filter(({ names }) => names.has('console')).map(({ path }) => path)).toEqual([]);
  });

  it('has a manifest like the others', () => {
    expect(manifest).toMatchObject({
      name: SCOPE + short,
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      description: expect.stringMatching(/\w/),
      license: 'MIT',
      type: 'module',
      sideEffects: false,
      files: ['dist', '!dist/.build.json', 'src', 'CHANGELOG.md'],
      engines: (readJson(join(ROOT, 'package.json')) as typeof manifest).engines,
      publishConfig: { access: 'public' },
      scripts: { build: `tsup${STAMP}`, test: `vitest run --root ../.. --project ${short}` },
      ...EXCEPTIONS[short],
    });
    expect(manifest.private).toBeUndefined();
  });

  it('exports each entry from source first, then as types, then as code, and publishes it without the source', () => {
    const published = Object.keys(manifest.exports ?? {}).map((entry) => {
      const name = entry === '.' ? 'index' : entry.replace('./', '');
      expect(existsSync(join(ROOT, folder, `src/${name}.ts`))).toBe(true);
      const conditions = { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` };
      const source = { [SOURCE_CONDITION]: `./src/${name}.ts`, ...conditions };
      // The first condition that fits is taken, so their order is part of what they say.
      expect(JSON.stringify(manifest.exports![entry])).toBe(JSON.stringify(source));
      return [entry, conditions];
    });
    expect(published.map(([entry]) => entry)).toContain('.');
    expect(JSON.stringify(manifest.publishConfig?.exports)).toBe(
      JSON.stringify(Object.fromEntries(published)),
    );
  });
});

describe.each(workspace.map((one) => [one.short, one] as const))('%s', (_, one) => {
  const { folder, manifest, sources, tests } = one;
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies };

  it('declares what it imports', () => {
    const missing = (specifier: string) =>
      !isRelative(specifier) && !isBuiltin(specifier) && !(packageOf(specifier) in declared);
    expect(wrongImports(folder, sources, missing)).toEqual([]);
  });

  it('declares nothing else: each dependency is imported, or is a peer of one that is', () => {
    const imported = new Set(sources.flatMap((source) => source.imports.map(packageOf)));
    const peersOf = (name: string) => Object.keys(byName.get(name)?.manifest.peerDependencies ?? {});
    const needed = new Set([...imported, ...[...imported].flatMap(peersOf)]);
    expect(Object.keys(declared).filter((name) => !needed.has(name.replace('@types/', '')))).toEqual([]);
  });

  it('declares nothing for development that no file of it names', () => {
    const texts = repositoryFiles()
      .filter((path) => path.startsWith(`${folder}/`) && /\.([cm]?[jt]sx?|md|html)$/.test(path))
      .map((path) => readFileSync(join(ROOT, path), 'utf8'));
    const isNamed = (name: string) => {
      const library = name.replace('@types/', '');
      return texts.some((text) => text.includes(`'${library}'`) || text.includes(`'${library}/`));
    };
    expect(Object.keys(manifest.devDependencies ?? {}).filter((name) => !isNamed(name))).toEqual([]);
  });

  it('declares what its tests import', () => {
    const root = readJson(join(ROOT, 'package.json')) as typeof manifest;
    const known = { ...declared, ...manifest.devDependencies, ...root.devDependencies };
    const missing = (specifier: string) =>
      !isRelative(specifier) && !isBuiltin(specifier) && !(packageOf(specifier) in known);
    expect(wrongImports(folder, tests, missing)).toEqual([]);
  });

  it('imports other packages of the repository through their public entries, in the version that is here', () => {
    const hidden = (specifier: string) => {
      const sibling = byName.get(packageOf(specifier));
      const entry = specifier.replace(packageOf(specifier), '.');
      return sibling !== undefined && !(entry in (sibling.manifest.exports ?? {}));
    };
    expect(wrongImports(folder, [...sources, ...tests], hidden)).toEqual([]);
    const ranges = Object.entries({ ...declared, ...manifest.devDependencies }).filter(([name]) =>
      byName.has(name),
    );
    expect(ranges.filter(([, range]) => range !== 'workspace:^')).toEqual([]);
  });

  it('imports its own files by relative paths that stay inside src, end in .js and lead to a file', () => {
    const wrong = (specifier: string, { path }: Source) =>
      isRelative(specifier) &&
      !(
        /\.js$/.test(specifier) &&
        targetOf(path, specifier).startsWith('src/') &&
        sources.some((source) => source.path === targetOf(path, specifier))
      );
    expect(wrongImports(folder, sources, wrong)).toEqual([]);
    expect(wrongImports(folder, sources, (specifier) => packageOf(specifier) === manifest.name)).toEqual([]);
  });

  it('has no import circle, types included', () => {
    const targetsOf = ({ path, imports }: Source) =>
      imports.filter(isRelative).map((specifier) => targetOf(path, specifier));
    const graph = new Map(sources.map((source) => [source.path, targetsOf(source)]));
    expect(importCircles(graph)).toEqual([]);
  });

  it('takes TensorFlow.js whole, so that no second copy of its parts is installed', () => {
    const part = (specifier: string) => /^@tensorflow\/tfjs-(core|layers|converter|data)\b/.test(specifier);
    expect(wrongImports(folder, sources, part)).toEqual([]);
  });

  it('draws every random number from a seed', () => {
    expect(sources.filter(({ names }) => names.has('Math.random')).map(({ path }) => path)).toEqual([]);
  });

  it('tests wrong calls of every export, if it is a package', () => {
    const isTested = one.tests.some(({ path }) => path === 'test/wrong-use.test.ts');
    expect(isTested).toBe(one.folder.startsWith('packages/'));
  });

  it('says in a README what it is', () => {
    expect(existsSync(join(ROOT, folder, 'README.md'))).toBe(true);
  });
});

it('the demo needs no Node', () => {
  const { folder, sources } = workspace.find(({ short }) => short === 'demo')!;
  expect(wrongImports(folder, sources, needsNode)).toEqual([]);
});

it('.ci/run runs the long tests and all others', () => {
  const lines = readFileSync(join(ROOT, '.ci/run'), 'utf8').split('\n');
  const { scripts } = readJson(join(ROOT, 'package.json')) as { scripts: Record<string, string> };
  expect(lines.filter((line) => /npm (run --silent test:long|test)$/.test(line))).toHaveLength(2);
  expect(scripts.test).toMatch(/ vitest run$/);
  expect(scripts['test:long']).toMatch(/ vitest run --config vitest\.long\.config\.ts$/);
});
