// The public declarations of each package, as docs/api/PACKAGE.ENTRY.api.md: writes them (--write), or fails if they differ from those
// that are kept and no changeset names the package.
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** The reports of all packages: { package, file, text }. */
export function apiReports() {
  const temporary = mkdtempSync(join(tmpdir(), 'convlens-api-'));
  try {
    return readPackages(ROOT)
      .filter(({ manifest }) => !manifest.private)
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

function main() {
  const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
  const changed = changedReports(apiReports());
  if (values.write) {
    mkdirSync(API_FOLDER, { recursive: true });
    for (const { file, text } of changed) writeFileSync(join(API_FOLDER, file), text);
    return;
  }
  const named = readBumps(join(ROOT, '.changeset'));
  for (const report of changed) {
    const hasChangeset = report.package in named;
    console.log(
      `${report.file}: the public declarations of ${report.package} changed` +
        (hasChangeset ? '' : ', and no changeset names it'),
    );
    if (!hasChangeset) process.exitCode = 1;
  }
  if (changed.length > 0) console.log('To keep the new declarations: npm run release:api -- --write');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
