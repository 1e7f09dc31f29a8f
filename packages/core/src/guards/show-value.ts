/** The most fields of an object in a message. */
const LISTED = 5;

/** The most characters of a text in a message. */
const LONGEST = 100;

/** A value as messages show it: short, whatever it is. */
export function showValue(value: unknown): string {
  if (typeof value === 'string')
    return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}...` : value);
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  const name = (value.constructor as { name?: string } | undefined)?.name ?? 'Object';
  return name === 'Object' ? showObject(value) : name;
}

function showObject(value: object): string {
  const fields = Object.keys(value);
  if (fields.length === 0) return 'an object without fields';
  return `an object with ${fields.slice(0, LISTED).join(', ')}${fields.length > LISTED ? ', ...' : ''}`;
}
