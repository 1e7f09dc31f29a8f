import { beta } from './beta.js';
import type { MixDefinition } from './definition.js';
import { MIX_OPTIONS, type MixStep } from './mix-step.js';

/**
 * Each image becomes weight x itself + (1 - weight) x another image of its batch, its label a soft target with the same
 * weights; weight from Beta(alpha, alpha), alpha 0.2 by default (Zhang et al. 2018, arXiv:1710.09412; Keras: MixUp).
 */
export interface Mixup extends MixStep {
  readonly kind: 'mixup';
}

export const mixup: MixDefinition<Mixup> = {
  word: 'mixup',
  main: 'alpha',
  options: MIX_OPTIONS,
  draw: ({ alpha = 0.2, probability = 1 }, random) => ({
    weight: random() < probability ? beta(alpha, random) : 1,
  }),
};
