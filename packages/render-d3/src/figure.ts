import { expectNumber, expectOneOf } from '@convlens/core';
import { wrapText } from './measure.js';
import { createSvg, draw, write, type Mark } from './svg.js';
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
  /** For those who cannot see it: what it shows, in a sentence or two. */
  readonly description: string;
  /** Of the body, pixels. */
  readonly width: number;
}

export interface OpenFigure {
  readonly body: Mark;
  readonly palette: Palette;
  /** Gives the figure its size, now that the height of the body is known. */
  close(height: number): SVGSVGElement;
}

const MARGIN = 20;
const NARROWEST = 300;
/** Names without spaces, so that no quotes are needed; Inter is what "./node" ships. */
export const FONT_FAMILY = 'Inter, system-ui, Roboto, Helvetica, Arial, sans-serif';

/** How wide the body of a figure may be, pixels. */
export const roomIn = ({ width = Infinity }: FigureOptions): number => width - 2 * MARGIN;

/** Begins a figure: ground, title, subtitle and an empty body. */
export function openFigure(options: FigureOptions, heading: Heading): OpenFigure {
  const { document = globalThis.document, title, theme = 'light', width: limit = Infinity } = options;
  if (limit !== Infinity) expectNumber('width', limit, { min: 240 });
  const palette = THEMES[expectOneOf('theme', theme, ['light', 'dark'])];
  const name = title ?? heading.title;
  const width = Math.max(Math.min(NARROWEST, roomIn(options)), heading.width);
  const svg = createSvg(document);
  svg.attr('xmlns', 'http://www.w3.org/2000/svg').attr('role', 'img');
  svg.attr('font-family', FONT_FAMILY).attr('font-size', 11);
  draw(svg, 'title').text(name);
  draw(svg, 'desc').text(heading.description);
  const ground = draw(svg, 'rect', { fill: palette.surface });
  let y = MARGIN;
  for (const line of wrapText(name, width, { size: 16, bold: true })) {
    write(svg, line, { x: MARGIN, y: y + 13, fill: palette.ink, 'font-size': 15, 'font-weight': 600 });
    y += 20;
  }
  for (const line of wrapText(heading.subtitle ?? '', width, { size: 12 })) {
    write(svg, line, { x: MARGIN, y: y + 10, fill: palette.muted, 'font-size': 11.5 });
    y += 16;
  }
  y += 12;
  const body = draw(svg, 'g', { transform: `translate(${MARGIN},${y})` });
  return {
    body,
    palette,
    close(height) {
      const size = { width: Math.ceil(width + 2 * MARGIN), height: Math.ceil(y + height + MARGIN) };
      ground.attr('width', size.width).attr('height', size.height);
      const scale = Math.min(1, limit / size.width);
      svg.attr('width', Math.round(size.width * scale)).attr('height', Math.round(size.height * scale));
      svg.attr('viewBox', `0 0 ${size.width} ${size.height}`);
      return svg.node() as SVGSVGElement;
    },
  };
}
