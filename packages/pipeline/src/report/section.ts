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
