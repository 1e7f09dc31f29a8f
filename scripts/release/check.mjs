/**
 * Checks what a release would publish, without versions and without publishing: packs the builds that are there, checks each tarball
 * and its types, the public declarations, and the files that GitHub reads.
 *
 *   npm run release:check
 *   npm run release:check -- @convlens/core           some packages, with those that they depend on
 *   npm run release:check -- --step github            one of github, tarballs and declarations
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { reportFaults } from './api-report.mjs';
import { githubFaults } from './check-github.mjs';
import { packAll, packedFaults, publishedPackages, withTemporaryFolder } from './pack.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The packages of these names and those that they depend on; all without a name. */
function selectPackages(names) {
  const packages = publishedPackages(ROOT);
  if (names.length === 0) return packages;
  const selected = new Set(names);
  for (const { manifest } of packages.toReversed())
    if (selected.has(manifest.name))
      for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) selected.add(name);
  const unknown = names.find((name) => !packages.some(({ manifest }) => manifest.name === name));
  if (unknown) throw new Error(`Expected the name of a published package, got ${unknown}`);
  return packages.filter(({ manifest }) => selected.has(manifest.name));
} // prettier-ignore

async function tarballFaults(packages) {
  return withTemporaryFolder('convlens-check-', async (folder) => {
    const { packed, refused } = packAll(packages, { root: ROOT, folder });
    return refused === undefined ? packedFaults(packed, ROOT) : [refused];
  });
}

const STEPS = {
  github: () => githubFaults(ROOT),
  tarballs: tarballFaults,
  declarations: (packages) => reportFaults(packages.map(({ manifest }) => manifest.name)),
};

const { values: options, positionals } = parseArgs({
  options: { step: { type: 'string', multiple: true, default: Object.keys(STEPS) } },
  allowPositionals: true,
});
const packages = selectPackages(positionals);
for (const name of options.step) {
  const start = performance.now();
  const faults = await STEPS[name](packages);
  const seconds = Math.round((performance.now() - start) / 1000);
  const verdict = faults.length === 0 ? 'passed' : 'refused';
  console.log([`${name}: ${verdict} (${seconds} s)`, ...faults].join('\n  '));
  if (faults.length > 0) process.exitCode = 1;
}
