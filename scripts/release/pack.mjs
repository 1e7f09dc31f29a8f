import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { checkTarball } from './check-tarball.mjs';
import { checkTypes } from './check-types.mjs';
import { readPackages } from './workspace.mjs';

/** The published packages of a workspace, each after those that it depends on. */
export function publishedPackages(root) {
  const packages = readPackages(root).filter(({ manifest }) => !manifest.private);
  const byName = new Map(packages.map((one) => [one.manifest.name, one]));
  const ordered = new Set();
  const visit = (one) => {
    const { dependencies, peerDependencies } = one.manifest;
    for (const name of Object.keys({ ...dependencies, ...peerDependencies }))
      if (byName.has(name)) visit(byName.get(name));
    ordered.add(one);
  };
  packages.forEach(visit);
  return [...ordered];
}

const tarballName = ({ name, version }) => `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;

/**
 * Packs packages into a folder.
 *
 * @returns their tarballs, { manifest, tarball }, or the first one that is refused, { refused }
 */
export function packAll(packages, { root, folder }) {
  const bin = join(root, 'node_modules/.bin');
  const filters = packages.map(({ manifest }) => `--filter=${manifest.name}`);
  const { status, stdout, stderr } = spawnSync('pnpm', ['-r', ...filters, 'pack', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    env: { ...process.env, PATH: bin + delimiter + process.env.PATH },
  });
  if (status !== 0) return { refused: `${stdout}${stderr}`.trim() };
  return { packed: packages.map(({ manifest }) => ({ manifest, tarball: join(folder, tarballName(manifest)) })) };
} // prettier-ignore

/** What is wrong with the tarballs of packages, in sentences. */
export async function packedFaults(packed, root) {
  const readJson = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));
  const budgets = readJson('scripts/release/budgets.json');
  const repositoryUrl = readJson('package.json').repository.url;
  const faults = [];
  for (const { manifest, tarball } of packed)
    for (const fault of await checkTarball(tarball, { budget: budgets[manifest.name], repositoryUrl }))
      faults.push(`${manifest.name} ${fault}`);
  return [...faults, ...checkTypes(packed)];
}

/** Calls `use` with an empty folder, which is removed afterwards. */
export async function withTemporaryFolder(prefix, use) {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
