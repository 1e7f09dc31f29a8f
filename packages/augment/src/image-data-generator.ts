import {
  expectBoolean,
  expectInteger,
  expectNumber,
  expectOneOf,
  expectOptions,
  InputError,
  type OptionNames,
} from '@convlens/core';
import { FILL_MODES, type FillMode } from './geometry/border.js';
import type { HeightShift } from './steps/geometry/axis-shift.js';
import { expectOption, type OptionSpec } from './steps/option-schema.js';
import { expectSteps, mapDefinitions, type Step } from './steps/registry.js';

export interface ImageDataGeneratorOptions {
  /** The largest angle in either direction, in degrees, 0 to 180; default 0. */
  readonly rotationRange?: number;
  /** The shift of columns, see `heightShiftRange`; default 0. */
  readonly widthShiftRange?: number | readonly number[];
  /**
   * The shift of rows. Below 1: up to that fraction of the height. An integer n >= 1: whole pixels from
   * 1 - n to n - 1. Another number: up to that number of pixels. An array: one of its numbers in either
   * direction, as fractions if all are below 1, else as pixels. Default 0.
   */
  readonly heightShiftRange?: number | readonly number[];
  /** The largest angle in either direction, in degrees, 0 to 89; default 0. */
  readonly shearRange?: number;
  /** z: factors from 1 - z to 1 + z, 0 to 0.99; or [low, high]. Default 0. */
  readonly zoomRange?: number | readonly [number, number];
  /** The largest number that is added or subtracted, 0 to 255; default 0. */
  readonly channelShiftRange?: number;
  /** The values outside the image; default 'nearest'. */
  readonly fillMode?: FillMode;
  /** The value outside the image with fillMode 'constant', 0 to 255; default 0. */
  readonly cval?: number;
  /** Default false. */
  readonly horizontalFlip?: boolean;
  /** Default false. */
  readonly verticalFlip?: boolean;
  /** Factors from low to high, 0 to 100; default none. */
  readonly brightnessRange?: readonly [number, number];
  /** A factor; default none. */
  readonly rescale?: number;
  /** Whether the mean of each image is subtracted; default false. */
  readonly samplewiseCenter?: boolean;
  /** Whether each image is divided by its standard deviation, after centering; default false. */
  readonly samplewiseStdNormalization?: boolean;
  /** Whether `mean` is subtracted; default false. */
  readonly featurewiseCenter?: boolean;
  /** Whether values are divided by `std`, after centering; default false. */
  readonly featurewiseStdNormalization?: boolean;
  /** One number per channel, of the training set after `rescale` (Keras's `fit` computes it). */
  readonly mean?: readonly number[];
  /** One number per channel, of the training set after `rescale`. */
  readonly std?: readonly number[];
}

const numberSpec = (max: number): OptionSpec => ({ type: 'number', min: 0, max });

const VALIDATORS: Record<keyof ImageDataGeneratorOptions, (name: string, value: unknown) => void> = {
  rotationRange: (name, value) => expectOption(name, value, numberSpec(180)),
  widthShiftRange: expectShift,
  heightShiftRange: expectShift,
  shearRange: (name, value) => expectOption(name, value, numberSpec(89)),
  zoomRange: (name, value) =>
    Array.isArray(value)
      ? expectRange(name, value, { min: 0.01, max: 100 })
      : expectOption(name, value, numberSpec(0.99)),
  channelShiftRange: (name, value) => expectOption(name, value, numberSpec(255)),
  fillMode: (name, value) => expectOneOf(name, value, FILL_MODES),
  cval: (name, value) => expectOption(name, value, numberSpec(255)),
  horizontalFlip: expectBoolean,
  verticalFlip: expectBoolean,
  brightnessRange: (name, value) => expectRange(name, value, { min: 0, max: 100 }),
  rescale: (name, value) => expectNumber(name, value),
  samplewiseCenter: expectBoolean,
  samplewiseStdNormalization: expectBoolean,
  featurewiseCenter: expectBoolean,
  featurewiseStdNormalization: expectBoolean,
  mean: (name, value) => expectOption(name, value, { type: 'numbers' }),
  std: (name, value) => expectOption(name, value, { type: 'numbers', min: 0 }),
};

const IMAGE_DATA_GENERATOR_OPTIONS = Object.fromEntries(
  Object.keys(VALIDATORS).map((name) => [name, true]),
) as OptionNames<ImageDataGeneratorOptions>;

const KERAS_EPSILON = 1e-6;

