import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { readTarball } from './read-tarball.mjs';

const TOOLS = fileURLToPath(new URL('node_modules/.bin/', import.meta.url));

/** What a package may hold. */
const ALLOWED =
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|THIRD-PARTY-NOTICES\.md|(dist|src|bin|fonts)\/.+)$/;
const REQUIRED = ['package.json', 'README.md', 'LICENSE'];
const TEXT = /\.(js|mjs|cjs|ts|json|map|md|html|css|svg)$/;

/** Paths of a machine, and secrets. */
const PRIVATE = [
  [/(?:^|[\s"'`(=:])(\/(?:home|root|Users|tmp|work)\/[\w.-]+)/, 'a path of a machine'],
  [/\b([A-Z]:\\\\?Users\\\\?\w+)/, 'a path of a machine'],
  [/(-----BEGIN [A-Z ]*PRIVATE KEY-----)/, 'a private key'],
  [/\b((?:npm|ghp|gho|ghs)_[A-Za-z0-9]{30,})/, 'a token'],
  [/\b(AKIA[0-9A-Z]{16})\b/, 'an access key'],
];

/**
 * What is wrong with the tarball of a package, in sentences.
 *
 * @param path the tarball
 * @param budget its largest size in kB
 */
export async function checkTarball(path, { budget, repositoryUrl }) {
  const files = readTarball(path);
  const manifest = JSON.parse(files.get('package.json') ?? '{}');
  const kilobytes = Math.ceil(statSync(path).size / 1000);
  return [
    ...fileFaults(files),
    ...manifestFaults(manifest, files, repositoryUrl),
    ...privateFaults(files),
    ...(budget === undefined ? ['has no size budget: add it to budgets.json'] : []),
    ...(kilobytes > budget
      ? [`has ${kilobytes} kB, more than its budget of ${budget} kB (budgets.json)`]
      : []),
    ...(await publintFaults(path)),
    ...(manifest.exports ? typesFaults(path) : []),
  ];
}

function fileFaults(files) {
  const foreign = [...files.keys()].filter((name) => !ALLOWED.test(name));
  const missing = REQUIRED.filter((name) => !files.get(name)?.length);
  return [...foreign.map((name) => `holds ${name}`), ...missing.map((name) => `holds no ${name}`)];
}

function manifestFaults(manifest, files, repositoryUrl) {
  const targets = [...stringsOf(manifest.exports), ...stringsOf(manifest.bin)].map((target) => target.replace('./', ''));
  const text = JSON.stringify(manifest);
  return [
    ...targets.filter((target) => !files.get(target)?.length).map((target) => `names ${target}, which it does not hold`),
    ...(/"(workspace|catalog):|@convlens\/source/.test(text) ? ['has a manifest that holds in the repository only'] : []),
    ...(repositoryUrl && !manifest.repository?.url?.includes(repositoryUrl.replace(/\.git$/, '')) ? ['does not name the repository'] : []),
    ...['description', 'license', 'keywords'].filter((field) => !manifest[field]?.length).map((field) => `has no ${field}`),
  ];
} // prettier-ignore

const stringsOf = (value) =>
  typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap((part) => stringsOf(part));

function privateFaults(files) {
  return [...files].flatMap(([name, bytes]) => {
    if (!TEXT.test(name)) return [];
    const text = bytes.toString('utf8');
    return PRIVATE.flatMap(([pattern, what]) => {
      const found = pattern.exec(text);
      return found ? [`holds ${what} in ${name}: ${found[1]}`] : [];
    });
  });
}

async function publintFaults(path) {
  const tarball = Uint8Array.from(readFileSync(path)).buffer;
  const { messages, pkg } = await publint({ pack: { tarball }, level: 'warning', strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
}

/** What "Are the types wrong?" finds, for ES modules and bundlers. */
function typesFaults(path) {
  const { stdout, status } = spawnSync(`${TOOLS}attw`, [path, '--profile', 'esm-only', '--format', 'json'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 27,
  });
  if (status === 0) return [];
  try {
    const { problems } = JSON.parse(stdout);
    const kinds = Object.values(problems ?? {}).flat().map(({ kind, entrypoint }) => `attw: ${kind} ${entrypoint ?? ''}`);
    return kinds.length > 0 ? [...new Set(kinds)] : ['attw: the types are wrong'];
  } catch {
    return [`attw: ${stdout.slice(0, 300)}`];
  }
} // prettier-ignore
