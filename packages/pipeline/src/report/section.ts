import type { FigureOptions } from '@convlens/render-d3';
import type { ReportSection } from '@convlens/render-d3/report';

/** A figure that is ready to be drawn, in any document. */
export interface FigurePlan {
  /** Of its file, without extension. */
  readonly name: string;
  /** What it shows, in a sentence. */
  readonly caption: string;
  /** How to read it. */
  readonly reading?: string;
  /** What it is one of several of: a reader of the report chooses by it. */
  readonly choice?: Readonly<Record<string, string>>;
  draw(options: FigureOptions): SVGSVGElement;
}

/** A section of the report before its figures are drawn. */
export interface SectionPlan extends Omit<ReportSection, 'figures'> {
  readonly figures: readonly FigurePlan[];
}

/** A name as it may stand in a file's name. */
export const fileName = (text: string) => text.replace(/[^\p{L}\p{N}_-]+/gu, '-');

/** The same plans under names of their own: classes such as "a/b" and "a b" make the same name of a file. */
export function namedApart<T extends { readonly name: string }>(plans: readonly T[]): T[] {
  const taken = new Set<string>();
  return plans.map((plan) => {
    let { name } = plan;
    // Many file systems do not tell capital letters from small ones.
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${plan.name}-${n}`;
    taken.add(name.toLowerCase());
    return { ...plan, name };
  });
}
