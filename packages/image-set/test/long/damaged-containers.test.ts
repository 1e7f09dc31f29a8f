import { testDamagedFiles } from '../../../../test/support/damaged-files.js';
import { DAMAGED_FILES } from '../containers/damaged-files.js';

testDamagedFiles(DAMAGED_FILES);
