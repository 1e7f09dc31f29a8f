import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSync } from 'rolldown/utils';

type Program = ReturnType<typeof parseSync>['program'];
type Statement = Program['body'][number];
/** A node of the tree, of which only some fields are read. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Node = any;

export interface Source {
  readonly file: string;
  readonly text: string;
  readonly statements: readonly Statement[];
}

const parsed = new Map<string, Source>();

export function parse(file: string): Source {
  const known = parsed.get(file);
  if (known) return known;
  const text = readFileSync(file, 'utf8');
  const source = { file, text, statements: parseSync(file, text).program.body };
  parsed.set(file, source);
  return source;
}

/** The source of a relative import; undefined for another package, which has a test of its own. */
export function sourceOf(importer: string, specifier: string): Source | undefined {
  const file = join(dirname(importer), specifier.replace(/\.js$/, '.ts'));
  return specifier.startsWith('.') && existsSync(file) ? parse(file) : undefined;
}

export interface NamedExport {
  readonly name: string;
  readonly local: string;
  readonly from?: string;
}

/** What a file exports by name, types included. */
export const exportsOf = ({ statements }: Source): NamedExport[] =>
  statements.flatMap((statement: Node) => {
    if (statement.type !== 'ExportNamedDeclaration') return [];
    const { declaration, specifiers, source } = statement;
    const declared = [declaration, ...(declaration?.declarations ?? [])].flatMap(
      (node) => node?.id?.name ?? [],
    );
    return [
      ...declared.map((name: string) => ({ name, local: name })),
      ...specifiers.map(({ exported, local }: Node) => ({
        name: exported.name,
        local: local.name,
        from: source?.value,
      })),
    ];
  });

/** A declaration with its source: the one of that name in a file, also where the file takes it from another one. */
export function findDeclaration(source: Source, name: string): { node: Node; source: Source } | undefined {
  for (const statement of source.statements as readonly Node[]) {
    const declaration = statement.declaration ?? statement;
    if (declaration.id?.name === name && declaration.body !== null) return { node: declaration, source };
    for (const { id, init } of declaration.declarations ?? [])
      if (id.name === name) return { node: init, source };
    for (const { exported, imported, local } of statement.specifiers ?? []) {
      if ((exported ?? local).name !== name || !statement.source) continue;
      const origin = sourceOf(source.file, statement.source.value);
      if (origin) return findDeclaration(origin, (imported ?? local).name);
    }
  }
  return undefined;
}
