import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSync } from 'rolldown/utils';

export interface Parameter {
  readonly name: string;
  /** As it is written in the source; "" if it is not. */
  readonly type: string;
  readonly isOptional: boolean;
  /** The fields that an options object must have, and its stores; empty for other types. */
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  readonly type: string;
  readonly isOptional: boolean;
}

export interface Signature {
  readonly isClass: boolean;
  readonly isAsync: boolean;
  readonly parameters: readonly Parameter[];
}

type Program = ReturnType<typeof parseSync>['program'];
type Statement = Program['body'][number];
/** A node of the tree, of which only some fields are read. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Node = any;

interface Source {
  readonly file: string;
  readonly text: string;
  readonly statements: readonly Statement[];
}

/** The signatures of the functions and classes that an entry of a package exports, by name, read from its source. */
export function signaturesOf(entry: string): ReadonlyMap<string, Signature> {
  const found = new Map<string, Signature>();
  const source = parse(entry);
  for (const { name, local, from } of exportsOf(source)) {
    const origin = from === undefined ? source : sourceOf(entry, from);
    const signature = origin && findSignature(origin, local);
    if (signature) found.set(name, signature);
  }
  return found;
}

const parsed = new Map<string, Source>();

function parse(file: string): Source {
  const known = parsed.get(file);
  if (known) return known;
  const text = readFileSync(file, 'utf8');
  const source = { file, text, statements: parseSync(file, text).program.body };
  parsed.set(file, source);
  return source;
}

/** The source of a relative import; undefined for another package, which has a test of its own. */
function sourceOf(importer: string, specifier: string): Source | undefined {
  const file = join(dirname(importer), specifier.replace(/\.js$/, '.ts'));
  return specifier.startsWith('.') && existsSync(file) ? parse(file) : undefined;
}

interface NamedExport {
  readonly name: string;
  readonly local: string;
  readonly from?: string;
}

const exportsOf = ({ statements }: Source): NamedExport[] =>
  statements.flatMap((statement: Node) =>
    statement.type !== 'ExportNamedDeclaration'
      ? []
      : statement.specifiers.map(({ exported, local }: Node) => ({
          name: exported.name,
          local: local.name,
          from: statement.source?.value,
        })),
  );

/** A declaration with its source: the one of that name in a file, also where the file takes it from another one. */
function findDeclaration(source: Source, name: string): { node: Node; source: Source } | undefined {
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

function findSignature(source: Source, name: string): Signature | undefined {
  const found = findDeclaration(source, name);
  if (!found) return undefined;
  const { node } = found;
  if (node.type === 'ClassDeclaration') return describeClass(found.source, node);
  return node.params ? describe(found.source, node) : undefined;
}

/** The constructor of a class, or of the class that it extends. */
function describeClass(source: Source, node: Node): Signature {
  const constructor = node.body.body.find(({ kind }: Node) => kind === 'constructor');
  if (constructor) return { ...describe(source, constructor.value), isClass: true };
  const inherited = node.superClass && findSignature(source, node.superClass.name);
  return inherited ?? { isClass: true, isAsync: false, parameters: [] };
}

function describe(source: Source, node: Node): Signature {
  const returns = textOf(source, node.returnType?.typeAnnotation);
  return {
    isClass: false,
    isAsync: (node.async && !node.generator) || returns.startsWith('Promise<'),
    parameters: node.params.map((parameter: Node) => describeParameter(source, parameter)),
  };
}

function describeParameter(source: Source, parameter: Node): Parameter {
  const declared = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
  const annotation = declared.typeAnnotation?.typeAnnotation;
  const isRest = parameter.type === 'RestElement';
  const type = textOf(source, annotation);
  return {
    name: declared.name ?? declared.argument?.name ?? 'input',
    type: isRest ? itemType(type) : type,
    isOptional: parameter !== declared || Boolean(declared.optional) || isRest,
    fields: fieldsOf(source, annotation),
  };
}

/** The type of the values of a list: "number | string" of "readonly (number | string)[]". */
const itemType = (type: string): string => type.replace(/^readonly /, '').replace(/^\(?(.*?)\)?\[\]$/, '$1');

const textOf = ({ text }: Source, node: Node): string =>
  node ? text.slice(node.start, node.end).replace(/\s+/g, ' ') : '';

/** The types of fields that are tested although they may be left out: a path is often passed in place of a store. */
const STORES = ['BlobStore', 'BlobReader', 'FileSource'];

/** The fields of an options interface that are tested, with those of the interfaces that it extends. */
function fieldsOf(source: Source, annotation: Node): Field[] {
  const name: string | undefined = annotation?.typeName?.name ?? annotation?.expression?.name;
  if (!name?.endsWith('Options')) return [];
  const found = findDeclaration(source, name);
  if (found?.node.type !== 'TSInterfaceDeclaration') return [];
  const own = found.node.body.body.flatMap(({ key, optional, typeAnnotation }: Node) => {
    const type = textOf(found.source, typeAnnotation?.typeAnnotation);
    const isTested = key && (!optional || STORES.includes(type));
    return isTested ? [{ name: key.name, type, isOptional: Boolean(optional) }] : [];
  });
  return [...own, ...found.node.extends.flatMap((base: Node) => fieldsOf(found.source, base))];
}
