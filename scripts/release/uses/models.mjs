import assert from 'node:assert';
import { buildModel, summarizeModel } from '@convlens/models';

const model = buildModel('cifar10-bn-6conv', { seed: 1 });
const { layers } = summarizeModel(model);
assert.ok(layers.length > 10);
assert.deepEqual(model.outputs[0].shape, [null, 10]);
