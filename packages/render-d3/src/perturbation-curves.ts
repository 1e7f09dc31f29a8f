import { InputError, type PerturbationCurve } from '@convlens/core';
import { openFigure, type FigureOptions } from './figure.js';
import { countOf, formatPercent, formatValue } from './format.js';
import { drawLegend, lineSign } from './legend.js';
import {
  arrangePanels,
  dashOf,
  domainOf,
  drawLine,
  drawLinePanel,
  drawPlaces,
  PANEL_HEIGHT,
} from './line-panel.js';
import { seriesColor } from './row-chart.js';
import { draw } from './svg.js';

const KINDS = [
  { kind: 'deletion', text: 'the lower the better' },
  { kind: 'insertion', text: 'the higher the better' },
] as const;

/** The curves of one method in one way, averaged over the images. */
function average(curves: readonly PerturbationCurve[]) {
  const [{ shares }] = curves;
  const odd = curves.find((curve) => Array.from(curve.shares).join() !== Array.from(shares).join());
  if (odd)
    throw new InputError(
      `Expected the same shares of every curve of ${odd.method}, got others for image ${odd.index}`,
    );
  const mean = (of: (curve: PerturbationCurve) => number) =>
    curves.reduce((sum, curve) => sum + of(curve), 0) / curves.length;
  return {
    auc: mean(({ auc }) => auc),
    points: Array.from(shares, (share, i) => [share, mean(({ scores }) => scores[i])] as const),
  };
}

/**
 * How the score of a class falls while the pixels that a method calls important are taken out, and rises while they are
 * put in (Petsiuk et al., 2018): the mean over the images, a line a method, with the area under it.
 */
export function perturbationCurves(
  curves: readonly PerturbationCurve[],
  options: FigureOptions = {},
): SVGSVGElement {
  if (!curves.length) throw new InputError('Expected at least one curve, got none');
  const methods = [...new Set(curves.map(({ method }) => method))];
  const images = new Set(curves.map(({ index }) => index)).size;
  const panels = KINDS.map(({ kind, text }) => ({
    kind,
    text,
    lines: methods.flatMap((method, i) => {
      const own = curves.filter((curve) => curve.kind === kind && curve.method === method);
      return own.length ? [{ method, i, ...average(own) }] : [];
    }),
  })).filter(({ lines }) => lines.length);
  const { panelWidth, stacked, width } = arrangePanels(options, panels.length);
  const { body, palette, close } = openFigure(options, {
    title: panels
      .map(({ kind }) => kind)
      .join(' and ')
      .replace(/^./, (letter) => letter.toUpperCase()),
    subtitle: `The score while pixels change in the order of the heatmap; mean of ${countOf(images, 'image')}. In brackets: area under the curve.`,
    description: panels
      .flatMap(({ kind, lines }) =>
        lines.map(({ method, auc }) => `${method}, ${kind}: area ${formatValue(auc)}.`),
      )
      .join(' '),
    width,
  });
  const all = domainOf(
    panels.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(([, score]) => score))),
  );
  let lowest = 0;
  panels.forEach(({ kind, text, lines }, p) => {
    const y = stacked && p ? lowest + 14 : 0;
    const panel = draw(body, 'g', { transform: `translate(${stacked ? 0 : p * (width - panelWidth)},${y})` });
    const scales = drawLinePanel(panel, {
      palette,
      name: kind === 'deletion' ? 'Deletion' : 'Insertion',
      unit: `score, ${text}`,
      width: panelWidth,
      x: {
        domain: [0, 1],
        label: `share of pixels ${kind === 'deletion' ? 'taken out' : 'put in'}`,
        format: '%',
      },
      y: { domain: all },
    });
    for (const { method, i, points } of lines) {
      const hintOf = (share: number, score: number) =>
        `${method}, ${formatPercent(share)}: ${formatValue(score)}`;
      drawLine(panel, points, { ...scales, color: seriesColor(palette, i), dash: dashOf(i), hintOf });
    }
    drawPlaces(
      panel,
      lines[0].points.map(([share]) => share),
      {
        x: scales.x,
        hintOf: (share, n) =>
          `${formatPercent(share)}: ${lines.map(({ method, points }) => `${method} ${formatValue(points[n]?.[1] ?? NaN)}`).join(', ')}`,
      },
    );
    const legend = draw(panel, 'g', { transform: `translate(0,${PANEL_HEIGHT + 4})` });
    const items = lines.map(({ method, i, auc }) => ({
      label: `${method} (${formatValue(auc)})`,
      sign: lineSign({ stroke: seriesColor(palette, i), 'stroke-dasharray': dashOf(i) }),
    }));
    const under = drawLegend(legend, items, { width: panelWidth, color: palette.ink });
    lowest = Math.max(lowest, y + PANEL_HEIGHT + 4 + under);
  });
  return close(lowest);
}
