import { describeWrongUse } from '../../../test/support/exports/describe-wrong-use.js';

await describeWrongUse(import.meta.url, {
  samples: { 'svg: string': '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>' },
});
