import assert from 'node:assert';
import { findRecipe, loadDataset } from '@convlens/pipeline';

const { settings } = findRecipe('shapes');
const test = await loadDataset(settings.data, { split: 'test' });
assert.equal(test.classNames.length, 10);
