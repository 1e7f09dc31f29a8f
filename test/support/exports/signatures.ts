import { exportsOf, findDeclaration, parse, sourceOf, type Node, type Source } from './declarations.js';

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
  const declared = found.node.body.body.flatMap(({ key, optional, typeAnnotation }: Node) => {
    const type = textOf(found.source, typeAnnotation?.typeAnnotation);
    const isTested = key && (!optional || STORES.includes(type));
    return isTested ? [{ name: key.name, type, isOptional: Boolean(optional) }] : [];
  });
  return [...declared, ...found.node.extends.flatMap((base: Node) => fieldsOf(found.source, base))];
}
