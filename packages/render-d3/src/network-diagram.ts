import { InputError, type LayerSummary, type ModelSummary } from '@convlens/core';
import { openFigure, type FigureOptions } from './figure.js';
import { countOf, formatCount, formatShare } from './format.js';
import { fitText, roomFor } from './measure.js';
import { draw, hint, write } from './svg.js';
import type { Palette } from './theme.js';

const PITCH = 26;
const HEAD = 22;
const BLOCK = 120;
const LANE = 12;
const WIDEST_NAME = 220;

/** What a layer is for, by its TensorFlow.js class: it colours the block. */
function roleOf(className: string): { role: string; color: (palette: Palette) => string } {
  if (/Conv|Dense|Recurrent|Embedding/.test(className))
    return { role: 'weights', color: ({ train }) => train };
  if (/Pool|UpSampling/.test(className)) return { role: 'pooling', color: ({ validation }) => validation };
  if (/Normalization/.test(className)) return { role: 'normalization', color: ({ event }) => event };
  if (/ReLU|ELU|Activation|Softmax/.test(className)) return { role: 'activation', color: ({ test }) => test };
  return { role: 'other', color: ({ bar }) => bar };
}

const shapeText = (shape: LayerSummary['outputShape']) => shape.map((size) => size ?? '?').join(' × ');

/** Wider for more channels, higher for larger maps; both by their logarithm, so that 3 and 2,048 can stand together. */
function blockSize({ outputShape }: LayerSummary): { width: number; height: number } {
  const channels = outputShape.at(-1) ?? 1;
  const side = outputShape.length > 1 ? (outputShape[0] ?? 1) : 1;
  return {
    width: 12 + 9 * Math.log2(Math.max(1, channels)),
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
  if (!layers.length) throw new InputError('Expected a model with layers, got none');
  const rowOf = new Map(layers.map((layer, i) => [layer.name, i]));
  const edges = layers.flatMap(({ inputs }, to) =>
    inputs.map((input) => ({ from: rowOf.get(input) ?? -1, to })).filter(({ from }) => from >= 0),
  );
  const jumps = edges.filter(({ from, to }) => to - from > 1).sort((a, b) => a.from - b.from || a.to - b.to);
  const lanes = lanesOf(jumps);
  const laneWidth = jumps.length ? (Math.max(...lanes) + 1) * LANE + 10 : 0;
  const column = (texts: readonly string[], most: number) =>
    Math.min(most, Math.max(...texts.map((text) => roomFor(text)))) + 20;
  const shapes = layers.map(({ outputShape }) => shapeText(outputShape));
  const names = laneWidth + BLOCK + 16;
  const classes =
    names +
    column(
      layers.map((layer) => layer.name),
      WIDEST_NAME,
    );
  const outputs =
    classes +
    column(
      layers.map(({ className }) => className),
      160,
    );
  const end = outputs + column(shapes, 160) + 76;
  const { body, palette, close } = openFigure(options, {
    title: `The layers of ${name}`,
    subtitle:
      `${countOf(layers.length, 'layer')}, ${countOf(parameters, 'parameter')}, ${formatCount(trainable)} of them trainable. ` +
      'Blocks: wider for more channels, higher for larger maps.',
    description: layers.map((layer, i) => `${layer.name} (${layer.className}): ${shapes[i]}.`).join(' '),
    width: end,
  });
  const middle = laneWidth + BLOCK / 2;
  const y = (row: number) => HEAD + (row + 0.5) * PITCH;
  const head = { y: 11, 'font-size': 10.5, fill: palette.muted };
  write(body, 'layer', { ...head, x: names });
  write(body, 'class', { ...head, x: classes });
  write(body, 'output', { ...head, x: outputs });
  write(body, 'parameters', { ...head, x: end, 'text-anchor': 'end' });
  for (const { from, to } of edges.filter((edge) => edge.to - edge.from === 1))
    draw(body, 'line', {
      x1: middle,
      x2: middle,
      y1: y(from),
      y2: y(to),
      stroke: palette.axis,
      'stroke-width': 1.5,
    });
  jumps.forEach(({ from, to }, i) => {
    const x = laneWidth - 6 - lanes[i] * LANE;
    const [start, stop] = [y(from) + 5, y(to) - 5];
    const path = draw(body, 'path', {
      d: `M${middle},${start}H${x + 4}q-4,0,-4,4V${stop - 4}q0,4,4,4H${middle}`,
      fill: 'none',
      stroke: palette.axis,
      'stroke-width': 1.5,
    });
    hint(path, `${layers[from].name} → ${layers[to].name}`);
  });
  layers.forEach((layer, i) => {
    const { color, role } = roleOf(layer.className);
    const size = blockSize(layer);
    const group = draw(body, 'g');
    const fixed = layer.parameters - layer.trainable;
    const share = parameters ? ` (${formatShare(layer.parameters / parameters)})` : '';
    hint(
      group,
      `${layer.name}, ${layer.className}: ${role}. Output ${shapes[i]}, ${countOf(layer.parameters, 'parameter')}${share}` +
        (fixed ? `, ${formatCount(fixed)} of them fixed` : ''),
    );
    draw(group, 'rect', {
      x: middle - size.width / 2,
      y: y(i) - size.height / 2,
      ...size,
      rx: 2,
      fill: color(palette),
      stroke: palette.surface,
    });
    const line = { y: y(i) + 4, 'font-size': 11 };
    write(group, fitText(layer.name, classes - names - 8, { bold: true }), {
      ...line,
      x: names,
      fill: palette.ink,
      'font-weight': 600,
    });
    write(group, fitText(layer.className, outputs - classes - 8), {
      ...line,
      x: classes,
      fill: palette.muted,
    });
    write(group, fitText(shapes[i], 160), { ...line, x: outputs, fill: palette.ink });
    if (layer.parameters)
      write(group, formatCount(layer.parameters), {
        ...line,
        x: end,
        'text-anchor': 'end',
        fill: palette.ink,
      });
  });
  return close(HEAD + layers.length * PITCH);
}
