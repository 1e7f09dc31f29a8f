import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

/** The file in the built page. */
export const NOTICES_FILE = 'THIRD-PARTY-NOTICES.txt';

/** The compiler of the kernels; its library is in their WebAssembly, which is text in a module of the backend. */
const COMPILER = fileURLToPath(
  new URL('../../packages/tfjs-backend-simd/node_modules/assemblyscript', import.meta.url),
);

const APACHE_TEXT = join(COMPILER, 'LICENSE');

/** Licenses of packages that ship without the text. The MIT text of tfjs-layers is not part of any of its releases. */
const LICENSE_TEXTS: Readonly<Record<string, string>> = {
  'Apache-2.0': APACHE_TEXT,
  'Apache-2.0 AND MIT': APACHE_TEXT,
};

/** The folder of the package that a module belongs to; undefined for modules of this repository and of the bundler. */
export const packageFolder = (moduleId: string): string | undefined =>
  /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(moduleId.replaceAll('\\', '/'))?.[1];

/** The section of the license in the README of a package, which some have in place of a file; empty without one. */
function licenseSection(folder: string): string[] {
  const readme = join(folder, 'README.md');
  if (!existsSync(readme)) return [];
  const section = /^(?:#+ *)?licen[cs]e\b[^\n]*\n(?:-+\n)?\s*copyright[\s\S]*/im
    .exec(readFileSync(readme, 'utf8'))?.[0]
    .trim();
  return section === undefined ? [] : [section];
}

/** Name, version, license and the text of license and notice of a package. Throws an Error if it has no text. */
function describePackage(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    .map((file) => join(folder, file));
  if (files.length === 0 && license in LICENSE_TEXTS) files.push(LICENSE_TEXTS[license]);
  const texts = files.map((file) => readFileSync(file, 'utf8').trim());
  if (texts.length === 0) texts.push(...licenseSection(folder));
  if (texts.length === 0)
    throw new Error(`Expected the text of the license ${license} of ${name}, found none`);
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}

/** The notices of the packages of modules, ordered by name. */
export function thirdPartyNotices(moduleIds: Iterable<string>): string {
  const folders = [...moduleIds].flatMap((id) => packageFolder(id) ?? []);
  const notices = [...new Set([...folders, COMPILER])]
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map(describePackage);
  const line = `\n\n${'='.repeat(80)}\n\n`;
  return `This page contains the following packages.${line}${[...new Set(notices)].sort().join(line)}\n`;
}

/**
 * Writes the notices of all packages of which code is in the built page. The worker is a bundle of its own, which is finished
 * before the page.
 */
export function thirdPartyNoticesPlugins(): { readonly page: Plugin; readonly worker: Plugin } {
  const moduleIds = new Set<string>();
  const collect = (bundle: object) => {
    for (const { modules = {} } of Object.values(bundle) as { modules?: Record<string, unknown> }[])
      for (const id of Object.keys(modules)) moduleIds.add(id);
  };
  return {
    worker: {
      name: 'third-party-notices-worker',
      generateBundle: (_, bundle) => collect(bundle),
    },
    page: {
      name: 'third-party-notices',
      apply: 'build',
      generateBundle(_, bundle) {
        collect(bundle);
        this.emitFile({ type: 'asset', fileName: NOTICES_FILE, source: thirdPartyNotices(moduleIds) });
      },
    },
  };
}
