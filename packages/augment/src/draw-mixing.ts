import { expectInteger, expectNumber, randomAt, type Random } from '@convlens/core';
import type { Box } from './definition.js';
import { BATCH_STEPS, expectSteps, type Step } from './step.js';

/** How the images of one batch are mixed, as plain data; each list has an entry an image. `mixBatch` does it. */
export interface Mixing {
  readonly kind: 'mixup' | 'cutmix';
  /** Where in the batch the other image stands; it may be the same one. */
  readonly partners: readonly number[];
  /** The part of an image's own that stays, 0 to 1. */
  readonly weights: readonly number[];
  /** What is taken from the other image, for 'cutmix'. */
  readonly boxes?: readonly Box[];
}

export interface DrawMixingOptions {
  /** Of everything drawn; default 0. */
  readonly seed?: number;
  /** 0-based. */
  readonly epoch: number;
  /** Of the batch within its epoch, 0-based. */
  readonly step: number;
  /** Where each image of the batch stands in its set. */
  readonly indices: ArrayLike<number>;
  /** Of the images, in pixels. */
  readonly height: number;
  readonly width: number;
}

/**
 * How `augment` mixes one batch: one Mixing for each of the steps `mixup` and `cutmix`, in their order. A function of the
 * seed, epoch, step and which images the batch holds: the order of the images within it changes nothing.
 *
 * @throws InputError if a step is out of range or a kind comes twice.
 */
export function drawMixing(steps: readonly Step[], options: DrawMixingOptions): Mixing[] {
  expectSteps(steps);
  expectNumber('seed', options.seed ?? 0);
  for (const name of ['epoch', 'step'] as const) expectInteger(name, options[name]);
  for (const name of ['height', 'width'] as const) expectInteger(name, options[name], { min: 1 });
  return drawMixingChecked(steps, options);
}

/** drawMixing for steps and options that were checked. */
export function drawMixingChecked(
  steps: readonly Step[],
  { seed = 0, epoch, step: batch, indices, height, width }: DrawMixingOptions,
): Mixing[] {
  return steps.flatMap((step): Mixing[] => {
    if (step.kind !== 'mixup' && step.kind !== 'cutmix') return [];
    const { kind, per = 'sample' } = step;
    const places = Array.from(indices, (_, i) => i).sort((a, b) => indices[a] - indices[b]);
    const shuffled = shuffle(places, randomAt(seed, 'augment', epoch, kind, 'partners', batch));
    const partners = new Array<number>(places.length);
    places.forEach((place, rank) => (partners[place] = shuffled[rank]));
    const draw = (random: Random) => BATCH_STEPS[kind].draw(step, random, { height, width });
    const shared = per === 'batch' ? draw(randomAt(seed, 'augment', epoch, kind, 'batch', batch)) : undefined;
    const drawn = Array.from(
      indices,
      (index) => shared ?? draw(randomAt(seed, 'augment', epoch, index, kind)),
    );
    const weights = drawn.map(({ weight }) => weight);
    if (kind === 'mixup') return [{ kind, partners, weights }];
    return [{ kind, partners, weights, boxes: drawn.map(({ box }) => box!) }];
  });
}

/** A copy in random order (Fisher and Yates; Durstenfeld 1964). */
function shuffle(values: readonly number[], random: Random): number[] {
  const shuffled = [...values];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
  }
  return shuffled;
}
