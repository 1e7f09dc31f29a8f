import type { ClassActivations, FeatureMaps, Heatmap } from '@convlens/core';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import {
  classActivationBars,
  confusionMatrix,
  featureMapGrid,
  heatmapOverlay,
  measureText,
  THEMES,
  type Theme,
} from '../../src/index.js';
import { document } from '../support/dom.js';
import { makeImages } from '../support/records.js';

/** The texts of a figure with their horizontal position in the svg. */
function textsWithPosition(
  figure: SVGSVGElement,
): { text: string; x: number; anchor: string | null; fill: string }[] {
  return [...figure.querySelectorAll('text')].map((text) => {
    let x = Number(text.getAttribute('x') ?? 0);
    for (let parent = text.parentElement; parent; parent = parent.parentElement) {
      const shift = /translate\(([-\d.]+)/.exec(parent.getAttribute('transform') ?? '');
      if (shift) x += Number(shift[1]);
    }
    const [anchor, fill] = ['text-anchor', 'fill'].map((name) => text.getAttribute(name));
    return { text: text.textContent ?? '', x, anchor, fill: fill ?? '' };
  });
}

/** The colors of the first raster of a figure. */
const colorsOf = (figure: SVGSVGElement, raster = 0) => {
  const [, base64] = [...figure.outerHTML.matchAll(/base64,([^"]+)/g)][raster];
  return decode(Buffer.from(base64, 'base64'));
};

describe('a confusion matrix of classes with short names', () => {
  it.each([[['0', '1']], [['i', 'l', 'j']], [[...'0123456789']]])(
    'has room for the word precision: %j',
    (classNames) => {
      const counts = new Uint32Array(classNames.length ** 2).fill(5);
      const figure = confusionMatrix({ classNames, counts }, { document });
      const { x } = textsWithPosition(figure).find(({ text }) => text === 'precision')!;
      // A font may be 9 % wider than the one that widths are measured in.
      expect(x - 1.09 * measureText('precision')).toBeGreaterThanOrEqual(4);
    },
  );
});

describe('the text in a cell', () => {
  /** WCAG 2.1, relative luminance and contrast ratio. */
  const luminance = (color: readonly number[]) =>
    color
      .map((level) => level / 255)
      .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
      .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (a: readonly number[], b: readonly number[]) => {
    const [low, high] = [luminance(a), luminance(b)].sort((p, q) => p - q);
    return (high + 0.05) / (low + 0.05);
  };
  const parse = (hex: string) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

  it.each(['light', 'dark'] as Theme[])('has a contrast of at least 4.5 at every tint, %s', (theme) => {
    const classNames = ['a', 'b'];
    for (let count = 0; count <= 100; count++) {
      const counts = Uint32Array.of(100 - count, count, count, 100 - count);
      const figure = confusionMatrix({ classNames, counts }, { document, theme });
      const { data } = colorsOf(figure);
      const surface = parse(THEMES[theme].surface);
      const texts = textsWithPosition(figure).filter(
        ({ text, anchor }) => anchor === 'middle' && /^\d+$/.test(text),
      );
      expect(texts).toHaveLength(4);
      texts.forEach(({ fill }, cell) => {
        const [red, green, blue, alpha] = data.slice(cell * 4, cell * 4 + 4);
        const ground = [red, green, blue].map(
          (level, i) => (level * alpha + surface[i] * (255 - alpha)) / 255,
        );
        expect(contrast(parse(fill), ground), `${count} in cell ${cell}: ${fill}`).toBeGreaterThanOrEqual(
          4.5,
        );
      });
    }
  });
});

describe('an axis of small values', () => {
  const record = (means: number[]): ClassActivations => ({
    layer: 'conv',
    reduction: 'mean',
    classNames: ['a', 'b', 'c'],
    counts: [5, 5, 5],
    filters: [0],
    means: Float64Array.from(means),
  });

  it.each([1e-3, 1e-5, 1e-7, 1e-9, 1e-12, 1e-20])('has ticks that do not overlap, around %f', (value) => {
    const figure = classActivationBars(record([0, value, 2 * value]), { document });
    const ticks = textsWithPosition(figure)
      .filter(({ text, anchor }) => anchor === 'middle' && /^[\d.]+(e-\d+)?$/.test(text))
      .map(({ text, x }) => ({ x, half: measureText(text, { size: 10 }) / 2 }));
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks[0].x - ticks[0].half).toBeGreaterThan(0);
    for (const [i, { x, half }] of ticks.entries())
      if (i > 0) expect(x - half).toBeGreaterThan(ticks[i - 1].x + ticks[i - 1].half);
  });
});

describe('feature maps', () => {
  const maps = (values: Float32Array, size: number): FeatureMaps => ({
    layer: 'conv',
    indices: [0],
    count: 1,
    height: size,
    width: size,
    channels: 1,
    values,
  });
  const wave = Float32Array.from({ length: 16 }, (_, i) => Math.sin(i));

  it.each([NaN, Infinity, -Infinity])('that are standardized show the other values beside %f', (value) => {
    const damaged = wave.map((one, i) => (i === 3 ? value : one));
    const { data } = colorsOf(featureMapGrid(maps(damaged, 4), { document, scale: 'standardized' }));
    const colors = Array.from({ length: 16 }, (_, i) => data.slice(i * 3, i * 3 + 3).join());
    expect(new Set(colors).size).toBeGreaterThan(10);
  });

  it('are one map in words, if there is one', () => {
    expect(featureMapGrid(maps(wave, 4), { document }).textContent).toContain('1 map of 4 × 4.');
  });
});

describe('a heatmap with one value everywhere', () => {
  const images = makeImages({ count: 1 });
  const { height, width } = images;
  const overlay = (value: number, signed = false) => {
    const heatmap: Heatmap = {
      method: 'grad-cam',
      layer: 'conv',
      classIndex: 0,
      index: 0,
      height,
      width,
      values: new Float32Array(height * width).fill(value),
      signed,
    };
    return heatmapOverlay({ heatmap, images }, { document });
  };

  it.each([
    [0, false],
    [1, false],
    [0.25, false],
    [0, true],
    [-2, true],
  ])('says so: %f, signed %s', (value, signed) =>
    expect(overlay(value, signed).textContent).toMatch(/The heatmap is −?[\d.]+ everywhere\./),
  );

  it('of ones is drawn in another color than one of zeros', () => {
    const [zeros, ones] = [0, 1].map((value) => [...colorsOf(overlay(value), 1).data.slice(0, 3)]);
    expect(ones).not.toEqual(zeros);
  });
});
