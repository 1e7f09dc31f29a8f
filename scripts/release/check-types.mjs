import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COMPILERS = ['typescript-5.4', 'typescript-newest'];

/** What compiles the imports of a user: Node's resolution and that of bundlers. */
const RESOLUTIONS = [
  { module: 'nodenext', moduleResolution: 'nodenext' },
  { module: 'esnext', moduleResolution: 'bundler' },
];

/**
 * Installs tarballs side by side and compiles an import of each entry, with the declarations of libraries checked (skipLibCheck off).
 *
 * @returns errors in our declarations, in sentences
 */
export function checkTypes(packed) {
  const folder = mkdtempSync(join(tmpdir(), 'convlens-types-'));
  try {
    const dependencies = Object.fromEntries(packed.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]));
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ private: true, type: 'module', dependencies: { ...dependencies, '@types/node': '^20' } }),
    );
    const install = spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--omit=optional', '--prefer-offline'], { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
    if (install.status !== 0) return [`cannot be installed side by side: ${install.stderr}`];
    const entries = packed.flatMap(({ manifest }) =>
      Object.keys(manifest.exports ?? {}).map((entry) => manifest.name + entry.slice(1)),
    );
    writeFileSync(join(folder, 'use.ts'), entries.map((entry, i) => `export * as entry${i} from '${entry}';`).join('\n'));
    return COMPILERS.flatMap((compiler) => RESOLUTIONS.flatMap((resolution) => compile(folder, compiler, resolution)));
  } finally {
    rmSync(folder, { recursive: true });
  }
} // prettier-ignore

function compile(folder, compiler, resolution) {
  const compilerOptions = { ...resolution, target: 'es2022', lib: ['es2022', 'dom', 'dom.iterable'], strict: true, noEmit: true, skipLibCheck: false, types: ['node'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));
  const tsc = fileURLToPath(new URL(`node_modules/${compiler}/bin/tsc`, import.meta.url));
  const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  if (status === 0) return [];
  // Errors in the declarations of other libraries are theirs.
  const ours = stdout.split('\n').filter((line) => /^(use\.ts|.*node_modules\/(@convlens|convlens)\/)/.test(line));
  return ours.map((line) => `types, ${compiler}, ${resolution.module}: ${line}`);
} // prettier-ignore
