import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** The conditions of one public entry, in the order in which they stand in the manifest. */
export type Entry = Readonly<Record<string, string>>;

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly license?: string;
  readonly type?: string;
  readonly sideEffects?: boolean | readonly string[];
  readonly exports?: Readonly<Record<string, Entry>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly engines?: Readonly<Record<string, string>>;
  readonly publishConfig?: { readonly access?: string; readonly exports?: Readonly<Record<string, Entry>> };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export interface Source {
  /** From the folder of its package, such as "src/index.ts". */
  readonly path: string;
  /** What it imports or exports from, dynamic imports and types included, as it is written there. */
  readonly imports: readonly string[];
  /** Every identifier and every `a.b` in its code, not in comments or strings: "console", "Math.random". */
  readonly names: ReadonlySet<string>;
}

export interface WorkspacePackage {
  /** The folder, from the root: "packages/core". */
  readonly folder: string;
  /** The folder's own name: "core". */
  readonly short: string;
  readonly manifest: Manifest;
  readonly sources: readonly Source[];
  readonly tests: readonly Source[];
}

function readSource(folder: string, path: string): Source {
  const text = readFileSync(join(ROOT, folder, path), 'utf8');
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    if (ts.isPropertyAccessExpression(node)) names.add(node.getText(source).replace('globalThis.', ''));
    ts.forEachChild(node, visit);
  };
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  visit(source);
  return {
    path,
    imports: ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName),
    names,
  };
}

function readSources(folder: string, part: 'src' | 'test'): Source[] {
  if (!existsSync(join(ROOT, folder, part))) return [];
  return readdirSync(join(ROOT, folder, part), { recursive: true, encoding: 'utf8' })
    .map((path) => posix.join(part, path.replaceAll('\\', '/')))
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path))
    .sort()
    .map((path) => readSource(folder, path));
}

export const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** Every package and app of this repository with its manifest, and what its files import and name. */
export function readWorkspace(): WorkspacePackage[] {
  return ['packages', 'apps'].flatMap((group) =>
    readdirSync(join(ROOT, group))
      .filter((short) => existsSync(join(ROOT, group, short, 'package.json')))
      .map((short) => {
        const folder = `${group}/${short}`;
        return {
          folder,
          short,
          manifest: readJson(join(ROOT, folder, 'package.json')) as Manifest,
          sources: readSources(folder, 'src'),
          tests: readSources(folder, 'test'),
        };
      }),
  );
}

/** The package that an import names: "@scope/name" of "@scope/name/part". */
export function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