/**
 * Keras's ImageDataGenerator: its options, in camelCase and with their meaning, as steps and options of
 * `augment`.
 *
 *     const { steps, ...border } = imageDataGenerator({ rotationRange: 15, horizontalFlip: true });
 *     const source = augment(batches(set), steps, { seed: 1, ...border });
 *
 * Faults of Keras 2.9 and later are not copied: there heightShiftRange shifts columns, widthShiftRange shifts
 * rows, and images that are not square are not rotated about their center. Brightness is not rounded down to
 * integers. Featurewise normalization without `mean` and `std`, which is a warning in Keras, is an error.
 *
 * @throws InputError that names an option that does not exist or is out of range.
 */
export function imageDataGenerator(options: ImageDataGeneratorOptions = {}): {
  readonly steps: Step[];
  readonly fillMode: FillMode;
  readonly fillValue: number;
} {
  expectOptions('imageDataGenerator', options, IMAGE_DATA_GENERATOR_OPTIONS);
  for (const [name, validate] of Object.entries(VALIDATORS)) {
    const value = options[name as keyof ImageDataGeneratorOptions];
    if (value !== undefined) validate(name, value);
  }
  const candidates = [...geometrySteps(options), ...imageSteps(options)];
  const steps = candidates.filter((step): step is Step => Boolean(step));
  expectSteps(steps, mapDefinitions());
  return { steps, fillMode: options.fillMode ?? 'nearest', fillValue: options.cval ?? 0 };
}

/** A step, or the falsy value of the option that turns it off. */
type OptionalStep = Step | false | 0 | undefined;

function geometrySteps(options: ImageDataGeneratorOptions): OptionalStep[] {
  const { rotationRange, widthShiftRange, heightShiftRange, shearRange, zoomRange } = options;
  return [
    rotationRange && { kind: 'rotation', degrees: rotationRange },
    widthShiftRange && { kind: 'widthShift', ...axisShiftOptions(widthShiftRange) },
    heightShiftRange && { kind: 'heightShift', ...axisShiftOptions(heightShiftRange) },
    shearRange && { kind: 'shear', degrees: shearRange },
    zoomRange && { kind: 'zoom', ...zoomOptions(zoomRange) },
    options.horizontalFlip && { kind: 'flip' },
    options.verticalFlip && { kind: 'verticalFlip' },
  ];
}

function imageSteps(options: ImageDataGeneratorOptions): OptionalStep[] {
  const { channelShiftRange, brightnessRange, rescale } = options;
  const { samplewiseCenter, samplewiseStdNormalization: scale = false } = options;
  return [
    channelShiftRange && { kind: 'channelShift', levels: channelShiftRange },
    brightnessRange && { kind: 'brightness', low: brightnessRange[0], high: brightnessRange[1] },
    rescale && { kind: 'rescale', factor: rescale },
    // As in Keras, division by the standard deviation implies centering.
    (samplewiseCenter || scale) && { kind: 'standardize', center: true, scale },
    featurewiseStep(options),
  ];
}

function featurewiseStep(options: ImageDataGeneratorOptions): Step | undefined {
  const { featurewiseCenter = false, featurewiseStdNormalization = false, mean, std } = options;
  if (!featurewiseCenter && !featurewiseStdNormalization) return undefined;
  if (!mean)
    throw new InputError(
      'Expected mean, one number per channel, for featurewise normalization, got undefined',
    );
  if (!featurewiseStdNormalization) return { kind: 'normalize', mean, std: [1] };
  if (!std)
    throw new InputError(
      'Expected std, one number per channel, for featurewiseStdNormalization, got undefined',
    );
  return { kind: 'normalize', mean, std: std.map((value) => value + KERAS_EPSILON) };
}

const zoomOptions = (range: number | readonly [number, number]) =>
  typeof range === 'number' ? { fraction: range } : { low: range[0], high: range[1] };

function axisShiftOptions(range: number | readonly number[]): Omit<HeightShift, 'kind'> {
  if (typeof range !== 'number')
    return { choices: range, unit: Math.max(...range) < 1 ? 'fraction' : 'pixel' };
  if (range < 1) return { limit: range };
  if (!Number.isInteger(range)) return { limit: range, unit: 'pixel' };
  return { choices: Array.from({ length: range }, (_, pixels) => pixels), unit: 'pixel' };
}

function expectShift(name: string, value: unknown): void {
  if (Array.isArray(value)) expectOption(name, value, { type: 'numbers' });
  else expectOption(name, value, numberSpec(10_000));
}

function expectRange(name: string, value: unknown, limits: { min: number; max: number }): void {
  if (!Array.isArray(value)) throw new InputError(`Expected ${name} to be [low, high], got ${String(value)}`);
  expectInteger(`${name}.length`, value.length, { min: 2, max: 2 });
  expectNumber(`${name}[0]`, value[0], limits);
  expectNumber(`${name}[1]`, value[1], { ...limits, min: value[0] });
}
