import { describeWrongUse } from '../../../test/support/exports/describe-wrong-use.js';

async function* chunks() {
  yield new Uint8Array(8);
}

await describeWrongUse(import.meta.url, {
  samples: {
    Chunks: { [Symbol.asyncIterator]: chunks },
    'Iterable<Uint8Array>': [new Uint8Array(8)],
    'readonly Uint8Array[]': [new Uint8Array(8)],
    'unknown[]': [],
    'ReadableStream<Uint8Array>': new Blob(['text']).stream(),
    "'gzip' | 'deflate'": 'gzip',
  },
});
