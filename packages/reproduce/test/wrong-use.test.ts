import { createDocument } from '@convlens/render-d3/node';
import { memoryStore } from '@convlens/storage';
import { describeWrongUse } from '../../../test/support/exports/describe-wrong-use.js';

await describeWrongUse(import.meta.url, {
  samples: {
    'name: string': 'E',
    'BlobStore | ((recipe: string) => BlobStore)': memoryStore(),
    LoadImages: () => Promise.reject(new RangeError('no images')),
    Document: createDocument(),
    ReproductionPlan: { name: 'E', title: 'E', scale: 1, models: [] },
    ReproducedRun: { summary: {}, history: [], tables: [] },
    'Readonly<Record<string, string>>': {},
    '(svg: string) => Uint8Array | Promise<Uint8Array>': () => new Uint8Array(1),
  },
});
