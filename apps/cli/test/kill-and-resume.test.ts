import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

// A process of its own for each of its trainings: nothing but the run folder outlives a kill.
const script = fileURLToPath(new URL('../scripts/kill-and-resume.js', import.meta.url));

it('a run killed with SIGKILL at ten random moments and resumed each time ends with the same weights, optimizer and history', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--kills', '10', '--seed', '1']);
  expect(JSON.parse(stdout)).toMatchObject({ kills: 10, epochs: 80, differs: [] });
}, 180_000);
