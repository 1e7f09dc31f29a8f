/** Everything a report shows: plain data. All texts are escaped; svg comes from `serialize` or `renderSvg`. */
export interface Report {
  readonly title: string;
  /** A line under the title, such as the model and the data. */
  readonly subtitle?: string;
  /** What a reader wants to know first, such as the test accuracy. */
  readonly facts?: readonly { readonly label: string; readonly value: string | number }[];
  readonly sections: readonly ReportSection[];
  /** What stands over the discussion, which ends the report and repeats the questions of all sections. */
  readonly discussion?: { readonly text?: string; readonly questions?: readonly string[] };
  /** The reader's own words: paragraphs, "# " headings and "- " lists. */
  readonly notes?: string;
}

export interface ReportSection {
  /** The anchor in the page: letters, digits, "-" and "_"; another one a section. */
  readonly id: string;
  readonly title: string;
  /** What the figures show and how to read them; an empty line begins a paragraph. */
  readonly text?: string;
  readonly figures?: readonly ReportFigure[];
  readonly tables?: readonly ReportTable[];
  /** To think about at these figures. */
  readonly questions?: readonly string[];
}

export interface ReportFigure {
  /** The name of its file, without extension. */
  readonly name: string;
  /** One svg element, drawn with the light theme: the page maps its colours where it is dark. */
  readonly svg: string;
  /** What it shows, in a sentence. */
  readonly caption?: string;
  /** How to read it, in a sentence or two: what the axes, colours and sizes mean. */
  readonly reading?: string;
  /**
   * What this figure is one of several of, such as `{ image: 'cat', method: 'Grad-CAM' }`. A reader with scripts chooses
   * among the figures of a section by these names; without scripts all of them are there.
   */
  readonly choice?: Readonly<Record<string, string>>;
}

export interface ReportTable {
  readonly title?: string;
  readonly columns: readonly string[];
  /** Numbers are set right; give texts where the digits matter. */
  readonly rows: readonly (readonly (string | number)[])[];
}
