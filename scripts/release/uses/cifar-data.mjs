import assert from 'node:assert';
import { loadCifar10 } from '@convlens/cifar-data';

const source = { location: 'nowhere', list: async () => [], read: async () => undefined };
await assert.rejects(loadCifar10(source, { split: 'test' }), { name: 'InputError' });
