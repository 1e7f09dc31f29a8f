import { readFileSync } from 'node:fs';
import { extend, idsOf, type ImageBatch } from '@convlens/core';
import { describe, expect, it } from 'vitest';
import {
  applyAugmentation,
  applyToMask,
  applyToPoint,
  augment,
  augmentBatch,
  formatAugment,
  mixBatch,
  parseAugment,
  sampleAugmentation,
  sampleMixing,
  STEP_DEFINITIONS,
  type BatchDefinition,
  type GeometryDefinition,
  type ImageDefinition,
  type Step,
  type StepDefinition,
} from '../../src/index.js';

const definitionList: readonly StepDefinition[] = STEP_DEFINITIONS;

describe('STEP_DEFINITIONS', () => {
  it('has unique ids and keywords', () => {
    expect(new Set(idsOf(STEP_DEFINITIONS)).size).toBe(STEP_DEFINITIONS.length);
    expect(new Set(STEP_DEFINITIONS.map(({ keyword }) => keyword)).size).toBe(STEP_DEFINITIONS.length);
  });

  it('has both movePoint and moveMask where an operation moves pixels', () => {
    for (const definition of definitionList)
      if (definition.family === 'image')
        expect(definition.movePoint === undefined, definition.id).toBe(definition.moveMask === undefined);
  });

  it('is the table of the README, with ids, families and keywords', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const rows = [...readme.matchAll(/^\| `(\w+)` \| (geometry|image|batch) \| `(\w+)/gm)];
    expect(rows.map(([, id, family, keyword]) => ({ id, family, keyword }))).toEqual(
      STEP_DEFINITIONS.map(({ id, family, keyword }) => ({ id, family, keyword })),
    );
  });
});

/** Inverts all values from a threshold on. */
interface Solarize {
  readonly kind: 'solarize';
  readonly threshold: number;
}

const solarize: ImageDefinition<Solarize, Solarize> = {
  id: 'solarize',
  family: 'image',
  keyword: 'solarize',
  mainOption: 'threshold',
  schema: { threshold: { type: 'number', min: 0, max: 255 } },
  sample: ({ threshold }) => ({ kind: 'solarize', threshold }),
  operationSchema: { threshold: { type: 'number' } },
  apply: ({ pixels }, { threshold }) => {
    for (let i = 0; i < pixels.length; i++) if (pixels[i] >= threshold) pixels[i] = 255 - pixels[i];
  },
};

/** Rotates by a multiple of 90 degrees. */
interface QuarterTurn {
  readonly kind: 'quarterTurn';
}

const quarterTurn: GeometryDefinition<QuarterTurn> = {
  id: 'quarterTurn',
  family: 'geometry',
  keyword: 'quarter',
  schema: {},
  sample: (_, random, geometry) => {
    geometry.rotation += 90 * Math.floor(4 * random());
  },
};

/** Moves all rows up by one. */
interface RowUp {
  readonly kind: 'rowUp';
}

const rowUp: ImageDefinition<RowUp, RowUp> = {
  id: 'rowUp',
  family: 'image',
  keyword: 'rowup',
  schema: {},
  sample: () => ({ kind: 'rowUp' }),
  operationSchema: {},
  apply: ({ pixels, width, channels }) => void pixels.copyWithin(0, width * channels),
  movePoint: ({ row, column }) => ({ row: row - 1, column }),
  moveMask: (mask) => rowUp.apply(mask, { kind: 'rowUp' }),
};

/** The mean of each image and its partner. */
interface Average {
  readonly kind: 'average';
}

const average: BatchDefinition<Average> = {
  id: 'average',
  family: 'batch',
  mixture: 'blend',
  keyword: 'average',
  schema: {},
  sample: () => ({ lambda: 0.5 }),
};

const definitions = extend(STEP_DEFINITIONS, [solarize, quarterTurn, rowUp, average]);
const batch: ImageBatch = {
  kind: 'image-batch',
  name: 'two',
  epoch: 0,
  step: 0,
  indices: Uint32Array.of(0, 1),
  count: 2,
  height: 2,
  width: 2,
  channels: 1,
  classNames: ['a', 'b'],
  labels: Int32Array.of(0, 1),
  pixels: Uint8Array.of(0, 100, 200, 255, 10, 20, 30, 40),
};
const image = { height: 2, width: 2, channels: 1, pixels: batch.pixels.subarray(0, 4) };
const size = { height: 2, width: 2 };

describe('a step of your own', () => {
  it('is augmented beside the built-in steps', () => {
    const steps = [
      { kind: 'solarize', threshold: 150 },
      { kind: 'rescale', factor: 2 },
    ] as const;
    const { pixels } = augmentBatch(batch, steps, { definitions });
    expect([...pixels]).toEqual([0, 200, 110, 0, 20, 40, 60, 80]);
    const [first] = augment(() => [batch], steps, { definitions })(0);
    expect(first.pixels).toEqual(pixels);
  });

  it('is part of the sampled augmentation, which can be applied to images, masks and points', () => {
    const context = { seed: 1, epoch: 0, index: 3, ...size, definitions };
    const augmentation = sampleAugmentation([{ kind: 'rowUp' }, { kind: 'quarterTurn' }], context);
    expect(augmentation.before).toEqual([{ kind: 'rowUp' }]);
    expect(augmentation.rotation % 90).toBe(0);
    const operations = { after: augmentation.before };
    expect([...applyAugmentation(image, operations, { definitions })]).toEqual([200, 255, 200, 255]);
    expect([...applyToMask(image, operations, { definitions })]).toEqual([200, 255, 200, 255]);
    const moved = applyToPoint({ row: 1, column: 0 }, operations, { ...size, definitions });
    expect(moved).toEqual({ row: 0, column: 0 });
  });

  it('can mix batches', () => {
    const steps = [{ kind: 'average' }] as const;
    const { seed, ...context } = { seed: 1, epoch: 0, step: 0, indices: [0, 1], ...size };
    const [mixing] = sampleMixing(steps, { seed, ...context, definitions });
    expect(mixing.lambdas).toEqual([0.5, 0.5]);
    const mixed = mixBatch(batch, mixing, { definitions });
    expect(augmentBatch(batch, steps, { seed, definitions })).toEqual(mixed);
    expect(() => mixBatch(batch, mixing)).toThrow('Expected mixing.kind to be one of mixup, cutmix');
  });

  it('is read from text and written to text', () => {
    const text = 'solarize=128,flip,average';
    const steps = parseAugment(text, { definitions });
    expect(steps).toEqual([{ kind: 'solarize', threshold: 128 }, { kind: 'flip' }, { kind: 'average' }]);
    expect(formatAugment(steps, { definitions })).toBe(text);
    expect(() => parseAugment('solarize=300', { definitions })).toThrow(
      'Expected solarize=NUMBER with a number from 0 to 255',
    );
  });

  it('is checked by its schema and its type, and is unknown without its definition', () => {
    // @ts-expect-error: an option that the step does not have
    expect(() => augmentBatch(batch, [{ kind: 'solarize', level: 1 }], { definitions })).toThrow(
      'Expected steps[0] to have only threshold, got level',
    );
    // @ts-expect-error: a step without its definition
    expect(() => augmentBatch(batch, [{ kind: 'solarize', threshold: 1 }])).toThrow(
      'Expected steps[0].kind to be one of flip',
    );
    expect(() => augmentBatch(batch, [], { definitions: solarize as never })).toThrow(
      'Expected definitions to be an array, got object',
    );
    const step: Step = { kind: 'flip' };
    expect(augmentBatch(batch, [step], { definitions }).count).toBe(2);
  });
});
