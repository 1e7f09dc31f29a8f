import { testCalls } from './calls.js';

// test/long has more calls.
testCalls(20);
