import { expectNumber, expectOneOf, type OptionNames } from '@convlens/core';
import { wrapText } from './measure-text.js';
import { append, appendGroup, appendText, createSvg, type Mark } from './svg.js';
import { THEMES, type Palette, type Theme } from './theme.js';

/** The options of every figure. */
export interface FigureOptions {
  /** Creates the elements; default: globalThis.document. */
  readonly document?: Document;
  /** The title above the figure; the default names the record. */
  readonly title?: string;
  /** 'light' (default) or 'dark'. */
  readonly theme?: Theme;
  /**
   * The largest width in pixels, >= 240; default: no limit. A narrow figure has fewer columns or stacked
   * panels; it is scaled down if that does not suffice.
   */
  readonly width?: number;
}

export const FIGURE_OPTIONS: OptionNames<FigureOptions> = {
  document: true,
  title: true,
  theme: true,
  width: true,
};

/** Renders records to an SVG that is not in a document yet. Equal records and options give equal bytes. */
export type Figure<R, O extends FigureOptions = FigureOptions> = (records: R, options?: O) => SVGSVGElement;

/** The texts of a figure and the width of its body. */
export interface Heading {
  readonly title: string;
  /** How to read the figure: units, scales, omissions. */
  readonly subtitle?: string;
  /** For readers who cannot see the figure: its main numbers. */
  readonly description?: string;
  /** The width of the body in pixels. */
  readonly width: number;
}

/** Around the figure, in pixels. */
const MARGIN = 20;
const MIN_WIDTH = 300;
const SMALLEST_LIMIT = 240;
/** Names without spaces need no quotes. Inter is the font of the "./node" entry. */
const FONT_FAMILY = 'Inter, system-ui, Roboto, Helvetica, Arial, sans-serif';

/** The largest width of the body of a figure, in pixels. */
export const availableWidth = ({ width = Infinity }: FigureOptions): number => width - 2 * MARGIN;

/** Replaces the roles of a theme ("ink", "train") by their colors, in a mark and its descendants. */
function applyPalette(mark: Element, palette: Palette): void {
  for (const name of ['fill', 'stroke']) {
    const color = palette[mark.getAttribute(name) as keyof Palette];
    if (color) mark.setAttribute(name, color);
  }
  for (const child of mark.children) applyPalette(child, palette);
}

function createFigure(
  document: Document | undefined,
  title: string,
  { subtitle = '', description = '' }: Heading,
) {
  const svg = createSvg(document);
  svg.attr('xmlns', 'http://www.w3.org/2000/svg').attr('role', 'img');
  svg.attr('font-family', FONT_FAMILY).attr('font-size', 11);
  append(svg, 'title').text(title);
  append(svg, 'desc').text(`${subtitle} ${description}`.trim());
  return svg;
}

/** Renders title and subtitle in lines of at most `width` pixels; returns the top of the body in pixels. */
function renderHeading(svg: Mark, { title, subtitle = '', width }: Heading): number {
  let y = MARGIN;
  for (const line of wrapText(title, width, { size: 16, bold: true })) {
    appendText(svg, line, { x: MARGIN, y: y + 13, fill: 'ink', 'font-size': 15, 'font-weight': 600 });
    y += 20;
  }
  for (const line of wrapText(subtitle, width, { size: 12 })) {
    appendText(svg, line, { x: MARGIN, y: y + 10, 'font-size': 11.5 });
    y += 16;
  }
  return y + 12;
}

/**
 * A figure: background, title, subtitle, body.
 *
 * @param renderBody renders the body of the given width and returns its height, both in pixels
 * @throws InputError if `theme`, `width` or `document` is invalid
 */
export function renderFigure(
  options: FigureOptions,
  heading: Heading,
  renderBody: (body: Mark, width: number) => number,
): SVGSVGElement {
  const { document = globalThis.document, theme = 'light', width: limit = Infinity } = options;
  if (limit !== Infinity) expectNumber('width', limit, { min: SMALLEST_LIMIT });
  const palette = THEMES[expectOneOf('theme', theme, Object.keys(THEMES) as Theme[])];
  const title = options.title ?? heading.title;
  const headingWidth = Math.max(Math.min(MIN_WIDTH, availableWidth(options)), heading.width);
  const svg = createFigure(document, title, heading);
  const background = append(svg, 'rect', { fill: 'surface' });
  const top = renderHeading(svg, { ...heading, title, width: headingWidth });
  const bottom = top + renderBody(appendGroup(svg, { x: MARGIN, y: top }), heading.width);
  const width = Math.ceil(headingWidth + 2 * MARGIN);
  const height = Math.ceil(bottom + MARGIN);
  background.attr('width', width).attr('height', height);
  const scale = Math.min(1, limit / width);
  svg.attr('width', Math.round(width * scale)).attr('height', Math.round(height * scale));
  svg.attr('viewBox', `0 0 ${width} ${height}`);
  const root = svg.node() as SVGSVGElement;
  applyPalette(root, palette);
  return root;
}
