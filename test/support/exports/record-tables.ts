import { exportsOf, findDeclaration, parse, sourceOf, type Node, type Source } from './declarations.js';

/** A field of a record, as its declaration describes it. */
export interface RecordField {
  /** With a question mark, if it may be left out. */
  readonly name: string;
  readonly type: string;
  /** Its doc comment; "" without one. */
  readonly description: string;
}

export interface DeclaredRecord {
  readonly name: string;
  readonly description: string;
  /** The records whose fields it has too. */
  readonly bases: readonly string[];
  /** Empty for a type that is no interface: then `type` says what it is. */
  readonly fields: readonly RecordField[];
  readonly type: string;
}

/** The records among the exports of an entry: the types in files of the folder `records`, without options of functions. */
export function declaredRecords(entry: string): DeclaredRecord[] {
  return exportsOf(parse(entry)).flatMap(({ local, from }) => {
    if (!from?.startsWith('./records/') || local.endsWith('Options')) return [];
    const found = findDeclaration(sourceOf(entry, from)!, local);
    return found && /^TS(Interface|TypeAlias)/.test(found.node.type) ? [describeRecord(found)] : [];
  });
}

function describeRecord({ node, source }: { node: Node; source: Source }): DeclaredRecord {
  const isInterface = node.type === 'TSInterfaceDeclaration';
  const fields: Node[] = isInterface ? node.body.body : [];
  return {
    name: node.id.name,
    description: commentBefore(source, node),
    bases: (node.extends ?? []).map(({ expression }: Node) => expression.name),
    fields: fields.map((field) => ({
      name: `${field.key.name}${field.optional ? '?' : ''}`,
      type: fieldType(source, field),
      description: commentBefore(source, field),
    })),
    type: isInterface ? '' : typeText(source, node.typeAnnotation),
  };
}

/** The type of a field; of a method its parameters and result. */
function fieldType(source: Source, field: Node): string {
  if (field.type !== 'TSMethodSignature') return typeText(source, field.typeAnnotation?.typeAnnotation);
  const parameters = field.params.map((parameter: Node) => source.text.slice(parameter.start, parameter.end));
  return `(${parameters.join(', ')}) => ${typeText(source, field.returnType.typeAnnotation)}`;
}

/** A type on one line, without the comments in it and without `readonly`. */
const typeText = ({ text }: Source, { start, end }: Node): string =>
  text
    .slice(start, end)
    .replace(/\/\*\*[\s\S]*?\*\//g, '')
    .replace(/\breadonly /g, '')
    .replace(/\s+/g, ' ')
    .replace(/^\| /, '');

/** The text of the doc comment before a declaration. */
function commentBefore({ text }: Source, { start }: Node): string {
  const before = text.slice(0, start).replace(/export\s*$/, '');
  const comment = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*$/.exec(before)?.[1] ?? '';
  return comment
    .replace(/^\s*\*/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
}

const cell = (text: string) => text.replaceAll('|', '\\|');
const code = (text: string) => `\`${cell(text)}\``;

/** A record in Markdown: its description, and a table of its fields. */
export function recordSection({ name, description, bases, fields, type }: DeclaredRecord): string {
  const head = `### ${name}\n\n${description}`;
  if (type !== '') return `${head}\n\n    ${type}`;
  const rows = fields.map(
    (field) => `| ${code(field.name)} | ${code(field.type)} | ${cell(field.description)} |`,
  );
  const inherited = bases.map((base) => `The fields of \`${base}\`, and:`);
  return [head, ...inherited, ['| field | type | |', '|---|---|---|', ...rows].join('\n')].join('\n\n');
}
