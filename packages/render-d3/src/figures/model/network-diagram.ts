import {
  expectRecord,
  expectOptions,
  formatCount,
  formatPercent,
  type LayerSummary,
  type ModelSummary,
} from '@convlens/core';
import { renderTable, tableWidth } from '../../charts/table.js';
import { FIGURE_OPTIONS, renderFigure, type FigureOptions } from '../../drawing/figure.js';
import { expectNonEmpty } from '../../drawing/guards.js';
import { paddedTextWidth } from '../../drawing/measure-text.js';
import { append, appendGroup, appendLine, appendTooltip, type Mark } from '../../drawing/svg.js';

const ROW_HEIGHT = 26;
const BLOCK_WIDTH = 120;
const LANE_WIDTH = 12;
const LINE = { stroke: 'axis', 'stroke-width': 1.5 };

/** The role of a layer, by its TensorFlow.js class, and the color of its block. */
const ROLES = [
  { pattern: /Conv|Dense|Recurrent|Embedding/, role: 'weights', color: 'train' },
  { pattern: /Pool|UpSampling/, role: 'pooling', color: 'validation' },
  { pattern: /Normalization/, role: 'normalization', color: 'event' },
  { pattern: /ReLU|ELU|Activation|Softmax/, role: 'activation', color: 'test' },
  { pattern: /^/, role: 'other', color: 'bar' },
];
const roleOf = (className: string) => ROLES.find(({ pattern }) => pattern.test(className))!;

/** The width of names of layers inside nested models. */
const NESTED_NAME_WIDTH = 240;

