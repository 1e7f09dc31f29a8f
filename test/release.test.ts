import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bumpDependents, missingBumps, readBumps } from '../scripts/release/bump-dependents.mjs';
import { whyNotFresh, writeStamp } from '../scripts/release/build-stamp.mjs';
import { expectLoopback } from '../scripts/release/registry.mjs';
import { repositoryFields } from '../scripts/release/repository-fields.cjs';
import { readWorkspace, ROOT } from './support/workspace.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'convlens-release-test-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const manifest = (name: string, version: string, dependencies: Record<string, string> = {}) => ({
  folder: `packages/${name}`,
  manifest: { name, version, dependencies },
});

describe('a version that is not compatible', () => {
  const packages = [
    manifest('core', '0.1.0'),
    manifest('augment', '0.1.4', { core: 'workspace:^' }),
    manifest('pipeline', '1.2.0', { augment: 'workspace:^', 'd3-array': '^3.0.0' }),
    manifest('formats', '0.3.0', { fflate: '0.8.3' }),
  ];

  it('of one package is one of all that depend on it, also through others', () =>
    expect(missingBumps(packages, { core: 'minor' })).toEqual([
      { name: 'augment', bump: 'minor', because: ['core'] },
      { name: 'pipeline', bump: 'major', because: ['augment'] },
    ]));

  it.each([
    ['a patch at 0.x', { core: 'patch' }],
    ['a minor version from 1.0.0 on', { pipeline: 'minor' }],
    ['no changeset', {}],
  ])('is not: %s', (_, bumps) => expect(missingBumps(packages, bumps)).toEqual([]));

  it('counts where a changeset has given the dependent a patch only', () =>
    expect(missingBumps(packages, { core: 'minor', augment: 'patch' }).map(({ name }) => name)).toEqual([
      'augment',
      'pipeline',
    ]));

  it('needs nothing where all dependents have one already', () =>
    expect(missingBumps(packages, { core: 'major', augment: 'minor', pipeline: 'major' })).toEqual([]));

  it('arrives under no caret range after changeset version', () => {
    writeWorkspace({ core: {}, augment: { '@x/core': 'workspace:^' }, other: {} });
    writeFileSync(join(folder, '.changeset/a.md'), "---\n'@x/core': minor\n---\n\nA changed record.\n");
    expect(bumpDependents(folder).map(({ name }) => name)).toEqual(['@x/augment']);
    execFileSync(join(ROOT, 'node_modules/.bin/changeset'), ['version'], { cwd: folder });
    const versionOf = (name: string) => JSON.parse(readFileSync(join(folder, 'packages', name, 'package.json'), 'utf8')).version; // prettier-ignore
    expect(['core', 'augment', 'other'].map(versionOf)).toEqual(['0.2.0', '0.2.0', '0.1.0']);
  });
});

/** A workspace of packages @x/NAME with their dependencies, in a repository of git. */
function writeWorkspace(packages: Record<string, Record<string, string>>): void {
  const write = (path: string, value: unknown) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), typeof value === 'string' ? value : JSON.stringify(value));
  };
  write('package.json', { name: 'root', private: true });
  write('pnpm-workspace.yaml', 'packages: ["packages/*"]\n');
  write('apps/.keep', '');
  rmSync(join(folder, 'apps/.keep'));
  for (const [name, dependencies] of Object.entries(packages))
    write(`packages/${name}/package.json`, { name: `@x/${name}`, version: '0.1.0', dependencies });
  cpSync(join(ROOT, '.changeset/config.json'), join(folder, '.changeset/config.json'));
  const config = JSON.parse(readFileSync(join(folder, '.changeset/config.json'), 'utf8'));
  write('.changeset/config.json', { ...config, ignore: [] });
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder });
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '--all');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '--quiet', '--message', 'a');
}

it('the highest bump of all changesets counts', () => {
  writeFileSync(join(folder, 'a.md'), "---\n'@convlens/core': patch\nconvlens: minor\n---\n\nText: major\n");
  writeFileSync(join(folder, 'b.md'), '---\r\n"@convlens/core": minor\r\n---\r\n\r\nText\r\n');
  expect(readBumps(folder)).toEqual({ '@convlens/core': 'minor', convlens: 'minor' });
});

it('every changeset is about one package: its text stands in the changelog of that package', () => {
  const changesets = readdirSync(join(ROOT, '.changeset')).filter((name) => /\.md$/.test(name) && name !== 'README.md');
  const several = changesets.filter((name) => {
    const [, header, text] = /^---\r?\n(.*?)\r?\n---\r?\n(.*)$/s.exec(readFileSync(join(ROOT, '.changeset', name), 'utf8'))!;
    return header.split('\n').length !== 1 || text.trim() === '';
  });
  expect(several).toEqual([]);
}); // prettier-ignore

