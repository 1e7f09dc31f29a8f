/**
 * Damages a clone of the last commit in the ways that a release must refuse, one at a time, runs the commands of the release there, and
 * expects each to refuse with its reason. Without damage the same commands pass. It takes the builds of this checkout.
 *
 *   npm run release:refusals
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withTemporaryFolder } from './pack.mjs';
import { readPackages } from './workspace.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The damaged package: it depends on no other. */
const CORE = 'packages/core';
const LOOPBACK = 'http://127.0.0.1:9/';
const FOREIGN = 'https://registry.example.org/';

const script = (name, ...args) => [process.execPath, `scripts/release/${name}`, ...args];
const tarballs = script('check.mjs', '--step', 'tarballs', '@convlens/core');
const declarations = script('check.mjs', '--step', 'declarations', '@convlens/core');
const github = script('check.mjs', '--step', 'github');
const release = script('release.mjs', '--rehearsal', '--skip-suite', '--registry', LOOPBACK);
const packCore = ['pnpm', '--filter', '@convlens/core', 'pack'];
const publishCore = ['npm', 'publish', '--dry-run', `./${CORE}`, '--registry', LOOPBACK];

/** What passes without damage. */
const CHECKS = [tarballs, declarations, github];

const edit = (path, change) => writeFileSync(path, change(readFileSync(path, 'utf8')));

/** Adds a line to the declarations of core, as if the build had written it. */
function declare(clone, line) {
  // The last line, the comment that names the map, has no line feed.
  appendFileSync(join(clone, CORE, 'dist/index.d.ts'), `\n${line}\n`);
  execFileSync(process.execPath, [join(clone, 'scripts/release/stamp-build.mjs')], {
    cwd: join(clone, CORE),
  });
}

