import { describeWrongUse } from '../../../test/support/exports/describe-wrong-use.js';

await describeWrongUse(import.meta.url, { errorName: 'RangeError' });
