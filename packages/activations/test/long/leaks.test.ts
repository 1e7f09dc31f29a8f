import { testCalls } from '../attribution/calls.js';

testCalls(100);
