import { randomAt, type ImageBatch } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import { describeDefault, describeDefaults, type OptionCase } from '../../../test/support/option-defaults.js';
import * as api from '../src/index.js';

const { STEP_DEFINITIONS } = api;
const random = randomAt(5, 'images');
const [count, height, width, channels] = [4, 6, 7, 2];

/** Four random images. */
const batch: ImageBatch = {
  kind: 'image-batch',
  name: 'random',
  epoch: 1,
  step: 0,
  indices: Uint32Array.of(3, 1, 4, 9),
  count,
  height,
  width,
  channels,
  classNames: ['a', 'b', 'c', 'd'],
  labels: Int32Array.of(0, 1, 2, 3),
  pixels: Uint8Array.from({ length: count * height * width * channels }, () => 1 + 254 * random()),
};
const image = { pixels: batch.pixels.slice(0, height * width * channels), height, width, channels };
const size = { height, width };
const shifted = { shiftRows: 2.5, shiftColumns: -3 };
const steps = [{ kind: 'shift', fraction: 0.9 } as const];

const border = {
  fillMode: ['nearest', 'reflect', 'wrap', 'constant'],
  fillValue: { otherOptions: { fillMode: 'constant' }, values: [0, 1] },
} as const;
const definitions = [STEP_DEFINITIONS] as const;

describeDefaults(
  api,
  {
    augment: {
      call: (options) => [...api.augment(() => [batch], steps, options)(1)],
      options: { ...border, seed: [0, 1], definitions },
    },
    augmentBatch: {
      call: (options) => api.augmentBatch(batch, steps, options),
      options: { ...border, seed: [0, 1], definitions },
    },
    imageDataGenerator: {
      call: (options) => api.imageDataGenerator(options),
      options: {
        rotationRange: [0, 1],
        widthShiftRange: [0, 0.1],
        heightShiftRange: [0, 0.1],
        shearRange: [0, 1],
        zoomRange: [0, 0.1],
        channelShiftRange: [0, 1],
        fillMode: border.fillMode,
        cval: [0, 1],
        horizontalFlip: [false, true],
        verticalFlip: [false, true],
        brightnessRange: 'no default',
        rescale: 'no default',
        samplewiseCenter: [false, true],
        samplewiseStdNormalization: [false, true],
        featurewiseCenter: { otherOptions: { mean: [1], std: [2] }, values: [false, true] },
        featurewiseStdNormalization: { otherOptions: { mean: [1], std: [2] }, values: [false, true] },
        mean: 'no default',
        std: 'no default',
      },
    },
    parseAugment: { call: (options) => api.parseAugment('flip', options), options: { definitions } },
    formatAugment: { call: (options) => api.formatAugment(steps, options), options: { definitions } },
    sampleAugmentation: {
      call: (options: object) => api.sampleAugmentation(steps, { ...size, epoch: 1, index: 2, ...options }),
      options: {
        seed: [0, 1],
        definitions,
        epoch: 'required',
        index: 'required',
        height: 'required',
        width: 'required',
      },
    },
    sampleMixing: {
      call: (options: object) =>
        api.sampleMixing([{ kind: 'mixup' }], { ...size, epoch: 1, step: 0, indices: [3, 1], ...options }),
      options: {
        seed: [0, 1],
        definitions,
        epoch: 'required',
        step: 'required',
        indices: 'required',
        height: 'required',
        width: 'required',
      },
    },
    applyAugmentation: {
      call: (options) => api.applyAugmentation(image, shifted, options),
      options: { ...border, definitions },
    },
    applyToMask: {
      call: (options) => api.applyToMask(image, shifted, options),
      options: { ...border, definitions },
    },
    applyToPoint: {
      call: (options: object) => api.applyToPoint({ row: 1, column: 2 }, shifted, { ...size, ...options }),
      options: { definitions, height: 'required', width: 'required' },
    },
    mixBatch: {
      call: (options) =>
        api.mixBatch(
          batch,
          { kind: 'mixup', partners: [1, 0, 3, 2], lambdas: [0.5, 0.5, 0.5, 0.5] },
          options,
        ),
      options: { definitions },
    },
    warp: {
      call: (options: object) => api.warp(image, { matrix: api.affineMatrix(shifted, size), ...options }),
      options: { ...border, interpolation: ['bilinear', 'nearest'], matrix: 'required' },
    },
  },
  ['affineMatrix'],
);

const NO_DEFAULT = 'no default';
const FACTOR_RANGE = { fraction: NO_DEFAULT, low: NO_DEFAULT, high: NO_DEFAULT } as const;
const AXIS_SHIFT = {
  limit: NO_DEFAULT,
  choices: NO_DEFAULT,
  unit: { otherOptions: { limit: 0.5 }, values: ['fraction', 'pixel'] },
} as const;

/** The optional fields of the steps. */
const STEP_DEFAULTS: Readonly<Record<string, Readonly<Record<string, OptionCase>>>> = {
  flip: { alternating: [false, true] },
  widthShift: AXIS_SHIFT,
  heightShift: AXIS_SHIFT,
  zoom: FACTOR_RANGE,
  brightness: FACTOR_RANGE,
  contrast: FACTOR_RANGE,
  saturation: FACTOR_RANGE,
  crop: {
    fill: { otherOptions: { padding: 2 }, values: ['constant', 'nearest', 'reflect'] },
    value: { otherOptions: { padding: 2 }, values: [0, 1] },
  },
  cutout: { value: { otherOptions: { size: 2 }, values: [0, 1] } },
  erasing: {
    probability: [0.5, 0.51, 0.49],
    areaLow: [0.02, 0.03],
    areaHigh: [0.33, 0.34],
    ratioLow: [0.3, 0.31],
    ratioHigh: [3.3, 3.2],
    fill: ['random', 'constant'],
    value: { otherOptions: { fill: 'constant' }, values: [0, 1] },
  },
  standardize: { center: [true, false], scale: [true, false] },
  mixup: { alpha: [0.2, 0.21], per: ['sample', 'batch'], probability: [1, 0.5] },
  cutmix: { alpha: [1, 1.01], per: ['sample', 'batch'], probability: [1, 0.5] },
};

describe('the defaults of the fields of steps', () => {
  const optionalFields = STEP_DEFINITIONS.map(({ id, schema }) => [
    id,
    Object.entries(schema as api.OptionSchema).flatMap(([name, { optional }]) => (optional ? [name] : [])),
  ]);

  it('are known for every optional field', () => {
    const known = Object.entries(STEP_DEFAULTS).map(([kind, fields]) => [kind, Object.keys(fields)]);
    expect(Object.fromEntries(known)).toEqual(
      Object.fromEntries(optionalFields.filter(([, names]) => names.length > 0)),
    );
  });

  for (const [kind, fields] of Object.entries(STEP_DEFAULTS)) {
    const sample = (options: object) => {
      const step = { kind, ...options } as api.Step;
      return Array.from({ length: 500 }, (_, epoch) => [
        api.sampleAugmentation([step], { height: 64, width: 64, epoch, index: 3 }),
        api.sampleMixing([step], { height: 64, width: 64, epoch, step: 0, indices: [3, 1] }),
      ]);
    };
    for (const [field, optionCase] of Object.entries(fields))
      describeDefault(sample, field, optionCase, kind);
  }
});
