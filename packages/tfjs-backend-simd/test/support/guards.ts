import { setGuards } from '../../src/guards.js';

// Set by .ci/run for a second run of these tests. The first run has no guards, because they wait for each call.
setGuards(process.env.CONVLENS_GUARDS === '1');
