import { exportsOf, findDeclaration, parse, sourceOf, type Node, type Source } from './declarations.js';

/** A type that a public declaration names. */
export interface NamedType {
  readonly name: string;
  /** The module that the declaring file takes it from. */
  readonly from: string;
  /** The export whose declaration names it. */
  readonly usedBy: string;
}

/** The types of this repository that the declarations of an entry name, and that no entry of the package exports. */
export function unnamedTypes(entry: string, entriesOfPackage: readonly string[]): NamedType[] {
  const exported = new Set(entriesOfPackage.flatMap((one) => exportsOf(parse(one)).map(({ name }) => name)));
  const source = parse(entry);
  const missing = new Map<string, NamedType>();
  for (const { name: usedBy, local, from } of exportsOf(source)) {
    const origin = from === undefined ? source : sourceOf(entry, from);
    const declaration = origin && findDeclaration(origin, local);
    if (!declaration) continue;
    for (const name of namedIn(declaration.node)) {
      const module = moduleOf(declaration.source, name);
      if (module !== undefined && !exported.has(name)) missing.set(name, { name, from: module, usedBy });
    }
  }
  return [...missing.values()];
}

/** The package of this repository or the file that a file takes a type from; undefined for all other types. */
function moduleOf(source: Source, name: string): string | undefined {
  const statements = source.statements as readonly Node[];
  if (statements.some((statement) => declares(statement, name))) return source.file;
  const found = statements.find(
    ({ type, specifiers }) =>
      type === 'ImportDeclaration' && specifiers.some(({ local }: Node) => local.name === name),
  );
  const module: string | undefined = found?.source.value;
  return module && /^(@convlens\/|\.)/.test(module) ? module : undefined;
}

/** Whether a statement declares a type. */
const declares = (statement: Node, name: string): boolean =>
  ['TSInterfaceDeclaration', 'TSTypeAliasDeclaration', 'ClassDeclaration'].includes(
    (statement.declaration ?? statement).type,
  ) && (statement.declaration ?? statement).id?.name === name;

/** The names of types in a declaration; what a body holds, and what is private, is not public. */
function namedIn(node: Node): Set<string> {
  const found = new Set<string>();
  const parameters = new Set<string>();
  const visit = (value: Node): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== 'object' || value === null) return;
    if (value.accessibility === 'private' || value.key?.type === 'PrivateIdentifier') return;
    if (value.type === 'TSTypeParameter') parameters.add(value.name.name);
    if (value.type === 'TSTypeReference' && value.typeName.name) found.add(value.typeName.name);
    if (value.type === 'TSInterfaceHeritage' && value.expression.name) found.add(value.expression.name);
    for (const [field, part] of Object.entries(value)) {
      const isCode = ['body', 'init', 'right', 'expression', 'value'].includes(field) && !isPublicBody(value);
      if (!isCode) visit(part);
    }
  };
  visit(node);
  return new Set([...found].filter((name) => !parameters.has(name)));
}

/** Whether the body of a node lists members: of a class, an interface, and what a member of a class is. */
const isPublicBody = ({ type }: Node): boolean =>
  ['ClassDeclaration', 'ClassBody', 'TSInterfaceDeclaration', 'TSInterfaceBody', 'MethodDefinition'].includes(
    type,
  );
