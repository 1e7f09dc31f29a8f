import { expectOptions, formatCount, InputError, type PerturbationCurve } from '@convlens/core';
import { lineSymbol, renderLegend } from '../../charts/legend.js';
import { paddedDomain, PANEL_HEIGHT, renderLinePanel, type Line } from '../../charts/line-panel.js';
import { panelRow } from '../../charts/panel-row.js';
import { FIGURE_OPTIONS, renderFigure, type FigureOptions } from '../../drawing/figure.js';
import { formatValue, formatWholePercent } from '../../drawing/format.js';
import { expectNonEmpty } from '../../drawing/guards.js';
import { methodName } from '../../drawing/heatmap.js';
import { meanOf } from '../../drawing/numbers.js';
import { seriesColor, seriesDash } from '../../drawing/series-style.js';
import { appendGroup } from '../../drawing/svg.js';

const KINDS = [
  { kind: 'deletion', name: 'Deletion', unit: 'score, lower is better', action: 'deleted' },
  { kind: 'insertion', name: 'Insertion', unit: 'score, higher is better', action: 'inserted' },
] as const;

interface MeanCurve extends Line {
  readonly auc: number;
}

/** The mean of the curves of one method over the images. */
function meanCurve(curves: readonly PerturbationCurve[], series: number): MeanCurve {
  const [{ fractions }] = curves;
  const other = curves.find((curve) => Array.from(curve.fractions).join() !== Array.from(fractions).join());
  if (other)
    throw new InputError(
      `Expected the same fractions in every curve of ${other.method}, got others for image ${other.index}`,
    );
  return {
    name: methodName(curves[0]),
    color: seriesColor(series),
    dash: seriesDash(series),
    auc: meanOf(curves.map(({ auc }) => auc)),
    points: Array.from(fractions, (fraction, i) => [fraction, meanOf(curves.map(({ scores }) => scores[i]))]),
  };
}

/** The mean curves of each kind that occurs, one line per method. */
function panelsOf(curves: readonly PerturbationCurve[]) {
  const methods = [...new Set(curves.map(({ method }) => method))];
  const panels = KINDS.map((kind) => {
    const lines = methods.flatMap((method, i) => {
      const matching = curves.filter((curve) => curve.kind === kind.kind && curve.method === method);
      return matching.length ? [meanCurve(matching, i)] : [];
    });
    return { ...kind, lines };
  });
  return panels.filter(({ lines }) => lines.length);
}

/**
 * Insertion and deletion curves (Petsiuk et al., 2018): the class score while pixels are deleted or inserted
 * in order of attribution, as a mean over the images, one line per method, with the area under the curve.
 */
export function perturbationCurves(
  curves: readonly PerturbationCurve[],
  options: FigureOptions = {},
): SVGSVGElement {
  expectOptions('perturbationCurves', options, FIGURE_OPTIONS);
  expectNonEmpty(curves, 'curve', 'PerturbationCurve');
  const imageCount = formatCount(new Set(curves.map(({ index }) => index)).size, 'image');
  const kinds = panelsOf(curves);
  const scores = kinds.flatMap(({ lines }) =>
    lines.flatMap(({ points }) => points.map(([, score]) => score)),
  );
  const y = { domain: paddedDomain(scores), format: formatValue };
  const row = panelRow(options, kinds.length);
  const areas = kinds.flatMap(({ kind, lines }) =>
    lines.map(({ name, auc }) => `${name}, ${kind}: area ${formatValue(auc)}.`),
  );
  const heading = {
    title: kinds.map(({ kind, name }, i) => (i ? kind : name)).join(' and '),
    subtitle:
      `Class score while pixels change in order of attribution, mean of ${imageCount}. ` +
      'In parentheses: area under the curve.',
    description: areas.join(' '),
    width: row.width,
  };
  return renderFigure(options, heading, (body) =>
    row.render(body, kinds, {
      renderPanel(panel, { action, ...kind }, width) {
        const x = {
          domain: [0, 1],
          label: `fraction of pixels ${action}`,
          format: formatWholePercent,
        } as const;
        renderLinePanel(panel, { ...kind, width, x, y });
        const legend = kind.lines.map(({ name, auc, color, dash }) => ({
          label: name,
          value: ` (${formatValue(auc)})`,
          symbol: lineSymbol({ color, dash }),
        }));
        const top = PANEL_HEIGHT + 4;
        return top + renderLegend(appendGroup(panel, { y: top }), legend, { width, space: 0 });
      },
    }),
  );
}
