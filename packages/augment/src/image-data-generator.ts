import { expectInteger, expectNumber, expectOneOf, InputError } from '@convlens/core';
import type { HeightShift } from './axis-shift.js';
import { expectBoolean, expectOption, type Option } from './option.js';
import { expectSteps, type Step } from './step.js';
import { FILL_MODES, type FillMode } from './warp.js';

export interface ImageDataGeneratorOptions {
  /** Degrees either way, 0 to 180; default 0. */
  readonly rotationRange?: number;
  /** See `heightShiftRange`; moves columns. Default 0. */
  readonly widthShiftRange?: number | readonly number[];
  /**
   * Moves rows: below 1 up to that part of the height; a whole number n >= 1 whole pixels from -(n - 1) to n - 1; another
   * number up to so many pixels; an array: one of its numbers, either way (parts if all are below 1, else pixels).
   */
  readonly heightShiftRange?: number | readonly number[];
  /** Degrees either way, 0 to 89; default 0. */
  readonly shearRange?: number;
  /** z: factors from 1 - z to 1 + z, 0 to 0.99; or [low, high]. Default 0. */
  readonly zoomRange?: number | readonly [number, number];
  /** Levels either way, 0 to 255; default 0. */
  readonly channelShiftRange?: number;
  /** What lies beyond the border; default 'nearest'. */
  readonly fillMode?: FillMode;
  /** The value beyond the border for fillMode 'constant', 0 to 255; default 0. */
  readonly cval?: number;
  /** Default false. */
  readonly horizontalFlip?: boolean;
  /** Default false. */
  readonly verticalFlip?: boolean;
  /** Factors from low to high; default: none. */
  readonly brightnessRange?: readonly [number, number];
  /** A factor; default: none. */
  readonly rescale?: number;
  /** Whether each image's mean becomes 0; default false. */
  readonly samplewiseCenter?: boolean;
  /** Whether each image is divided by its standard deviation, after centering; default false. */
  readonly samplewiseStdNormalization?: boolean;
  /** Whether `mean` is taken away; default false. */
  readonly featurewiseCenter?: boolean;
  /** Whether values are divided by `std`, after centering; default false. */
  readonly featurewiseStdNormalization?: boolean;
  /** One a channel, of the training set after `rescale`: what Keras's fit measures. */
  readonly mean?: readonly number[];
  /** One a channel, of the training set after `rescale`. */
  readonly std?: readonly number[];
}

const number = (max: number): Option => ({ type: 'number', min: 0, max });

