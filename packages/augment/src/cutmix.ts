import { beta } from './beta.js';
import { clipBox } from './box.js';
import type { Box, MixDefinition } from './definition.js';
import { MIX_OPTIONS, type MixStep } from './mix-step.js';

/**
 * A rectangle of each image is replaced by that of another image of its batch, its label becomes a soft target by area.
 * The rectangle would have the part 1 - Beta(alpha, alpha) of the area, alpha 1 by default, about a pixel that may be
 * any: what lies outside is cut off (Yun et al. 2019, arXiv:1905.04899; drawn as in torchvision's v2.CutMix; Keras:
 * CutMix).
 */
export interface Cutmix extends MixStep {
  readonly kind: 'cutmix';
}

const NOTHING: Box = { top: 0, left: 0, height: 0, width: 0 };

export const cutmix: MixDefinition<Cutmix> = {
  word: 'cutmix',
  main: 'alpha',
  options: MIX_OPTIONS,
  draw: ({ alpha = 1, probability = 1 }, random, size) => {
    if (random() >= probability) return { weight: 1, box: NOTHING };
    const half = 0.5 * Math.sqrt(1 - beta(alpha, random));
    const column = Math.floor(random() * size.width);
    const row = Math.floor(random() * size.height);
    const across = Math.floor(half * size.width);
    const down = Math.floor(half * size.height);
    const box = clipBox(
      { top: row - down, left: column - across, height: 2 * down, width: 2 * across },
      size,
    );
    return { weight: 1 - (box.height * box.width) / (size.height * size.width), box };
  },
};
