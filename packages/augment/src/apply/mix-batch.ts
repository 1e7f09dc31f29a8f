import {
  expectList,
  expectObject,
  expectImages,
  expectInteger,
  expectNumber,
  expectOneOf,
  expectOptions,
  InputError,
  type ImageBatch,
  type OptionNames,
} from '@convlens/core';
import type { Mixing } from '../sampling/sample-mixing.js';
import { BOX_SCHEMA, clipBox, type Box } from '../steps/box.js';
import type { BatchDefinition, StepDefinition } from '../steps/definition.js';
import { expectFields } from '../steps/option-schema.js';
import { idsOfFamily, mapDefinitions, type DefinitionMap } from '../steps/registry.js';

export interface MixBatchOptions {
  /** Default STEP_DEFINITIONS. */
  readonly definitions?: readonly StepDefinition[];
}

const MIX_BATCH_OPTIONS: OptionNames<MixBatchOptions> = { definitions: true };

/**
 * The batch with mixed images and soft labels: `targets`, count x classes; each row keeps its sum (1 for
 * labels). `labels` stay as they are; `fit` of @convlens/training uses targets instead.
 *
 * @throws InputError if the batch has neither labels nor targets, or `mixing` does not fit it.
 */
export function mixBatch(batch: ImageBatch, mixing: Mixing, options: MixBatchOptions = {}): ImageBatch {
  expectOptions('mixBatch', options, MIX_BATCH_OPTIONS);
  expectImages('batch', batch);
  expectObject('mixing', mixing);
  expectMixing(mixing, batch, mapDefinitions(options.definitions));
  return mixUnchecked(batch, mixing);
}

/** mixBatch for a mixing that fits the batch. */
export function mixUnchecked(batch: ImageBatch, mixing: Mixing): ImageBatch {
  const targets = softTargets(batch);
  return { ...batch, pixels: mixPixels(batch, mixing), targets: mixTargets(targets, batch, mixing) };
}

function expectMixing(mixing: Mixing, { count }: ImageBatch, definitions: DefinitionMap): void {
  const { kind, partners, lambdas, boxes } = mixing;
  expectOneOf('mixing.kind', kind, idsOfFamily(definitions, 'batch'));
  for (const name of ['partners', 'lambdas'] as const) {
    expectList(`mixing.${name}`, mixing[name]);
    expectInteger(`mixing.${name}.length`, mixing[name].length, { min: count, max: count });
  }
  partners.forEach((partner, i) => expectInteger(`mixing.partners[${i}]`, partner, { max: count - 1 }));
  lambdas.forEach((lambda, i) => expectNumber(`mixing.lambdas[${i}]`, lambda, { min: 0, max: 1 }));
  if ((definitions.get(kind) as BatchDefinition).mixture !== 'box') return;
  expectInteger('mixing.boxes.length', boxes?.length, { min: count, max: count });
  boxes!.forEach((box, i) => expectFields(`mixing.boxes[${i}]`, box, BOX_SCHEMA));
}

function mixPixels(batch: ImageBatch, { partners, lambdas, boxes }: Mixing): Float32Array {
  const mixed = Float32Array.from(batch.pixels);
  for (let i = 0; i < batch.count; i++)
    if (boxes) pasteBox(mixed, batch, { image: i, partner: partners[i], box: boxes[i] });
    else blend(mixed, batch, { image: i, partner: partners[i], lambda: lambdas[i] });
  return mixed;
}

interface Pair {
  readonly image: number;
  readonly partner: number;
}

function blend(
  mixed: Float32Array,
  { pixels, height, width, channels }: ImageBatch,
  { image, partner, lambda }: Pair & { readonly lambda: number },
): void {
  const size = height * width * channels;
  const imageStart = image * size;
  const partnerStart = partner * size;
  for (let p = 0; p < size; p++)
    mixed[imageStart + p] = lambda * pixels[imageStart + p] + (1 - lambda) * pixels[partnerStart + p];
}

function pasteBox(
  mixed: Float32Array,
  batch: ImageBatch,
  { image, partner, box }: Pair & { readonly box: Box },
): void {
  const { pixels, height, width, channels } = batch;
  const size = height * width * channels;
  const { top, left, height: rows, width: columns } = clipBox(box, batch);
  for (let row = top; row < top + rows; row++) {
    const start = (row * width + left) * channels;
    const line = pixels.subarray(partner * size + start, partner * size + start + columns * channels);
    mixed.set(line, image * size + start);
  }
}

function mixTargets(
  targets: Float32Array,
  { count, classNames }: ImageBatch,
  { partners, lambdas }: Mixing,
): Float32Array {
  const classes = classNames.length;
  const mixed = new Float32Array(count * classes);
  for (let i = 0; i < count; i++)
    for (let c = 0; c < classes; c++)
      mixed[i * classes + c] =
        lambdas[i] * targets[i * classes + c] + (1 - lambdas[i]) * targets[partners[i] * classes + c];
  return mixed;
}

/** The soft labels of a batch, count x classes: its targets, or its labels as one-hot vectors. */
function softTargets({ targets, labels, count, classNames, name }: ImageBatch): Float32Array {
  const classes = classNames.length;
  if (targets) {
    expectInteger('batch.targets.length', targets.length, { min: count * classes, max: count * classes });
    return targets;
  }
  if (!labels) throw new InputError(`Expected labeled images to mix, got ${name} without labels`);
  const oneHot = new Float32Array(count * classes);
  labels.forEach((label, i) => (oneHot[i * classes + label] = 1));
  return oneHot;
}
