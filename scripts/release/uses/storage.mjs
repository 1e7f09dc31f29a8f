import assert from 'node:assert';
import { memoryStore, readText, writeText } from '@convlens/storage';
import { openOutputFolder } from '@convlens/storage/node';

const output = await openOutputFolder('results');
await writeText(output, 'a.txt', 'a');
await output.close();
await writeText(memoryStore(), 'b.txt', 'b');
assert.equal(await readText(output, 'a.txt'), 'a');
