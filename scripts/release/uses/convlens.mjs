import assert from 'node:assert';
import { execFileSync } from 'node:child_process';

const convlens = (...args) => execFileSync('npx', ['convlens', ...args], { encoding: 'utf8' });
assert.match(convlens('--version'), /^\d+\.\d+\.\d+/);
assert.match(convlens('list', 'models'), /shapes-3conv/);
convlens('train', '--recipe', 'shapes', '--limit', '100', '--epochs', '1', '--out', 'run');
assert.match(convlens('evaluate', 'run'), /accuracy/);
