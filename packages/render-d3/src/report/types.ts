/** The content of a report. Texts are escaped; `svg` comes from `serialize` or `renderSvg`. */
export interface Report {
  readonly title: string;
  /** A line below the title, such as the model and the data. */
  readonly subtitle?: string;
  /** The main results, such as the test accuracy. */
  readonly facts?: readonly { readonly label: string; readonly value: string | number }[];
  readonly sections: readonly ReportSection[];
  /**
   * The text and the additional questions of the last section, which repeats the questions of all sections.
   */
  readonly discussion?: { readonly text?: string; readonly questions?: readonly string[] };
  /** The notes of the reader: paragraphs, "# " headings and "- " lists. */
  readonly notes?: string;
}

export interface ReportSection {
  /** The anchor in the page: letters, digits, "-" and "_"; unique in the report. */
  readonly id: string;
  readonly title: string;
  /** What the figures show and how to read them; an empty line separates paragraphs. */
  readonly text?: string;
  readonly figures?: readonly ReportFigure[];
  readonly tables?: readonly ReportTable[];
  /** Questions about the figures. */
  readonly questions?: readonly string[];
}

export interface ReportFigure {
  /** The name of the file to save, without extension. */
  readonly name: string;
  /** One svg element in the light theme; the page maps its colors in the dark theme. */
  readonly svg: string;
  /** What the figure shows, in a sentence; default: the name. */
  readonly caption?: string;
  /** How to read the figure: the meaning of axes, colors and sizes. */
  readonly note?: string;
  /**
   * The properties that distinguish this figure from similar ones of its section, such as `{ image: 'cat',
   * method: 'Grad-CAM' }`. With scripts, the reader selects one figure by them; without scripts, all figures
   * are shown.
   */
  readonly facets?: Readonly<Record<string, string>>;
}

export interface ReportTable {
  readonly title?: string;
  readonly columns: readonly string[];
  /** Columns of numbers are right-aligned. Pass text to control the digits. */
  readonly rows: readonly (readonly (string | number)[])[];
}
