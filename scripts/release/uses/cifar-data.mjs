import assert from 'node:assert';
import { loadCifar10 } from '@convlens/cifar-data';

const source = { location: 'nowhere', open: async () => undefined };
await assert.rejects(loadCifar10(source, { split: 'test' }), { name: 'InputError' });
