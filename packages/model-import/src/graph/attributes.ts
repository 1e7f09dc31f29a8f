import { isObject } from '../keras/json.js';
import type { NodeDef } from './graph-topology.js';

const attribute = ({ attr = {} }: NodeDef, name: string): Record<string, unknown> | undefined => {
  const value: unknown = Object.hasOwn(attr, name) ? attr[name] : undefined;
  return isObject(value) ? value : undefined;
};

/** The text of an attribute: bytes in base 64, as the JSON of protocol buffers has them. */
export function textAttribute(node: NodeDef, name: string): string | undefined {
  const text = attribute(node, name)?.s;
  return typeof text === 'string' ? decodeText(text) : undefined;
}

/** The texts of an attribute that is a list. */
export function textsAttribute(node: NodeDef, name: string): string[] {
  const list = attribute(node, name)?.list;
  const texts: unknown = isObject(list) ? list.s : undefined;
  return Array.isArray(texts) ? texts.filter((text) => typeof text === 'string').map(decodeText) : [];
}

function decodeText(text: string): string {
  try {
    return atob(text);
  } catch {
    return text;
  }
}

/** The integers of an attribute that is a list. */
export function integersAttribute(node: NodeDef, name: string): number[] {
  const list = attribute(node, name)?.list;
  const integers: unknown = isObject(list) ? list.i : undefined;
  return Array.isArray(integers) ? integers.map(Number) : [];
}

export const isTrueAttribute = (node: NodeDef, name: string): boolean => attribute(node, name)?.b === true;

/** The data type of an attribute, such as "DT_FLOAT", which may be written as its number. */
export function typeAttribute(node: NodeDef, name: string): string | undefined {
  const type = attribute(node, name)?.type;
  if (type === 1) return 'DT_FLOAT';
  return type === undefined ? undefined : String(type);
}

/** The sizes of an attribute that is a shape, null for any size; undefined if even the rank is unknown. */
export function shapeAttribute(node: NodeDef, name: string): (number | null)[] | undefined {
  const shape = attribute(node, name)?.shape;
  if (!isObject(shape) || shape.unknownRank === true) return undefined;
  const dimensions: unknown = shape.dim ?? [];
  if (!Array.isArray(dimensions)) return undefined;
  return dimensions.map((dimension) => {
    const size = Number(isObject(dimension) ? dimension.size : NaN);
    return Number.isSafeInteger(size) && size >= 0 ? size : null;
  });
}
