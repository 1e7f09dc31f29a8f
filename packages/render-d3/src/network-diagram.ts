import type { LayerSummary, ModelSummary } from '@convlens/core';
import { expectSome } from './checks.js';
import { drawFigure, type FigureOptions } from './figure.js';
import { countOf, formatCount, formatShare } from './format.js';
import { draw, group, hint, rule } from './svg.js';
import { drawTable, tableWidth } from './table.js';

const PITCH = 26;
const BLOCK = 120;
const LANE = 12;

/** What a layer is for, by its TensorFlow.js class, and the colour of its block. */
const ROLES = [
  { pattern: /Conv|Dense|Recurrent|Embedding/, role: 'weights', color: 'train' },
  { pattern: /Pool|UpSampling/, role: 'pooling', color: 'validation' },
  { pattern: /Normalization/, role: 'normalization', color: 'event' },
  { pattern: /ReLU|ELU|Activation|Softmax/, role: 'activation', color: 'test' },
  { pattern: /^/, role: 'other', color: 'bar' },
];
const roleOf = (className: string) => ROLES.find(({ pattern }) => pattern.test(className))!;

const shapeText = (shape: LayerSummary['outputShape']) => shape.map((size) => size ?? '?').join(' × ');

/** Wider for more channels, higher for larger maps; both by their logarithm, so that 3 and 2,048 can stand together. */
function blockSize({ outputShape }: LayerSummary): { width: number; height: number } {
  const channels = outputShape.at(-1) ?? 1;
  const side = outputShape.length > 1 ? (outputShape[0] ?? 1) : 1;
  return {
    width: Math.min(BLOCK, 12 + 9 * Math.log2(Math.max(1, channels))),
    height: Math.min(PITCH - 6, 5 + 2.5 * Math.log2(side)),
  };
}

/** For each edge that passes layers by, how far left it runs: beside those that it overlaps. */
function lanesOf(edges: readonly { from: number; to: number }[]): number[] {
  const ends: number[] = [];
  return edges.map(({ from, to }) => {
    const free = ends.findIndex((end) => end <= from);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = to;
    return lane;
  });
}

/** The layers of a network from its input down, with class, output shape and parameters, and which reads which. */
export function networkDiagram(summary: ModelSummary, options: FigureOptions = {}): SVGSVGElement {
  const { layers, parameters, trainable, name } = summary;
  expectSome(layers, 'layer');
  const rowOf = new Map(layers.map((layer, i) => [layer.name, i]));
  const edges = layers.flatMap(({ inputs }, to) =>
    inputs.map((input) => ({ from: rowOf.get(input) ?? -1, to })).filter(({ from }) => from >= 0),
  );
  const jumps = edges.filter(({ from, to }) => to - from > 1).sort((a, b) => a.from - b.from || a.to - b.to);
  const lanes = lanesOf(jumps);
  const laneWidth = jumps.length ? (Math.max(...lanes) + 1) * LANE + 10 : 0;
  const left = laneWidth + BLOCK + 16;
  const shapes = layers.map(({ outputShape }) => shapeText(outputShape));
  const table = {
    columns: ['layer', 'class', 'output', 'parameters'],
    rows: layers.map(({ name: layer, className, parameters: own }, i) => [
      layer,
      className,
      shapes[i],
      own ? formatCount(own) : '',
    ]),
    left: 3,
    pitch: PITCH,
  };
  const heading = {
    title: `The layers of ${name}`,
    subtitle:
      `${countOf(layers.length, 'layer')}, ${countOf(parameters, 'parameter')}, ${formatCount(trainable)} of them trainable. ` +
      'Blocks: wider for more channels, higher for larger maps.',
    description: layers.map((layer, i) => `${layer.name} (${layer.className}): ${shapes[i]}.`).join(' '),
    width: left + tableWidth(table),
  };
  return drawFigure(options, heading, (body) => {
    const middle = laneWidth + BLOCK / 2;
    const y = (row: number) => (row + 1.5) * PITCH;
    const line = { stroke: 'axis', 'stroke-width': 1.5 };
    const height = drawTable(body, table, left);
    for (const { from, to } of edges) if (to - from === 1) rule(body, [middle, y(from), middle, y(to)], line);
    jumps.forEach(({ from, to }, i) => {
      const x = laneWidth - 6 - lanes[i] * LANE;
      const [start, stop] = [y(from) + 5, y(to) - 5];
      const d = `M${middle},${start}H${x + 4}q-4,0,-4,4V${stop - 4}q0,4,4,4H${middle}`;
      hint(draw(body, 'path', { d, fill: 'none', ...line }), `${layers[from].name} → ${layers[to].name}`);
    });
    layers.forEach((layer, i) => {
      const { color, role } = roleOf(layer.className);
      const size = blockSize(layer);
      const fixed = layer.parameters - layer.trainable;
      const share = parameters ? ` (${formatShare(layer.parameters / parameters)})` : '';
      const block = group(body, { x: middle, y: y(i) });
      hint(
        block,
        `${layer.name}, ${layer.className}: ${role}. Output ${shapes[i]}, ${countOf(layer.parameters, 'parameter')}${share}` +
          (fixed ? `, ${formatCount(fixed)} of them fixed` : ''),
      );
      const box = { x: -size.width / 2, y: -size.height / 2, ...size, rx: 2 };
      draw(block, 'rect', { ...box, fill: color, stroke: 'surface' });
    });
    return height;
  });
}
