import assert from 'node:assert';
import { findProject, projectNames, runFolders } from '@convlens/reproduce';

assert.ok(projectNames().includes('E'));
assert.equal(findProject('E').models.length, 1);
assert.deepEqual(
  runFolders('E').map(({ path }) => path),
  [''],
);
