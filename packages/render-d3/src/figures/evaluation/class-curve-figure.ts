import { expectNumber, formatPercent, type ClassCurves, type OptionNames } from '@convlens/core';
import { lineSymbol, renderLegend, ringSymbol, type LegendItem } from '../../charts/legend.js';
import { PANEL_HEIGHT, renderLinePanel, type Line } from '../../charts/line-panel.js';
import { panelRow } from '../../charts/panel-row.js';
import { classColor } from '../../drawing/class-colors.js';
import { FIGURE_OPTIONS, renderFigure, type FigureOptions } from '../../drawing/figure.js';
import { formatValue, formatWholePercent } from '../../drawing/format.js';
import { expectCount, expectNonEmpty } from '../../drawing/guards.js';
import { meanOf } from '../../drawing/numbers.js';
import { seriesDash } from '../../drawing/series-style.js';
import { append, appendGroup, appendLine, appendTooltip, type Mark } from '../../drawing/svg.js';

export interface ClassCurveOptions extends FigureOptions {
  /**
   * The probability from which on an image is predicted as the class, 0 to 1, marked on a single curve; default
   * 0.5. Several curves have no mark.
   */
  readonly threshold?: number;
  /**
   * The largest number of classes that are named, >= 1; default 10. Of more classes those with the smallest
   * area are named; the curves of the others are gray.
   */
  readonly count?: number;
  /**
   * Whether the classes are those of a multi-label classifier, each with a probability of its own; default false: two
   * classes are then a binary classifier, whose second class has the curve.
   */
  readonly isMultiLabel?: boolean;
}

export const CLASS_CURVE_OPTIONS: OptionNames<ClassCurveOptions> = {
  ...FIGURE_OPTIONS,
  threshold: true,
  count: true,
  isMultiLabel: true,
};

type Point = readonly [x: number, y: number];

/** One kind of curve of classes. */
export interface ClassCurveKind {
  readonly title: string;
  /** The quantities of the axes. */
  readonly x: string;
  readonly y: string;
  /** The area under the curve, and its name. */
  readonly areaName: string;
  area(curves: ClassCurves): number;
  /** The point of the threshold with an index. */
  pointAt(curves: ClassCurves, i: number): Point;
  /** The line through the points, with ascending x. */
  points(curves: ClassCurves): Point[];
  /** Where a classifier without skill is: its line, and a text for the legend. */
  chance(
    curves: readonly ClassCurves[],
  ): { readonly from: Point; readonly to: Point; readonly text: string } | undefined;
}

/** The smallest distance of points that are rendered: half a pixel, as a fraction of the axes. */
const MIN_DISTANCE = 1 / 600;
/** The positions along the x-axis that have a tooltip. */
const HOVER_POSITIONS = Array.from({ length: 51 }, (_, i) => i / 50);
const MAX_NAMES = 3;

/** Whether a point is on a horizontal or vertical line with both neighbors, where the area does not depend on it. */
const isInside = (points: readonly Point[], i: number) =>
  i > 0 &&
  i < points.length - 1 &&
  [0, 1].some((axis) => points[i - 1][axis] === points[i][axis] && points[i][axis] === points[i + 1][axis]);

/** The corners of the line, without those that are nearer than half a pixel to the one before. */
function thinPoints(allPoints: readonly Point[]): Point[] {
  const points = allPoints.filter((_, i) => !isInside(allPoints, i));
  const kept: Point[] = [];
  points.forEach((point, i) => {
    const last = kept.at(-1);
    const isNear =
      last && Math.abs(point[0] - last[0]) < MIN_DISTANCE && Math.abs(point[1] - last[1]) < MIN_DISTANCE;
    if (!isNear || i === points.length - 1) kept.push(point);
  });
  return kept;
}

/** The y of the line at some positions: that of the last point which is not beyond. */
function pointsForTooltips(points: readonly Point[]): Point[] {
  let i = 0;
  return HOVER_POSITIONS.map((x) => {
    while (i + 1 < points.length && points[i + 1][0] <= x + 1e-9) i++;
    return [x, points[i][1]];
  });
}

