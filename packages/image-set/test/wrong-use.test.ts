import { describeWrongUse } from '../../../test/support/exports/describe-wrong-use.js';

const IMAGE = { pixels: new Uint8Array(3), height: 1, width: 1 };

await describeWrongUse(import.meta.url, {
  samples: {
    'readonly ImageDataLike[]': [{ data: new Uint8ClampedArray(4), height: 1, width: 1 }],
    'readonly DecodedImage[]': [IMAGE],
    DecodedImage: IMAGE,
    Size: { height: 4, width: 4 },
    PublishedFile: { name: 'file', bytes: 1, md5: '', urls: [] },
    DownloadCache: {
      location: 'nothing',
      openPartial: () => Promise.reject(new RangeError('expected a cache')),
    },
    ByteReader: { error: () => new RangeError('expected other images') },
    ImageCounts: { declared: 1, expected: 1, official: true },
    LoadSplitOptions: {},
    'Iterable<File>': [],
    DataTransfer: { items: [], files: [] },
    ImageSource: [],
    'strategy: SplitStrategy': 'first',
    'readonly [number, number, number, number]': [1, 1, 1, 1],
    '1 | 3': 3,
  },
  valid: {
    'expectLoadSplitOptions: a record of another kind in place of .*':
      'each loader refuses the options that it does not have',
  },
});
