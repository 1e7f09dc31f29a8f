import { InputError, methodName, type PerturbationCurve } from '@convlens/core';
import { expectSome } from './checks.js';
import { seriesColor } from './class-colors.js';
import { drawFigure, type FigureOptions } from './figure.js';
import { countOf, formatPercent, formatValue } from './format.js';
import { drawLegend, lineSign } from './legend.js';
import { dashOf, domainOf, drawLinePanel, PANEL_HEIGHT, panelRow } from './line-panel.js';
import { group } from './svg.js';

const KINDS = [
  { kind: 'deletion', name: 'Deletion', unit: 'score, the lower the better', done: 'taken out' },
  { kind: 'insertion', name: 'Insertion', unit: 'score, the higher the better', done: 'put in' },
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
  expectSome(curves, 'curve');
  const methods = [...new Set(curves.map(({ method }) => method))];
  const images = new Set(curves.map(({ index }) => index)).size;
  const kinds = KINDS.map((kind) => ({
    ...kind,
    lines: methods.flatMap((method, i) => {
      const own = curves.filter((curve) => curve.kind === kind.kind && curve.method === method);
      const style = { name: methodName(method), color: seriesColor(i), dash: dashOf(i) };
      return own.length ? [{ ...style, ...average(own) }] : [];
    }),
  })).filter(({ lines }) => lines.length);
  const panels = panelRow(options, kinds.length);
  const domain = domainOf(
    kinds.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(([, score]) => score))),
  );
  const heading = {
    title: kinds.map(({ kind, name }, i) => (i ? kind : name)).join(' and '),
    subtitle: `The score while pixels change in the order of the heatmap; mean of ${countOf(images, 'image')}. In brackets: area under the curve.`,
    description: kinds
      .flatMap(({ kind, lines }) =>
        lines.map(({ name, auc }) => `${name}, ${kind}: area ${formatValue(auc)}.`),
      )
      .join(' '),
    width: panels.width,
  };
  return drawFigure(options, heading, (body) =>
    panels.draw(body, kinds, {
      drawPanel(panel, { done, lines, ...kind }, width) {
        drawLinePanel(panel, {
          ...kind,
          lines,
          width,
          x: { domain: [0, 1], label: `share of pixels ${done}`, format: formatPercent },
          y: { domain, format: formatValue },
        });
        const legend = lines.map(({ name, auc, color, dash }) => ({
          label: name,
          value: ` (${formatValue(auc)})`,
          sign: lineSign({ stroke: color, 'stroke-dasharray': dash }),
        }));
        const top = PANEL_HEIGHT + 4;
        return top + drawLegend(group(panel, { y: top }), legend, { width, space: 0 });
      },
    }),
  );
}