interface ClassLine {
  readonly curves: ClassCurves;
  readonly line: Line;
}

/**
 * Lines have the color of their class, of many classes that of their position; a single one has the color of the
 * test images.
 */
function namedLines(
  kind: ClassCurveKind,
  { named, defined, others }: CurveSelection,
  all: readonly ClassCurves[],
): ClassLine[] {
  return named.map((curves, i) => {
    const color = defined.length === 1 ? 'test' : classColor(others.length > 0 ? i : all.indexOf(curves));
    const points = thinPoints(kind.points(curves));
    return { curves, line: { name: curves.className, points, color, dash: seriesDash(i), hasMarks: false } };
  });
}

/** The names of some classes, "cat, dog, frog and 4 more". */
function listNames(curves: readonly ClassCurves[]): string {
  const names = curves.slice(0, MAX_NAMES).map(({ className }) => className);
  const more = curves.length - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** The index of the lowest threshold that is not below `threshold`. */
const indexOfThreshold = ({ thresholds }: ClassCurves, threshold: number) =>
  Math.max(
    0,
    thresholds.findLastIndex((value) => value >= threshold),
  );

interface CurveSelection {
  /** Those of which there is a curve. */
  readonly defined: readonly ClassCurves[];
  /** Those that are named, in the order of the classes. */
  readonly named: readonly ClassCurves[];
  readonly others: readonly ClassCurves[];
  readonly undefinedCurves: readonly ClassCurves[];
}

/** Of two classes the second, whose curves are those of the binary classifier; else the classes with the smallest area. */
function selectCurves(
  kind: ClassCurveKind,
  all: readonly ClassCurves[],
  { count, isBinary }: { count: number; isBinary: boolean },
): CurveSelection {
  const candidates = isBinary ? [all[1]] : all;
  const defined = candidates.filter((curves) => !Number.isNaN(kind.area(curves)));
  const smallest = [...defined].sort((a, b) => kind.area(a) - kind.area(b)).slice(0, count);
  return {
    defined,
    named: defined.filter((curves) => smallest.includes(curves)),
    others: defined.filter((curves) => !smallest.includes(curves)),
    undefinedCurves: candidates.filter((curves) => !defined.includes(curves)),
  };
}

function subtitleOf(
  kind: ClassCurveKind,
  all: readonly ClassCurves[],
  {
    selection,
    isBinary,
    isMultiLabel,
  }: { selection: CurveSelection; isBinary: boolean; isMultiLabel: boolean },
): string {
  const { defined, named, others, undefinedCurves } = selection;
  const compared = isMultiLabel
    ? 'The images of each class against those without it'
    : 'Each class against all others';
  const texts = [
    isBinary
      ? `${all[1].className} against ${all[0].className}.`
      : defined.length > 1 &&
        `${compared}; mean ${kind.areaName} ${formatValue(meanOf(defined.map(kind.area)))}.`,
    others.length > 0 &&
      `Named: the ${named.length} of ${all.length} classes with the smallest ${kind.areaName}.`,
    undefinedCurves.length > 0 && `Without a curve, for lack of images: ${listNames(undefinedCurves)}.`,
    defined.length > 0 && `In parentheses: ${kind.areaName}.`,
  ];
  return texts.filter(Boolean).join(' ');
}

/** The point of a threshold on a single curve. */
interface MarkedPoint {
  readonly point: Point;
  /** For the legend, and with the names of the axes. */
  readonly text: string;
  readonly longText: string;
}

function markThreshold(
  kind: ClassCurveKind,
  { defined }: CurveSelection,
  threshold: number,
): MarkedPoint | undefined {
  if (defined.length !== 1) return undefined;
  const point = kind.pointAt(defined[0], indexOfThreshold(defined[0], threshold));
  const [x, y] = point.map((value) => formatPercent(value, 1));
  const name = `threshold ${Number(threshold.toPrecision(3))}`;
  return { point, text: `${name}: ${x}, ${y}`, longText: `${name}: ${kind.x} ${x}, ${kind.y} ${y}` };
}

/** What the figure shows. */
interface Curves {
  readonly kind: ClassCurveKind;
  readonly selection: CurveSelection;
  readonly lines: readonly ClassLine[];
  readonly marked?: MarkedPoint;
}

function legendItems({ kind, selection: { defined, others }, lines, marked }: Curves): LegendItem[] {
  const items: LegendItem[] = lines.map(({ curves, line: { name, color, dash } }) => ({
    label: name,
    value: ` (${formatValue(kind.area(curves))})`,
    symbol: lineSymbol({ color, dash }),
  }));
  if (others.length > 0)
    items.push({
      label: others.length === 1 ? '1 other class' : `${others.length} other classes`,
      symbol: lineSymbol({ color: 'border', width: 1 }),
    });
  const chance = kind.chance(defined);
  if (chance)
    items.push({ label: chance.text, symbol: lineSymbol({ color: 'muted', dash: '2 3', width: 1.25 }) });
  if (marked) items.push({ label: marked.text, symbol: ringSymbol('test') });
  return items;
}

/** The axes, the lines, the line of chance and the mark; returns the height in pixels. */
function renderCurvePanel(panel: Mark, curves: Curves, width: number): number {
  const { kind, selection, lines, marked } = curves;
  const grayLines = selection.others.map((other): Line => {
    const points = thinPoints(kind.points(other));
    return { name: other.className, points, color: 'border', width: 1, hasMarks: false };
  });
  const scales = renderLinePanel(panel, {
    name: kind.y,
    unit: '',
    width,
    lines: [...grayLines, ...lines.map(({ line }) => line)],
    hoverLines: lines.map(({ curves: { className: name }, line }) => ({
      ...line,
      name,
      points: pointsForTooltips(line.points),
    })),
    x: { domain: [0, 1], label: kind.x, format: formatWholePercent },
    y: { domain: [0, 1], ticks: '%', format: (value) => formatPercent(value, 1) },
  });
  const chance = kind.chance(selection.defined);
  if (chance) {
    const [[x1, y1], [x2, y2]] = [chance.from, chance.to].map(([x, y]) => [scales.x(x), scales.y(y)]);
    const style = { stroke: 'muted', 'stroke-width': 1.25, 'stroke-dasharray': '2 3' };
    appendLine(panel, [x1, y1, x2, y2], style);
  }
  if (marked) {
    const mark = append(panel, 'g');
    appendTooltip(mark, marked.longText);
    const center = { cx: scales.x(marked.point[0]), cy: scales.y(marked.point[1]) };
    append(mark, 'circle', { ...center, r: 4.5, fill: 'test', stroke: 'ink', 'stroke-width': 2 });
  }
  const top = PANEL_HEIGHT + 4;
  const legend = renderLegend(appendGroup(panel, { y: top }), legendItems(curves), { width, space: 0 });
  return top + legend;
}

/** A figure with the curves of one kind. */
export function renderClassCurves(
  kind: ClassCurveKind,
  all: readonly ClassCurves[],
  options: ClassCurveOptions,
): SVGSVGElement {
  expectNonEmpty(all, 'curve', 'ClassCurves');
  const { threshold = 0.5, count = 10, isMultiLabel = false } = options;
  expectNumber('threshold', threshold, { min: 0, max: 1 });
  const isBinary = all.length === 2 && !isMultiLabel;
  const selection = selectCurves(kind, all, { count: expectCount('count', count), isBinary });
  const marked = markThreshold(kind, selection, threshold);
  const curves: Curves = { kind, selection, lines: namedLines(kind, selection, all), marked };
  const row = panelRow(options, 1);
  const areas = selection.named.map((one) => `${one.className}: ${formatValue(kind.area(one))}.`);
  const heading = {
    title: kind.title,
    subtitle: subtitleOf(kind, all, { selection, isBinary, isMultiLabel }),
    description: [...areas, marked && `${marked.longText}.`].filter(Boolean).join(' '),
    width: row.width,
  };
  return renderFigure(options, heading, (body) =>
    row.render(body, [curves], { renderPanel: renderCurvePanel }),
  );
}