const OPTIONS: Record<keyof ImageDataGeneratorOptions, (name: string, value: unknown) => void> = {
  rotationRange: (name, value) => expectOption(name, value, number(180)),
  widthShiftRange: expectShift,
  heightShiftRange: expectShift,
  shearRange: (name, value) => expectOption(name, value, number(89)),
  zoomRange: (name, value) =>
    Array.isArray(value)
      ? expectRange(name, value, { min: 0.01, max: 100 })
      : expectOption(name, value, number(0.99)),
  channelShiftRange: (name, value) => expectOption(name, value, number(255)),
  fillMode: (name, value) => expectOneOf(name, value, FILL_MODES),
  cval: (name, value) => expectOption(name, value, number(255)),
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

const KERAS_EPSILON = 1e-6;

/**
 * Keras's ImageDataGenerator, with its names (in camelCase) and their meaning, as steps and border of `augment`:
 *
 *     const { steps, ...border } = imageDataGenerator({ rotationRange: 15, horizontalFlip: true });
 *     const source = augment(batches(set), steps, { seed: 1, ...border });
 *
 * Faults of Keras 2.9 and later are not copied: there heightShiftRange moves columns, widthShiftRange rows, and images
 * that are not square turn about another point than their centre. Brightness is not rounded down to whole levels. What
 * Keras warns of is an error here: featurewise normalization without `mean` and `std`.
 *
 * @throws InputError that names an option that there is not or that is out of range.
 */
export function imageDataGenerator(options: ImageDataGeneratorOptions = {}): {
  readonly steps: Step[];
  readonly fill: FillMode;
  readonly fillValue: number;
} {
  const names = Object.keys(OPTIONS) as (keyof ImageDataGeneratorOptions)[];
  for (const name of Object.keys(options)) expectOneOf('the option', name, names);
  for (const name of names) if (options[name] !== undefined) OPTIONS[name](name, options[name]);
  const { rotationRange, widthShiftRange, heightShiftRange, shearRange, zoomRange, brightnessRange } =
    options;
  const { samplewiseCenter, samplewiseStdNormalization: samplewiseStd, channelShiftRange, rescale } = options;
  const steps: (Step | false | 0 | undefined)[] = [
    rotationRange && { kind: 'rotation', degrees: rotationRange },
    widthShiftRange && { kind: 'widthShift', ...shiftOf(widthShiftRange) },
    heightShiftRange && { kind: 'heightShift', ...shiftOf(heightShiftRange) },
    shearRange && { kind: 'shear', degrees: shearRange },
    zoomRange &&
      (typeof zoomRange === 'number'
        ? { kind: 'zoom', fraction: zoomRange }
        : { kind: 'zoom', low: zoomRange[0], high: zoomRange[1] }),
    options.horizontalFlip && { kind: 'flip' },
    options.verticalFlip && { kind: 'verticalFlip' },
    channelShiftRange && { kind: 'channelShift', levels: channelShiftRange },
    brightnessRange && { kind: 'brightness', low: brightnessRange[0], high: brightnessRange[1] },
    rescale && { kind: 'rescale', factor: rescale },
    (samplewiseCenter || samplewiseStd) && {
      kind: 'standardize',
      // As in Keras, dividing implies centering.
      center: true,
      scale: samplewiseStd ?? false,
    },
    featurewise(options),
  ];
  const kept = steps.filter((step): step is Step => Boolean(step));
  expectSteps(kept);
  return { steps: kept, fill: options.fillMode ?? 'nearest', fillValue: options.cval ?? 0 };
}

function featurewise({
  featurewiseCenter = false,
  featurewiseStdNormalization = false,
  mean,
  std,
}: ImageDataGeneratorOptions): Step | undefined {
  if (!featurewiseCenter && !featurewiseStdNormalization) return undefined;
  if (!mean)
    throw new InputError('Expected mean, one number a channel, for featurewise normalization, got undefined');
  if (!featurewiseStdNormalization) return { kind: 'normalize', mean, std: [1] };
  if (!std)
    throw new InputError(
      'Expected std, one number a channel, for featurewiseStdNormalization, got undefined',
    );
  return { kind: 'normalize', mean, std: std.map((value) => value + KERAS_EPSILON) };
}

function shiftOf(range: number | readonly number[]): Omit<HeightShift, 'kind'> {
  if (typeof range !== 'number')
    return { choices: range, unit: Math.max(...range) < 1 ? 'fraction' : 'pixel' };
  if (range < 1) return { limit: range };
  if (!Number.isInteger(range)) return { limit: range, unit: 'pixel' };
  return { choices: Array.from({ length: range }, (_, pixels) => pixels), unit: 'pixel' };
}

function expectShift(name: string, value: unknown): void {
  if (Array.isArray(value)) expectOption(name, value, { type: 'numbers' });
  else expectOption(name, value, number(10_000));
}

function expectRange(name: string, value: unknown, limits: { min: number; max: number }): void {
  if (!Array.isArray(value)) throw new InputError(`Expected ${name} to be [low, high], got ${String(value)}`);
  expectInteger(`${name}.length`, value.length, { min: 2, max: 2 });
  expectNumber(`${name}[0]`, value[0], limits);
  expectNumber(`${name}[1]`, value[1], { ...limits, min: value[0] });
}
