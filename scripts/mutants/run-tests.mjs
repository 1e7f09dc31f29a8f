import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { ROOT } from './root.mjs';

const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');

/**
 * Resolves when Vitest has ended, or was ended after `timeout` seconds: to its status, null in the second case. Its workers
 * are ended with it: in an endless loop they would not notice that it has.
 */
const runVitest = (args, { timeout, env }) =>
  new Promise((resolve, reject) => {
    const options = { cwd: ROOT, stdio: 'ignore', detached: true, env: { ...process.env, ...env } };
    const vitest = spawn(process.execPath, [VITEST, ...args], options);
    const endAll = () => {
      try {
        process.kill(-vitest.pid, 'SIGKILL');
      } catch {
        // All have ended.
      }
    };
    const timer = setTimeout(endAll, 1000 * timeout);
    process.on('exit', endAll);
    vitest.on('error', reject).on('close', (status) => {
      clearTimeout(timer);
      process.off('exit', endAll);
      endAll();
      resolve(status);
    });
  });

/** Reads the results of a run: undefined where it wrote none. */
function readResults(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).testResults;
  } catch {
    return undefined;
  }
}

/**
 * Runs Vitest with arguments. Resolves to `passed`, to `files` (`file` from the root, `passed`, `seconds` of each) and to `failure`, the
 * title and the first line of the message of the first test that failed.
 */
export async function runTests(args, { timeout, env = {} }) {
  const folder = mkdtempSync(join(tmpdir(), 'convlens-mutants-'));
  try {
    const output = join(folder, 'results.json');
    const status = await runVitest([...args, '--reporter=json', `--outputFile=${output}`], {
      timeout,
      env,
    });
    const results = readResults(output) ?? [];
    const failed = results.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => status === 'failed'),
    );
    return {
      passed: status === 0,
      files: results.map(({ name, status, startTime, endTime }) => ({
        file: relative(ROOT, name).replaceAll(sep, '/'),
        passed: status === 'passed',
        seconds: (endTime - startTime) / 1000,
      })),
      failure: failureOf({ status, failed, results }),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function failureOf({ status, failed, results }) {
  if (status === 0) return undefined;
  const [test] = failed;
  if (test) return `${test.fullName}: ${(test.failureMessages[0] ?? '').split('\n')[0]}`;
  const message = results.find(({ message }) => message)?.message;
  return message ? message.split('\n')[0] : status === null ? 'out of time' : 'the process ended';
}
