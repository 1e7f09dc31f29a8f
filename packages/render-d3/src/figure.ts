import { expectNumber, expectOneOf } from '@convlens/core';
import { wrapText } from './measure.js';
import { createSvg, draw, group, write, type Mark } from './svg.js';
import { THEMES, type Palette, type Theme } from './theme.js';

/** What every figure takes. */
export interface FigureOptions {
  /** Whose elements are made; globalThis.document. */
  readonly document?: Document;
  /** Stands above the figure; one that says what it shows. */
  readonly title?: string;
  /** Colours for a light or a dark ground; light. */
  readonly theme?: Theme;
  /**
   * At most so wide, pixels, from 240: fewer columns, narrower panels, and what cannot be laid out narrower is drawn
   * smaller. As wide as it needs.
   */
  readonly width?: number;
}

/** Draws records. The same records and options give the same bytes. The element is in no document yet. */
export type Figure<R, O extends FigureOptions = FigureOptions> = (records: R, options?: O) => SVGSVGElement;

/** What the figure says of itself, and how wide its body is. */
export interface Heading {
  readonly title: string;
  /** How to read it: units, scales, what was left out. */
  readonly subtitle?: string;
  /** For those who cannot see it: what it shows beyond title and subtitle, such as its main numbers. */
  readonly description?: string;
  /** Of the body, pixels. */
  readonly width: number;
}

const MARGIN = 20;
const NARROWEST = 300;
/** Names without spaces, so that no quotes are needed; Inter is what "./node" ships. */
export const FONT_FAMILY = 'Inter, system-ui, Roboto, Helvetica, Arial, sans-serif';

/** How wide the body of a figure may be, pixels. */
export const roomIn = ({ width = Infinity }: FigureOptions): number => width - 2 * MARGIN;

/** Marks are drawn in colours by what these are for: here they become those of the theme. */
function paint(mark: Element, palette: Palette): void {
  for (const name of ['fill', 'stroke']) {
    const color = palette[mark.getAttribute(name) as keyof Palette];
    if (color) mark.setAttribute(name, color);
  }
  for (const child of mark.children) paint(child, palette);
}

/** A figure: ground, title, subtitle, and a body that is drawn by `drawBody`, which returns its height in pixels. */
export function drawFigure(
  options: FigureOptions,
  heading: Heading,
  drawBody: (body: Mark, width: number) => number,
): SVGSVGElement {
  const { document = globalThis.document, title, theme = 'light', width: limit = Infinity } = options;
  if (limit !== Infinity) expectNumber('width', limit, { min: 240 });
  const palette = THEMES[expectOneOf('theme', theme, ['light', 'dark'])];
  const name = title ?? heading.title;
  const width = Math.max(Math.min(NARROWEST, roomIn(options)), heading.width);
  const svg = createSvg(document);
  const attributes = { xmlns: 'http://www.w3.org/2000/svg', role: 'img', 'font-family': FONT_FAMILY };
  for (const [key, value] of Object.entries(attributes)) svg.attr(key, value);
  svg.attr('font-size', 11);
  draw(svg, 'title').text(name);
  const { subtitle = '', description = '' } = heading;
  draw(svg, 'desc').text(`${subtitle} ${description}`.trim());
  const ground = draw(svg, 'rect', { fill: 'surface' });
  let y = MARGIN;
  for (const line of wrapText(name, width, { size: 16, bold: true })) {
    write(svg, line, { x: MARGIN, y: y + 13, fill: 'ink', 'font-size': 15, 'font-weight': 600 });
    y += 20;
  }
  for (const line of wrapText(subtitle, width, { size: 12 })) {
    write(svg, line, { x: MARGIN, y: y + 10, 'font-size': 11.5 });
    y += 16;
  }
  y += 12;
  y += drawBody(group(svg, { x: MARGIN, y }), heading.width) + MARGIN;
  const size = { width: Math.ceil(width + 2 * MARGIN), height: Math.ceil(y) };
  ground.attr('width', size.width).attr('height', size.height);
  const scale = Math.min(1, limit / size.width);
  svg.attr('width', Math.round(size.width * scale)).attr('height', Math.round(size.height * scale));
  svg.attr('viewBox', `0 0 ${size.width} ${size.height}`);
  const root = svg.node() as SVGSVGElement;
  paint(root, palette);
  return root;
}
