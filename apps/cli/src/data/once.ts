/** The function that calls another one the first time, and then returns the same again, whatever its arguments. */
export function once<Arguments extends unknown[], T>(work: (...args: Arguments) => T): typeof work {
  let result: { readonly value: T } | undefined;
  return (...args) => (result ??= { value: work(...args) }).value;
}
