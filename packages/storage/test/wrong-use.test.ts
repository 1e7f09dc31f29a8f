import { object, string } from 'valibot';
import { describeWrongUse } from '../../../test/support/exports/describe-wrong-use.js';

const SCHEMA = object({});

await describeWrongUse(import.meta.url, {
  samples: {
    'GenericSchema<unknown, T>': SCHEMA,
    'v.GenericSchema<unknown, Output>': SCHEMA,
    Entries: { name: string() },
    Float32Array: new Float32Array(1),
    'pid: number': process.pid,
    'readonly Choice[]': ['a'],
  },
  valid: {
    '(open|closed)Object: a(n empty object| record of another kind) in place of (all arguments|entries)':
      'the schemas in an object are read when they are used',
    'expect(Reader|Store): .* in place of name': 'it only names the value in the message of the error',
  },
});
