import assert from 'node:assert';
import { loadMnist } from '@convlens/digits-data';

const source = { location: 'nowhere', list: async () => [], read: async () => undefined };
await assert.rejects(loadMnist(source, { split: 'test' }), { name: 'InputError' });
