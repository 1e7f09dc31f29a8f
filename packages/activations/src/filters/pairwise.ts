/** A number for each pair of items, items x items. */
export const pairwise = <T>(items: readonly T[], numberOf: (a: T, b: T) => number): Float64Array =>
  Float64Array.from(items.flatMap((a) => items.map((b) => numberOf(a, b))));
