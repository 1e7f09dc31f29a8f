import type { ImageSet } from '@convlens/core';
import { classCounts, selectClasses, stratifiedSubset, subset, take } from '@convlens/image-set';
import { generateShapes } from '@convlens/image-set/shapes';
import { describe, expect, it } from 'vitest';
import { splitTrainingImages } from '../../src/index.js';

const images = generateShapes({ count: 100 });
const validationImages = generateShapes({ count: 40, seed: 2 });
const separate = { validation: 'separate', seed: 1 };

describe("the validation images of the data set itself, with the validation 'separate'", () => {
  it('are validated, and all training images are trained on', () => {
    const { train, validation } = splitTrainingImages(images, separate, { validationImages });
    expect([train.pixels, validation.pixels]).toEqual([images.pixels, validationImages.pixels]);
  });

  it('are all validated where `limit` bounds the training images', () => {
    const limited = { ...separate, limit: 30 };
    const { train, validation } = splitTrainingImages(images, limited, { validationImages });
    expect([train.count, validation.count]).toEqual([30, 40]);
  });

  const renamed: ImageSet = {
    ...validationImages,
    classNames: validationImages.classNames.map((name) => `${name}s`),
  };
  it.each([
    {
      when: 'are missing',
      options: {},
      message: 'Expected validationImages for the validation separate, got none',
    },
    {
      when: 'have other classes',
      options: { validationImages: renamed },
      message:
        /Expected validation images of 32 x 32 x 3 with the classes .*, got 32 x 32 x 3 with the classes .*s$/,
    },
    {
      when: 'have another size',
      options: { validationImages: { ...validationImages, height: 16, width: 64 } },
      message: 'got 16 x 64 x 3',
    },
    {
      when: 'lack a class',
      options: {
        validationImages: subset(
          validationImages,
          [...validationImages.labels!.keys()].filter((i) => validationImages.labels![i] !== 3),
        ),
      },
      message: `Expected validation images of each class, got none of ${validationImages.classNames[3]} (`,
    },
  ])('are refused where they $when', ({ options, message }) => {
    expect(() => splitTrainingImages(images, separate, options)).toThrow(message);
  });

  it('are refused with another validation', () => {
    const settings = { validation: 'first:0.1', seed: 1 };
    expect(() => splitTrainingImages(images, settings, { validationImages })).toThrow(
      'Expected validationImages only with the validation separate, got first:0.1',
    );
  });
});

describe('`limit` of a folder', () => {
  it('takes a stratified sample of images that come class by class, the one that loading takes', () => {
    const order = [...images.labels!.keys()].sort((a, b) => images.labels![a] - images.labels![b]);
    const sorted = subset(images, order);
    const settings = { data: './pets', seed: 4, limit: 40, validation: 'stratified:0.25' };
    const { train, validation } = splitTrainingImages(sorted, settings);
    const counts = [train, validation].map((set) => classCounts(set));
    expect([train.count, validation.count]).toEqual([30, 10]);
    for (const [label, count] of classCounts(images).entries())
      expect(Math.abs(counts[0][label] + counts[1][label] - 0.4 * count)).toBeLessThan(1.5);
    const loaded = stratifiedSubset(sorted, { count: 40 });
    expect(splitTrainingImages(loaded, settings).train).toEqual(train);
    // The order of a data set is published.
    const first = splitTrainingImages(sorted, { ...settings, data: 'shapes', validation: 'first:0.25' });
    expect(first.validation.pixels).toEqual(take(sorted, 10).pixels);
  });
});

describe('held-out images of a folder', () => {
  const folder = { data: './pets', seed: 1 };

  it('that lack a class are refused with what to do', () => {
    const byClass = take(selectClasses(images, images.classNames.slice(0, 2)), 20);
    const sorted = subset(
      byClass,
      [...byClass.labels!.keys()].sort((a, b) => byClass.labels![a] - byClass.labels![b]),
    );
    expect(() => splitTrainingImages(sorted, { ...folder, validation: 'first:0.1' })).toThrow(
      `got none of ${images.classNames[1]} (10 in training): hold out a larger fraction of each class, --validation stratified:0.1`,
    );
    const asBefore = { ...folder, validation: 'first:0.1' };
    expect(splitTrainingImages(sorted, asBefore, { mayLackClass: true }).validation.count).toBe(2);
    const { train, validation } = splitTrainingImages(sorted, { ...folder, validation: 'stratified:0.5' });
    expect(
      [classCounts(train), classCounts(validation)].map((counts) => counts.slice(0, 2).every((n) => n > 0)),
    ).toEqual([true, true]);
  });
});