describe('a release is refused', () => {
  const release = (...args: string[]) => {
    const script = join(ROOT, 'scripts/release/release.mjs');
    return spawnSync(process.execPath, [script, '--root', folder, ...args], { encoding: 'utf8' });
  };
  const rehearsal = ['--rehearsal', '--skip-suite', '--userconfig', 'none', '--registry'];
  const writeRoot = (url: string) =>
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ repository: { url } }));

  it.each([
    ['without an address of the repository', '', [...rehearsal, 'http://127.0.0.1:9/'], 'repository.url of package.json is empty'],
    ['to a registry that is not on this machine', 'https://example.org/a.git', [...rehearsal, 'https://registry.example.org/'], 'Expected a registry on this machine'],
    ['without the suite', 'https://example.org/a.git', ['--skip-suite'], 'The suite can be skipped in a rehearsal only'],
  ])('%s', (_, url, args, reason) => {
    writeRoot(url);
    const { status, stderr } = release(...args);
    expect([status, stderr]).toEqual([1, expect.stringContaining(`Not released. `)]);
    expect(stderr).toContain(reason);
  });

  it('with changes that are not committed', () => {
    writeRoot('https://example.org/a.git');
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    expect(release(...rehearsal, 'http://127.0.0.1:9/').stderr).toContain('changes that are not committed:\n?? package.json');
  });

  it('where git does not know who commits', () => {
    writeWorkspace({ core: {} });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ repository: { url: 'https://example.org/a.git' } }));
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder });
    git('-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '--quiet', '--all', '--message', 'b');
    git('config', 'user.useConfigOnly', 'true');
    const env = { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, GIT_CONFIG_NOSYSTEM: '1', EMAIL: '' };
    const script = join(ROOT, 'scripts/release/release.mjs');
    const args = [script, '--root', folder, ...rehearsal, 'http://127.0.0.1:9/'];
    const { stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
    expect(stderr).toContain('set user.name and user.email');
  });
}); // prettier-ignore

it('a rehearsal to a registry that is not on this machine is refused before anything is done', () => {
  const script = join(ROOT, 'scripts/release/rehearsal.mjs');
  const args = [script, '--registry', 'https://registry.example.org/'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect([status, stdout, stderr]).toEqual([1, '', expect.stringContaining('Not rehearsed. Expected a registry on this machine')]);
}); // prettier-ignore

describe('a package is packed only', () => {
  const write = (path: string, text: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  beforeEach(() => {
    write('package.json', '{"name":"x"}');
    write('tsup.config.ts', '');
    write('src/index.ts', 'export const a = 1;');
    write('dist/index.js', 'export const a = 1;');
    writeStamp(folder);
  });

  it('with a fresh build', () => expect(whyNotFresh(folder)).toBeUndefined());

  it.each([
    ['is emptied', () => rmSync(join(folder, 'dist'), { recursive: true }), 'dist holds no build'],
    ['lacks a file', () => rmSync(join(folder, 'dist/index.js')), 'dist/index.js is missing'],
    [
      'is changed by hand',
      () => write('dist/index.js', 'export const a = 2;'),
      'dist/index.js is not what the build wrote',
    ],
    ['has another file', () => write('dist/b.js', ''), 'dist/b.js is not what the build wrote'],
    [
      'is older than a source',
      () => write('src/index.ts', 'export const a = 2;'),
      'dist is older than the sources',
    ],
    ['is older than a new source', () => write('src/b.ts', ''), 'dist is older than the sources'],
    [
      'is of another version',
      () => write('package.json', '{"name":"x","version":"2.0.0"}'),
      'dist is older than the sources',
    ],
  ] as const)('not if its dist %s', (_, change, reason) => {
    change();
    expect(whyNotFresh(folder)).toBe(reason);
    const script = join(ROOT, 'scripts/release/expect-fresh-build.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script], { cwd: folder, encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, `x is not packed: ${reason}. Run npm run setup x\n`]);
  });
});

describe('a rehearsal publishes on this machine only', () => {
  it.each(['http://127.0.0.1:4873/', 'http://localhost:80', 'http://[::1]:4873/', 'http://127.1.2.3/'])(
    'takes %s',
    (registry) => expect(() => expectLoopback(registry)).not.toThrow(),
  );

  it.each([
    'https://registry.example.org/',
    'http://127.0.0.1.example.org/',
    'http://localhost.example.org/',
    'http://10.0.0.1/',
    'http://user@127.0.0.1/',
    'https://127.0.0.1@example.org/',
    'http://0.0.0.0/',
    'file:///tmp/',
    '127.0.0.1:4873',
    '',
    undefined,
  ])('refuses %s', (registry) => expect(() => expectLoopback(registry)).toThrow(/^Expected /));
});

it('the manifest of a package gets the address of the repository', () => {
  for (const url of [
    'https://example.org/a/b',
    'https://example.org/a/b.git',
    'git+https://example.org/a/b.git',
  ])
    expect(repositoryFields(url, 'packages/core')).toEqual({
      repository: { type: 'git', url: 'git+https://example.org/a/b.git', directory: 'packages/core' },
      homepage: 'https://example.org/a/b/tree/main/packages/core#readme',
      bugs: 'https://example.org/a/b/issues',
    });
});

it('every published package is stamped, refused without a build, and refused without an address', () => {
  for (const { manifest } of readWorkspace().filter(({ manifest }) => !manifest.private)) {
    const { scripts = {} } = manifest as { scripts?: Record<string, string> };
    expect(scripts.build).toMatch(/ && node \.\.\/\.\.\/scripts\/release\/stamp-build\.mjs$/);
    expect(scripts.prepack).toBe('node ../../scripts/release/expect-fresh-build.mjs');
    expect(scripts.prepublishOnly).toBe('node ../../scripts/release/expect-repository.mjs');
    expect(manifest.files).toContain('!dist/.build.json');
  }
});