function emptyRepositoryField(clone) {
  const path = join(clone, 'package.json');
  edit(path, (text) => text.replace(/("repository": \{[^}]*"url": )"[^"]*"/, '$1""'));
}

const CASES = [
  {
    name: 'one package whose dist is empty',
    damage: (clone) => rmSync(join(clone, CORE, 'dist'), { recursive: true }),
    commands: [tarballs, packCore],
    reasons: ['@convlens/core is not packed: dist holds no build'],
  },
  {
    name: 'one package whose dist is older than its sources',
    damage: (clone) => appendFileSync(join(clone, CORE, 'src/index.ts'), '\n'),
    commands: [tarballs],
    reasons: ['@convlens/core is not packed: dist is older than the sources'],
  },
  {
    name: 'one type that does not exist',
    damage: (clone) => declare(clone, 'export declare const broken: NotDeclared;'),
    commands: [tarballs],
    reasons: [/types, typescript-5\.4, nodenext: .*Cannot find name 'NotDeclared'/],
  },
  {
    name: 'one type that TypeScript 5.4 does not know, one package above its size, one path of a machine',
    damage(clone) {
      declare(clone, 'export declare const bytes: Uint8Array<ArrayBuffer>;');
      edit(join(clone, 'scripts/release/budgets.json'), (text) => text.replace(/("@convlens\/core"): \d+/, '$1: 2'));
      appendFileSync(join(clone, CORE, 'README.md'), '\n    cd /home/somebody/convlens\n');
    },
    commands: [tarballs],
    reasons: [
      /types, typescript-5\.4, esnext: .*Type 'Uint8Array' is not generic/,
      /@convlens\/core has \d+ kB, more than its budget of 2 kB/,
      '@convlens/core holds a path of a machine in README.md: /home/somebody',
    ],
  },
  {
    name: 'a changed public declaration without a changeset',
    damage(clone) {
      declare(clone, 'export declare const added: number;');
      rmSync(join(clone, '.changeset'), { recursive: true });
      mkdirSync(join(clone, '.changeset'));
    },
    commands: [declarations],
    reasons: ['core.api.md: the public declarations of @convlens/core changed, and no changeset names it'],
  },
  {
    name: 'no address of the repository',
    damage: emptyRepositoryField,
    commands: [release, publishCore],
    reasons: [/field repository\.url of .*package\.json.* is empty/],
  },
  {
    name: 'a registry that is not on this machine',
    damage: () => {},
    commands: [
      script('rehearsal.mjs', '--registry', FOREIGN),
      script('release.mjs', '--rehearsal', '--skip-suite', '--registry', FOREIGN),
    ],
    reasons: [`Expected a registry on this machine, such as http://127.0.0.1:4873/, got ${FOREIGN}`],
  },
  {
    name: 'a misspelled field of a workflow',
    damage: (clone) => edit(join(clone, '.github/workflows/ci.yml'), (text) => text.replaceAll('runs-on:', 'run-on:')),
    commands: [github],
    reasons: [/workflows\/ci\.yml: .*run-on/s],
  },
  {
    name: 'a field of an issue form without a label',
    damage: (clone) => edit(join(clone, '.github/ISSUE_TEMPLATE/bug.yml'), (text) => text.replace(/label: .*/, '')),
    commands: [github],
    reasons: [/ISSUE_TEMPLATE\/bug\.yml: body\.0\.attributes\.label/],
  },
]; // prettier-ignore

/** A clone of the last commit with what is installed and built here. */
function cloneBuilt(clone) {
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', ROOT, clone]);
  execFileSync(process.execPath, ['scripts/setup.mjs', '--install-only'], { cwd: clone, stdio: 'ignore' });
  writeFileSync(join(clone, '.git/info/exclude'), 'node_modules\n');
  symlinkSync(join(ROOT, 'scripts/release/node_modules'), join(clone, 'scripts/release/node_modules'), 'junction');
  for (const { folder } of readPackages(ROOT)) {
    const dist = join(ROOT, folder, 'dist');
    if (existsSync(dist)) cpSync(dist, join(clone, folder, 'dist'), { recursive: true });
  }
} // prettier-ignore

/** Undoes the damage. */
function restore(clone) {
  for (const args of [['reset', '--hard'], ['clean', '-fd']]) execFileSync('git', args, { cwd: clone, stdio: 'ignore' });
  rmSync(join(clone, CORE, 'dist'), { recursive: true, force: true });
  cpSync(join(ROOT, CORE, 'dist'), join(clone, CORE, 'dist'), { recursive: true });
} // prettier-ignore

function run([command, ...args], clone) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: clone,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    env: { ...process.env, PATH: join(clone, 'node_modules/.bin') + delimiter + process.env.PATH },
  });
  return { status, output: stdout + stderr };
}

const holds = (output, reason) =>
  typeof reason === 'string' ? output.includes(reason) : reason.test(output);

/** The reasons that an output does not give. */
const missingReasons = ({ status, output }, reasons) =>
  reasons.filter((reason) => status === 0 || !holds(output, reason));

await withTemporaryFolder('convlens-refusals-', async (folder) => {
  const clone = join(folder, 'clone');
  cloneBuilt(clone);
  const fail = (text) => {
    console.error(text);
    process.exitCode = 1;
  };
  for (const command of CHECKS) {
    const { status, output } = run(command, clone);
    if (status !== 0) fail(`Refused without damage: ${command.slice(1).join(' ')}\n${output}`);
  }
  for (const { name, damage, commands, reasons } of CASES)
    for (const command of commands) {
      damage(clone);
      const outcome = run(command, clone);
      restore(clone);
      const label = `${name}: ${command.slice(1).join(' ')}`;
      const missing = missingReasons(outcome, reasons);
      if (missing.length === 0) console.log(`refused, ${label}`);
      else
        fail(
          `Expected a refusal for ${missing.join(' and ')}, got status ${outcome.status}, ${label}\n${outcome.output.slice(-3000)}`,
        );
    }
});
