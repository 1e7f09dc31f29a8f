import { describeWrongUse } from '../../../test/support/exports/describe-wrong-use.js';

const IMAGE = { pixels: new Uint8Array(4), height: 2, width: 2, channels: 1 };

await describeWrongUse(import.meta.url, {
  samples: {
    '(epoch: number) => Iterable<ImageBatch>': () => [],
    'readonly StepOf<D>[]': [{ kind: 'flip' }],
    'text: string': 'flip',
    Image: IMAGE,
    'Image & { readonly pixels: P }': IMAGE,
    'Partial<Augmentation<OperationOf<D>>>': {},
    Point: { row: 0, column: 0 },
    Mixing: { kind: 'mixup', partners: [1, 0], lambdas: [1, 1] },
    'Partial<Geometry>': {},
    Size: { height: 2, width: 2 },
    AffineMatrix: { xx: 1, xy: 0, x: 0, yx: 0, yy: 1, y: 0 },
  },
  valid: {
    '(affineMatrix|applyAugmentation|applyToMask|applyToPoint): a record of another kind in place of (geometry|augmentation)':
      'each field has a default',
  },
});
