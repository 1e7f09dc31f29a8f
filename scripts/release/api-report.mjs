// The public declarations of each package, as docs/api/PACKAGE.ENTRY.api.md: writes them (--write), or fails if they differ from those
// that are kept and no changeset names the package.
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readBumps } from './bump-dependents.mjs';
import { readPackages } from './workspace.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const API_FOLDER = join(ROOT, 'docs/api');

/** The public entries of a package that have declarations: { name, declarations }. */
const entriesOf = ({ folder, manifest }) =>
  Object.entries(manifest.exports ?? {})
    .filter(([, { types }]) => types)
    .map(([entry, { types }]) => ({
      name: `${manifest.name.replace('@convlens/', '')}${entry.slice(1).replace('/', '.')}`,
      declarations: join(ROOT, folder, types),
    }));

/** The report of an entry: its declarations, sorted, without comments. */
function reportOf({ folder, manifest }, { name, declarations }, temporary) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: join(ROOT, folder),
      mainEntryPointFilePath: declarations,
      newlineKind: 'lf',
      compiler: { overrideTsconfig: { compilerOptions: { module: 'nodenext', target: 'es2022', skipLibCheck: true, lib: ['es2022', 'dom'] }, include: [declarations] } },
      apiReport: { enabled: true, reportFileName: `${name}.api.md`, reportFolder: temporary, reportTempFolder: temporary },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      messages: { extractorMessageReporting: { default: { logLevel: 'none' } }, compilerMessageReporting: { default: { logLevel: 'none' } } },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(ROOT, folder, 'package.json'),
    packageJson: manifest,
  });
  Extractor.invoke(config, { localBuild: true, messageCallback: (message) => void (message.logLevel = 'none') });
  return readFileSync(join(temporary, `${name}.api.md`), 'utf8');
} // prettier-ignore

/** The reports of the packages of these names, or of all: { package, file, text }. */
export function apiReports(names) {
  const temporary = mkdtempSync(join(tmpdir(), 'convlens-api-'));
  try {
    return readPackages(ROOT)
      .filter(({ manifest }) => !manifest.private && (names?.includes(manifest.name) ?? true))
      .flatMap((one) =>
        entriesOf(one).map((entry) => ({
          package: one.manifest.name,
          file: `${entry.name}.api.md`,
          text: reportOf(one, entry, temporary),
        })),
      );
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

/** The reports that differ from those that are kept. */
export function changedReports(reports) {
  const kept = (file) =>
    existsSync(join(API_FOLDER, file)) ? readFileSync(join(API_FOLDER, file), 'utf8') : '';
  return reports.filter(({ file, text }) => text !== kept(file));
}

/** The packages whose public declarations differ from those that are kept: { hasChangeset, text }, with `text` a sentence. */
function changes(names) {
  const bumps = readBumps(join(ROOT, '.changeset'));
  return changedReports(apiReports(names)).map(({ file, package: name }) => {
    const hasChangeset = name in bumps;
    const demand = hasChangeset ? '' : ', and no changeset names it: write one (npx changeset)';
    return { hasChangeset, text: `${file}: the public declarations of ${name} changed${demand}` };
  });
}

/** The public declarations that differ from those that are kept although no changeset names their package, in sentences. */
export const reportFaults = (names) =>
  changes(names)
    .filter(({ hasChangeset }) => !hasChangeset)
    .map(({ text }) => text);

/** Keeps the reports, and removes those of entries that are gone. */
function writeReports() {
  const reports = apiReports();
  mkdirSync(API_FOLDER, { recursive: true });
  for (const { file, text } of changedReports(reports)) writeFileSync(join(API_FOLDER, file), text);
  const current = new Set(reports.map(({ file }) => file));
  for (const file of readdirSync(API_FOLDER).filter((name) => !current.has(name)))
    rmSync(join(API_FOLDER, file));
}

function main() {
  const { values, positionals } = parseArgs({
    options: { write: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  if (values.write) return writeReports();
  const changed = changes(positionals.length > 0 ? positionals : undefined);
  for (const { text } of changed) console.log(text);
  if (changed.length > 0) console.log('To keep the new declarations: npm run release:api -- --write');
  if (changed.some(({ hasChangeset }) => !hasChangeset)) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
