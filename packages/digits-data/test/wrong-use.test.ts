import { memoryStore } from '@convlens/storage';
import { describeWrongUse } from '../../../test/support/wrong-use.js';

await describeWrongUse(import.meta.url, { samples: { FileSource: memoryStore() } });