/** The name of a layer; of a long one inside a nested model the end, since the beginning is that of its neighbors too. */
function nameText(name: string): string {
  if (!name.includes('/')) return name;
  const fits = (text: string) => paddedTextWidth(text, { bold: true }) <= NESTED_NAME_WIDTH;
  // Whole names of models are left out first, then letters.
  const ends = [...name.matchAll(/\//g), ...name.matchAll(/[^/](?=[^/]*$)/g)].map(
    ({ index }) => `…${name.slice(index)}`,
  );
  return [name, ...ends].find(fits) ?? name;
}

const shapeText = ({ outputShape }: LayerSummary) => outputShape.map((size) => size ?? '?').join(' × ');

/** Width and height grow with the logarithm, so that 3 and 2,048 channels fit into one diagram. */
function blockSize({ outputShape }: LayerSummary): { width: number; height: number } {
  const channels = outputShape.at(-1) ?? 1;
  const side = outputShape.length > 1 ? (outputShape[0] ?? 1) : 1;
  return {
    width: Math.min(BLOCK_WIDTH, 12 + 9 * Math.log2(Math.max(1, channels))),
    height: Math.min(ROW_HEIGHT - 6, 5 + 2.5 * Math.log2(side)),
  };
}

/** A connection from the output of a layer to the input of another, by their rows. */
interface Edge {
  readonly from: number;
  readonly to: number;
}

/** Connections to the next layer are lines down; the others are skip connections beside the blocks. */
function edgesOf(layers: readonly LayerSummary[]): { direct: Edge[]; skips: Edge[] } {
  const rows = new Map(layers.map(({ name }, row) => [name, row]));
  const edges = layers.flatMap(({ inputs }, to) =>
    inputs.map((input) => ({ from: rows.get(input) ?? -1, to })).filter(({ from }) => from >= 0),
  );
  return {
    direct: edges.filter(({ from, to }) => to - from === 1),
    skips: edges.filter(({ from, to }) => to - from > 1).sort((a, b) => a.from - b.from || a.to - b.to),
  };
}

/**
 * The lane of each skip connection: the first one that is free, so that overlapping connections are side by
 * side.
 */
function assignLanes(skips: readonly Edge[]): number[] {
  const ends: number[] = [];
  return skips.map(({ from, to }) => {
    const free = ends.findIndex((end) => end <= from);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = to;
    return lane;
  });
}

const rowMiddle = (row: number) => (row + 1.5) * ROW_HEIGHT;

/** A skip connection: left from `middle` to `laneX`, down, and back. */
function renderSkip(
  parent: Mark,
  { from, to }: Edge,
  { laneX, middle }: { laneX: number; middle: number },
): Mark {
  const [start, end] = [rowMiddle(from) + 5, rowMiddle(to) - 5];
  const d = `M${middle},${start}H${laneX + 4}q-4,0,-4,4V${end - 4}q0,4,4,4H${middle}`;
  return append(parent, 'path', { d, fill: 'none', ...LINE });
}

function layerTooltip(layer: LayerSummary, { parameters: total }: ModelSummary): string {
  const { name, className, parameters, trainableParameters } = layer;
  const percent = total ? ` (${formatPercent(parameters / total, 1)})` : '';
  const nonTrainable = parameters - trainableParameters;
  return (
    `${name}, ${className}: ${roleOf(className).role}. ` +
    `Output ${shapeText(layer)}, ${formatCount(parameters, 'parameter')}${percent}` +
    (nonTrainable ? `, ${formatCount(nonTrainable)} of them non-trainable` : '')
  );
}

function renderBlock(parent: Mark, summary: ModelSummary, row: number, middle: number): void {
  const layer = summary.layers[row];
  const size = blockSize(layer);
  const block = appendGroup(parent, { x: middle, y: rowMiddle(row) });
  appendTooltip(block, layerTooltip(layer, summary));
  const box = { x: -size.width / 2, y: -size.height / 2, ...size, rx: 2 };
  append(block, 'rect', { ...box, fill: roleOf(layer.className).color, stroke: 'surface' });
}

/**
 * The layers of a model from the input down, with class, output shape, parameters and connections. A nested model is shown by its
 * layers, called "outer/inner".
 */
export function networkDiagram(record: ModelSummary, options: FigureOptions = {}): SVGSVGElement {
  expectOptions('networkDiagram', options, FIGURE_OPTIONS);
  expectRecord('ModelSummary', 'record', record);
  const summary = {
    ...record,
    layers: record.layers.filter(({ nestedLayers }) => nestedLayers === undefined),
  };
  const { layers, parameters, trainableParameters, name } = summary;
  expectNonEmpty(layers, 'layer');
  const { direct, skips } = edgesOf(layers);
  const lanes = assignLanes(skips);
  const lanesWidth = skips.length ? (Math.max(...lanes) + 1) * LANE_WIDTH + 10 : 0;
  const middle = lanesWidth + BLOCK_WIDTH / 2;
  const left = lanesWidth + BLOCK_WIDTH + 16;
  const table = {
    columns: ['layer', 'class', 'output', 'parameters'],
    rows: layers.map((layer) => [
      nameText(layer.name),
      layer.className,
      shapeText(layer),
      layer.parameters ? formatCount(layer.parameters) : '',
    ]),
    leftAligned: 3,
    rowHeight: ROW_HEIGHT,
    ...(layers.some((layer) => layer.name.includes('/')) && { maxColumnWidth: NESTED_NAME_WIDTH }),
  };
  const heading = {
    title: `Architecture of ${name}`,
    subtitle:
      `${formatCount(layers.length, 'layer')}, ${formatCount(parameters, 'parameter')}, ` +
      `${formatCount(trainableParameters)} of them trainable. ` +
      'Block width grows with the number of channels, block height with the size of the feature map.',
    description: layers.map((layer) => `${layer.name} (${layer.className}): ${shapeText(layer)}.`).join(' '),
    width: left + tableWidth(table),
  };
  return renderFigure(options, heading, (body) => {
    const height = renderTable(body, table, left);
    for (const { from, to } of direct)
      appendLine(body, [middle, rowMiddle(from), middle, rowMiddle(to)], LINE);
    skips.forEach((edge, i) => {
      const mark = renderSkip(body, edge, { laneX: lanesWidth - 6 - lanes[i] * LANE_WIDTH, middle });
      appendTooltip(mark, `${layers[edge.from].name} → ${layers[edge.to].name}`);
    });
    layers.forEach((_, row) => renderBlock(body, summary, row, middle));
    return height;
  });
}
