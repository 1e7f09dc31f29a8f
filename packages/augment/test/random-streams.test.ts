import type { ImageBatch } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import {
  applyAugmentation,
  sampleAugmentation,
  sampleMixing,
  STEP_DEFINITIONS,
  type Operation,
  type Step,
} from '../src/index.js';

const size = { height: 32, width: 32 };
const context = { ...size, seed: 7, epoch: 3 };
const rounded = (values: Iterable<number>) => Array.from(values, (value) => Number(value.toFixed(6)));

const sampled = (step: Step) => sampleAugmentation([step], { ...context, index: 41 });
/** The numbers of the operation of an image step. */
const operation = (step: Step) => {
  const { before, after } = sampled(step);
  return rounded(Object.values([...before, ...after][0]).filter((value) => typeof value === 'number'));
};
/** The fields that a geometry step changes. */
const geometry = (step: Step, ...fields: readonly ('rotation' | 'shear' | 'shiftRows' | 'shiftColumns')[]) =>
  rounded(fields.map((field) => sampled(step)[field]));
const flips = (step: Step, field: 'flip' | 'flipVertical') =>
  [0, 1, 2, 3, 4, 5, 6, 7].map((index) => Number(sampleAugmentation([step], { ...context, index })[field]));
const mixing = (step: Step & { kind: 'mixup' | 'cutmix' }) => {
  const [{ partners, lambdas, boxes }] = sampleMixing([step], {
    ...context,
    step: 5,
    indices: [3, 1, 41, 8],
  });
  return [partners, rounded(lambdas), ...(boxes ? [Object.values(boxes[0])] : [])];
};
/** The first values of a gray image after an operation. */
const gray: Pick<ImageBatch, 'pixels' | 'height' | 'width' | 'channels'> = {
  pixels: new Uint8Array(12).fill(128),
  height: 2,
  width: 2,
  channels: 3,
};
const applied = (operation: Operation) =>
  rounded(applyAugmentation(gray, { after: [operation] }).slice(0, 4));

/** The numbers that a seed and keys determine are part of every saved run: these do not change. */
const STREAMS: Readonly<Record<string, readonly [actual: () => unknown, expected: unknown]>> = {
  rotation: [() => geometry({ kind: 'rotation', degrees: 30 }, 'rotation'), [0.817745]],
  shear: [() => geometry({ kind: 'shear', degrees: 30 }, 'shear'), [-19.145887]],
  shift: [
    () => geometry({ kind: 'shift', fraction: 0.5 }, 'shiftRows', 'shiftColumns'),
    [4.420767, -5.333957],
  ],
  widthShift: [() => geometry({ kind: 'widthShift', limit: 0.5 }, 'shiftColumns'), [-6.546014]],
  heightShift: [
    () => geometry({ kind: 'heightShift', choices: [1, 2, 3], unit: 'pixel' }, 'shiftRows'),
    [-1],
  ],
  zoom: [
    () =>
      rounded([
        sampled({ kind: 'zoom', fraction: 0.5 }).zoomRows,
        sampled({ kind: 'zoom', fraction: 0.5 }).zoomColumns,
      ]),
    [1.20182, 0.8712],
  ],
  flip: [() => flips({ kind: 'flip' }, 'flip'), [1, 1, 1, 1, 0, 0, 0, 0]],
  'alternating flip': [() => flips({ kind: 'flip', alternating: true }, 'flip'), [0, 0, 1, 1, 1, 1, 1, 0]],
  verticalFlip: [() => flips({ kind: 'verticalFlip' }, 'flipVertical'), [0, 0, 1, 0, 0, 0, 0, 0]],
  crop: [() => operation({ kind: 'crop', padding: 4 }), [-1, -1, 0]],
  cutout: [() => operation({ kind: 'cutout', size: 8 }), [9, 5, 8, 8, 0]],
  erasing: [() => operation({ kind: 'erasing', probability: 1 }), [8, 20, 7, 8, 734877813]],
  brightness: [() => operation({ kind: 'brightness', fraction: 0.5 }), [1.433342]],
  contrast: [() => operation({ kind: 'contrast', fraction: 0.5 }), [0.902733]],
  saturation: [() => operation({ kind: 'saturation', fraction: 0.5 }), [1.398616]],
  channelShift: [() => operation({ kind: 'channelShift', levels: 50 }), [-27.209424]],
  noise: [() => operation({ kind: 'noise', std: 10 }), [10, 2971310784]],
  mixup: [
    () => mixing({ kind: 'mixup' }),
    [
      [2, 0, 1, 3],
      [0.563657, 0.999621, 0.539473, 0.855104],
    ],
  ],
  'mixup of a batch': [
    () => mixing({ kind: 'mixup', per: 'batch', alpha: 2 }),
    [
      [2, 0, 1, 3],
      [0.44746, 0.44746, 0.44746, 0.44746],
    ],
  ],
  'mixup of a large alpha': [
    () => mixing({ kind: 'mixup', alpha: 2 }),
    [
      [2, 0, 1, 3],
      [0.62726, 0.446963, 0.764702, 0.698281],
    ],
  ],
  cutmix: [
    () => mixing({ kind: 'cutmix' }),
    [
      [0, 2, 3, 1],
      [0.644531, 0.71875, 0.628906, 0.677734],
      [18, 2, 14, 26],
    ],
  ],
  'cutmix of a batch': [
    () => mixing({ kind: 'cutmix', per: 'batch' }),
    [
      [0, 2, 3, 1],
      [0.80957, 0.80957, 0.80957, 0.80957],
      [0, 0, 13, 15],
    ],
  ],
  'the values of noise': [
    () => applied({ kind: 'noise', std: 10, seed: 5 }),
    [119.664841, 123.540352, 137.728577, 119.105011],
  ],
  'the values of erasing': [
    () => applied({ kind: 'erasing', top: 0, left: 0, height: 2, width: 2, seed: 5 }),
    [219.83757, 6.979332, 43.698025, 163.238327],
  ],
};

/** Steps without random numbers. */
const FIXED = ['normalize', 'rescale', 'standardize'];

describe('the random numbers of a seed', () => {
  it('are in the table for every step', () => {
    const known = STEP_DEFINITIONS.filter(({ id }) => id in STREAMS || FIXED.includes(id));
    expect(known).toEqual(STEP_DEFINITIONS);
  });

  it.each(Object.entries(STREAMS))('%s', (_, [actual, expected]) => {
    expect(actual()).toEqual(expected);
  });
});
