import {
  expectImages,
  expectInteger,
  expectNumber,
  expectOneOf,
  InputError,
  type ImageBatch,
} from '@convlens/core';
import { BOX_FIELDS, clipBox } from './box.js';
import type { Mixing } from './draw-mixing.js';
import { expectOptions } from './option.js';

/**
 * The batch with its images mixed as `mixing` says, and soft labels: `targets`, count x classes, each row with the sum it
 * had before (1 for labels). `labels` stay as they are; core and `fit` read targets in their place.
 *
 * @throws InputError if the batch has neither labels nor targets, or `mixing` does not fit it.
 */
export function mixBatch(batch: ImageBatch, mixing: Mixing): ImageBatch {
  expectImages('batch', batch);
  expectOneOf('mixing.kind', mixing.kind, ['mixup', 'cutmix']);
  const { count } = batch;
  for (const name of ['partners', 'weights'] as const)
    expectInteger(`mixing.${name}.length`, mixing[name].length, { min: count, max: count });
  mixing.partners.forEach((partner, i) =>
    expectInteger(`mixing.partners[${i}]`, partner, { max: count - 1 }),
  );
  mixing.weights.forEach((weight, i) => expectNumber(`mixing.weights[${i}]`, weight, { min: 0, max: 1 }));
  if (mixing.kind === 'cutmix') {
    expectInteger('mixing.boxes.length', mixing.boxes?.length, { min: count, max: count });
    mixing.boxes?.forEach((box, i) => expectOptions(`mixing.boxes[${i}]`, box, BOX_FIELDS));
  }
  const targets = targetsOf(batch);
  return { ...batch, pixels: mixPixels(batch, mixing), targets: mixTargets(targets, batch, mixing) };
}

function mixPixels(batch: ImageBatch, { partners, weights, boxes }: Mixing): Float32Array {
  const { pixels, count, height, width, channels } = batch;
  const size = height * width * channels;
  const output = Float32Array.from(pixels);
  for (let i = 0; i < count; i++) {
    const own = i * size;
    const other = partners[i] * size;
    if (!boxes) {
      const weight = weights[i];
      for (let p = 0; p < size; p++)
        output[own + p] = weight * pixels[own + p] + (1 - weight) * pixels[other + p];
      continue;
    }
    const box = clipBox(boxes[i], batch);
    for (let row = box.top; row < box.top + box.height; row++) {
      const start = (row * width + box.left) * channels;
      for (let p = start; p < start + box.width * channels; p++) output[own + p] = pixels[other + p];
    }
  }
  return output;
}

function mixTargets(
  targets: Float32Array,
  { count, classNames }: ImageBatch,
  { partners, weights }: Mixing,
): Float32Array {
  const classes = classNames.length;
  const mixed = new Float32Array(count * classes);
  for (let i = 0; i < count; i++)
    for (let c = 0; c < classes; c++)
      mixed[i * classes + c] =
        weights[i] * targets[i * classes + c] + (1 - weights[i]) * targets[partners[i] * classes + c];
  return mixed;
}

/** Soft labels, count x classes: those the batch has, or a 1 at each label. */
function targetsOf({ targets, labels, count, classNames, name }: ImageBatch): Float32Array {
  const classes = classNames.length;
  if (targets) {
    expectInteger('batch.targets.length', targets.length, { min: count * classes, max: count * classes });
    return targets;
  }
  if (!labels) throw new InputError(`Expected labelled images to mix, got ${name} without labels`);
  const values = new Float32Array(count * classes);
  labels.forEach((label, i) => (values[i * classes + label] = 1));
  return values;
}
