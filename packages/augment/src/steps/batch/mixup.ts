import type { BatchDefinition } from '../definition.js';
import { beta } from './beta.js';
import { MIX_SCHEMA, type MixOptions } from './mix-options.js';

/**
 * Each image becomes lambda x itself + (1 - lambda) x another image of its batch, and its label a soft target
 * with the same weights; lambda is sampled from Beta(alpha, alpha), alpha 0.2 by default (Zhang et al. 2018,
 * arXiv:1710.09412; Keras: MixUp).
 */
export interface Mixup extends MixOptions {
  readonly kind: 'mixup';
}

export const mixup: BatchDefinition<Mixup> = {
  id: 'mixup',
  family: 'batch',
  mixture: 'blend',
  keyword: 'mixup',
  mainOption: 'alpha',
  schema: MIX_SCHEMA,
  sample: ({ alpha = 0.2, probability = 1 }, random) => ({
    lambda: random() < probability ? beta(alpha, random) : 1,
  }),
};
