import { testDamagedFiles } from '../../../../test/support/damaged-files.js';
import { DAMAGED_FILES } from './damaged-files.js';

testDamagedFiles(DAMAGED_FILES, { part: 1 / 50 });
