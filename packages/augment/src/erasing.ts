import { randomAt } from '@convlens/core';
import { BOX_FIELDS, fillBox } from './box.js';
import type { Box, ImageDefinition } from './definition.js';

/**
 * Hides a rectangle of random area and shape that lies within the image (Zhong et al. 2017, arXiv:1708.04896). Sizes
 * are drawn as torchvision's RandomErasing does: the area uniformly, the ratio of height to width uniformly in its
 * logarithm, ten tries until both sides are smaller than the image's.
 */
export interface Erasing {
  readonly kind: 'erasing';
  /** That an image is changed at all, 0 to 1; default 0.5. */
  readonly probability?: number;
  /** Least part of the image's area, 0 to 1; default 0.02. */
  readonly areaLow?: number;
  /** Greatest part of the image's area, 0 to 1; default 0.33. */
  readonly areaHigh?: number;
  /** Least height / width, 0.01 to 100; default 0.3. */
  readonly ratioLow?: number;
  /** Greatest height / width, 0.01 to 100; default 3.3. */
  readonly ratioHigh?: number;
  /** With which it is filled: each value random from 0 to 255 as in the paper, or `value`; default 'random'. */
  readonly fill?: 'random' | 'constant';
  /** For fill 'constant', 0 to 255; default 0. */
  readonly value?: number;
}

/** The rectangle that is filled; the seed is that of a random filling. */
export interface ErasingBox extends Box {
  readonly kind: 'erasing';
  readonly value?: number;
  readonly seed?: number;
}

const TRIES = 10;
const part = { type: 'number', min: 0, max: 1, optional: true } as const;
const ratio = { type: 'number', min: 0.01, max: 100, optional: true } as const;

export const erasing: ImageDefinition<Erasing, ErasingBox> = {
  word: 'erase',
  main: 'probability',
  options: {
    probability: part,
    areaLow: part,
    areaHigh: part,
    ratioLow: ratio,
    ratioHigh: ratio,
    fill: { type: 'choice', choices: ['random', 'constant'], optional: true },
    value: { type: 'number', min: 0, max: 255, optional: true },
  },
  check: ({ areaLow = 0.02, areaHigh = 0.33, ratioLow = 0.3, ratioHigh = 3.3 }) =>
    areaLow > areaHigh ? 'areaLow <= areaHigh' : ratioLow > ratioHigh ? 'ratioLow <= ratioHigh' : undefined,
  draw: (step, random, image) => {
    const { probability = 0.5, areaLow = 0.02, areaHigh = 0.33, ratioLow = 0.3, ratioHigh = 3.3 } = step;
    const { fill = 'random', value = 0 } = step;
    if (random() >= probability) return undefined;
    const filling = fill === 'random' ? { seed: random() * 2 ** 32 } : { value };
    for (let i = 0; i < TRIES; i++) {
      const area = image.height * image.width * (areaLow + (areaHigh - areaLow) * random());
      const shape = ratioLow * (ratioHigh / ratioLow) ** random();
      const height = Math.round(Math.sqrt(area * shape));
      const width = Math.round(Math.sqrt(area / shape));
      if (height >= image.height || width >= image.width) continue;
      const top = Math.floor(random() * (image.height - height + 1));
      const left = Math.floor(random() * (image.width - width + 1));
      return { kind: 'erasing', top, left, height, width, ...filling };
    }
    return undefined;
  },
  drawn: {
    ...BOX_FIELDS,
    value: { type: 'number', optional: true },
    seed: { type: 'number', optional: true },
  },
  apply: (canvas, { value = 0, seed, ...box }) => {
    const random = seed === undefined ? undefined : randomAt(seed, 'erasing');
    fillBox(canvas, box, random ? () => 255 * random() : () => value);
  },
};
