import { clipBox, type Box } from '../box.js';
import type { BatchDefinition } from '../definition.js';
import { beta } from './beta.js';
import { MIX_SCHEMA, type MixOptions } from './mix-options.js';

/**
 * A box of each image is replaced by that of another image of its batch, and its label becomes a soft target
 * by area. The box has the fraction 1 - Beta(alpha, alpha) of the area, alpha 1 by default, and its center is
 * a random pixel; the part outside the image is cut off (Yun et al. 2019, arXiv:1905.04899; sampled as in
 * torchvision's v2.CutMix; Keras: CutMix).
 */
export interface Cutmix extends MixOptions {
  readonly kind: 'cutmix';
}

const EMPTY_BOX: Box = { top: 0, left: 0, height: 0, width: 0 };

export const cutmix: BatchDefinition<Cutmix> = {
  id: 'cutmix',
  family: 'batch',
  mixture: 'box',
  keyword: 'cutmix',
  mainOption: 'alpha',
  schema: MIX_SCHEMA,
  sample: ({ alpha = 1, probability = 1 }, random, size) => {
    if (random() >= probability) return { lambda: 1, box: EMPTY_BOX };
    const halfSide = 0.5 * Math.sqrt(1 - beta(alpha, random));
    const column = Math.floor(random() * size.width);
    const row = Math.floor(random() * size.height);
    const halfWidth = Math.floor(halfSide * size.width);
    const halfHeight = Math.floor(halfSide * size.height);
    const box = clipBox(
      { top: row - halfHeight, left: column - halfWidth, height: 2 * halfHeight, width: 2 * halfWidth },
      size,
    );
    return { lambda: 1 - (box.height * box.width) / (size.height * size.width), box };
  },
};
