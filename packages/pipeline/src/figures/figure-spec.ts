import type { FigureOptions } from '@convlens/render-d3';

/** A figure that can be rendered later, in any document. */
export interface FigureSpec {
  /** The name of its file, without extension. */
  readonly name: string;
  /** What it shows, in a sentence. */
  readonly caption: string;
  /** How to read it. */
  readonly note?: string;
  /**
   * How it differs from the other figures of its section, such as `{ image: 'cat' }`: a reader selects by
   * these.
   */
  readonly facets?: Readonly<Record<string, string>>;
  render(options: FigureOptions): SVGSVGElement;
}

/** A text as part of a file name: what is neither a letter, a digit, "_" nor "-" becomes "-". */
export const toFileName = (text: string) => text.replace(/[^\p{L}\p{N}_-]+/gu, '-');

/**
 * The same items, with "-2", "-3", ... appended to a name that occurs before. Many file systems do not
 * distinguish upper and lower case, so neither does this.
 */
export function withUniqueNames<T extends { readonly name: string }>(items: readonly T[]): T[] {
  const usedNames = new Set<string>();
  return items.map((item) => {
    let { name } = item;
    for (let n = 2; usedNames.has(name.toLowerCase()); n++) name = `${item.name}-${n}`;
    usedNames.add(name.toLowerCase());
    return { ...item, name };
  });
}
