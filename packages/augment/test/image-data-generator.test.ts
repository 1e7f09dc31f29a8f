import { describe, expect, it } from 'vitest';
import { imageDataGenerator, type ImageDataGeneratorOptions } from '../src/index.js';

describe('imageDataGenerator', () => {
  it('returns a step for each option of Keras, and the border options', () => {
    expect(
      imageDataGenerator({
        rotationRange: 15,
        widthShiftRange: 0.1,
        heightShiftRange: 0.2,
        shearRange: 10,
        zoomRange: 0.2,
        channelShiftRange: 20,
        fillMode: 'reflect',
        cval: 7,
        horizontalFlip: true,
        verticalFlip: true,
        brightnessRange: [0.5, 1.5],
        rescale: 1 / 255,
        samplewiseCenter: true,
        featurewiseStdNormalization: true,
        mean: [1, 2, 3],
        std: [4, 5, 6],
      }),
    ).toEqual({
      steps: [
        { kind: 'rotation', degrees: 15 },
        { kind: 'widthShift', limit: 0.1 },
        { kind: 'heightShift', limit: 0.2 },
        { kind: 'shear', degrees: 10 },
        { kind: 'zoom', fraction: 0.2 },
        { kind: 'flip' },
        { kind: 'verticalFlip' },
        { kind: 'channelShift', levels: 20 },
        { kind: 'brightness', low: 0.5, high: 1.5 },
        { kind: 'rescale', factor: 1 / 255 },
        { kind: 'standardize', center: true, scale: false },
        { kind: 'normalize', mean: [1, 2, 3], std: [4 + 1e-6, 5 + 1e-6, 6 + 1e-6] },
      ],
      fillMode: 'reflect',
      fillValue: 7,
    });
  });

  it('returns no step without options, or with options at their defaults', () => {
    const empty = { steps: [], fillMode: 'nearest', fillValue: 0 };
    expect(imageDataGenerator()).toEqual(empty);
    expect(
      imageDataGenerator({ rotationRange: 0, zoomRange: 0, horizontalFlip: false, rescale: 0, mean: [1] }),
    ).toEqual(empty);
  });

  it.each<[ImageDataGeneratorOptions['widthShiftRange'], object]>([
    [0.25, { limit: 0.25 }],
    [1, { choices: [0], unit: 'pixel' }],
    [3, { choices: [0, 1, 2], unit: 'pixel' }],
    [2.5, { limit: 2.5, unit: 'pixel' }],
    [[0.1, 0.2], { choices: [0.1, 0.2], unit: 'fraction' }],
    [[0.5, 2], { choices: [0.5, 2], unit: 'pixel' }],
  ])('reads the shift range %j as Keras does', (widthShiftRange, expected) => {
    expect(imageDataGenerator({ widthShiftRange }).steps).toEqual([{ kind: 'widthShift', ...expected }]);
  });

  it('accepts [low, high] for zoom', () => {
    expect(imageDataGenerator({ zoomRange: [0.8, 1] }).steps).toEqual([{ kind: 'zoom', low: 0.8, high: 1 }]);
  });

  it.each<[unknown, string]>([
    [{ rotation_range: 15 }, 'Expected the options rotationRange, widthShiftRange, '],
    [{ rotation_range: 15 }, ' of imageDataGenerator, got "rotation_range"; did you mean rotationRange?'],
    [{ rotationRange: 200 }, 'Expected rotationRange to be a number from 0 to 180, got 200'],
    [{ zoomRange: [1.2, 0.8] }, 'Expected zoomRange[1] to be a number from 1.2 to 100, got 0.8'],
    [{ zoomRange: [1] }, 'Expected zoomRange.length to be an integer from 2 to 2, got 1'],
    [{ zoomRange: 1 }, 'Expected zoomRange to be a number from 0 to 0.99, got 1'],
    [{ widthShiftRange: -1 }, 'Expected widthShiftRange to be a number from 0 to 10000, got -1'],
    [{ heightShiftRange: [] }, 'Expected heightShiftRange to be an array of numbers'],
    [{ fillMode: 'mirror' }, 'Expected fillMode to be one of nearest, reflect, wrap, constant, got "mirror"'],
    [{ cval: 300 }, 'Expected cval to be a number from 0 to 255, got 300'],
    [{ horizontalFlip: 1 }, 'Expected horizontalFlip to be true or false, got 1'],
    [{ brightnessRange: 0.5 }, 'Expected brightnessRange to be [low, high], got 0.5'],
    [{ rescale: 'x' }, 'Expected rescale to be a number, got "x"'],
    [{ featurewiseCenter: true }, 'Expected mean, one number per channel'],
    [{ featurewiseStdNormalization: true, mean: [1] }, 'Expected std, one number per channel'],
  ])('refuses %j', (options, message) => {
    expect(() => imageDataGenerator(options as ImageDataGeneratorOptions)).toThrow(message);
  });
});
