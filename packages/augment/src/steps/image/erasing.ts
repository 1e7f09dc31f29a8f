import { randomAt, type Random } from '@convlens/core';
import type { Size } from '../../geometry/image.js';
import { BOX_SCHEMA, fillBox, type Box } from '../box.js';
import type { ImageDefinition } from '../definition.js';

/**
 * Fills a rectangle of random area and aspect ratio inside the image (Zhong et al. 2017, arXiv:1708.04896).
 * Sizes are sampled as in torchvision's RandomErasing: a uniform area and a uniform logarithm of the aspect
 * ratio, in up to ten attempts until both sides are smaller than the image's.
 */
export interface Erasing {
  readonly kind: 'erasing';
  /** The probability that an image is changed, 0 to 1; default 0.5. */
  readonly probability?: number;
  /** The smallest area as a fraction of the image, 0 to 1; default 0.02. */
  readonly areaLow?: number;
  /** The largest area as a fraction of the image, 0 to 1; default 0.33. */
  readonly areaHigh?: number;
  /** The smallest height / width, 0.01 to 100; default 0.3. */
  readonly ratioLow?: number;
  /** The largest height / width, 0.01 to 100; default 3.3. */
  readonly ratioHigh?: number;
  /**
   * 'random': every value is uniform from 0 to 255, as in the paper; 'constant': `value`. Default 'random'.
   */
  readonly fill?: 'random' | 'constant';
  /** The value with fill 'constant', 0 to 255; default 0. */
  readonly value?: number;
}

/** The filled rectangle: with one value, or with random values of a seed. */
export interface ErasingOperation extends Box {
  readonly kind: 'erasing';
  readonly value?: number;
  readonly seed?: number;
}

const MAX_ATTEMPTS = 10;
const fractionSpec = { type: 'number', min: 0, max: 1, optional: true } as const;
const ratioSpec = { type: 'number', min: 0.01, max: 100, optional: true } as const;

export const erasing: ImageDefinition<Erasing, ErasingOperation> = {
  id: 'erasing',
  family: 'image',
  keyword: 'erase',
  mainOption: 'probability',
  schema: {
    probability: fractionSpec,
    areaLow: fractionSpec,
    areaHigh: fractionSpec,
    ratioLow: ratioSpec,
    ratioHigh: ratioSpec,
    fill: { type: 'choice', choices: ['random', 'constant'], optional: true },
    value: { type: 'number', min: 0, max: 255, optional: true },
  },
  check: ({ areaLow = 0.02, areaHigh = 0.33, ratioLow = 0.3, ratioHigh = 3.3 }) => {
    if (areaLow > areaHigh) return 'areaLow <= areaHigh';
    return ratioLow > ratioHigh ? 'ratioLow <= ratioHigh' : undefined;
  },
  sample: (step, random, size) => {
    const { probability = 0.5, fill = 'random', value = 0 } = step;
    if (random() >= probability) return undefined;
    const filling = fill === 'random' ? { seed: random() * 2 ** 32 } : { value };
    const box = sampleBox(step, random, size);
    return box && { kind: 'erasing', ...box, ...filling };
  },
  operationSchema: {
    ...BOX_SCHEMA,
    value: { type: 'number', optional: true },
    seed: { type: 'number', optional: true },
  },
  apply: (image, { value = 0, seed, ...box }) => {
    const random = seed === undefined ? undefined : randomAt(seed, 'erasing');
    fillBox(image, box, random ? () => 255 * random() : () => value);
  },
};

/** A rectangle inside the image; undefined if every attempt is too large. */
function sampleBox(
  { areaLow = 0.02, areaHigh = 0.33, ratioLow = 0.3, ratioHigh = 3.3 }: Erasing,
  random: Random,
  image: Size,
): Box | undefined {
  for (let i = 0; i < MAX_ATTEMPTS; i++) {
    const area = image.height * image.width * (areaLow + (areaHigh - areaLow) * random());
    const aspectRatio = ratioLow * (ratioHigh / ratioLow) ** random();
    const height = Math.round(Math.sqrt(area * aspectRatio));
    const width = Math.round(Math.sqrt(area / aspectRatio));
    if (height >= image.height || width >= image.width) continue;
    const top = Math.floor(random() * (image.height - height + 1));
    const left = Math.floor(random() * (image.width - width + 1));
    return { top, left, height, width };
  }
  return undefined;
}
