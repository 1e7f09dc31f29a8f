import { describeWrongUse } from '../../../test/support/wrong-use.js';

await describeWrongUse(import.meta.url, {});
