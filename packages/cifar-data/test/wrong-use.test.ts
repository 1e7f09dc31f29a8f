import { memoryStore } from '@convlens/storage';
import { describeWrongUse } from '../../../test/support/exports/describe-wrong-use.js';

await describeWrongUse(import.meta.url, { samples: { FileSource: memoryStore() } });
