// Reads every JSON file of convlens with many faults and prints a table: npm run mutations -- --count 2000 --seed 1
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' } },
});
const env = { ...process.env, CONVLENS_MUTATIONS: values.count, CONVLENS_MUTATION_SEED: values.seed };
const { status } = spawnSync('vitest', ['run', '--project', 'cli', 'mutations'], {
  env,
  stdio: 'inherit',
  shell: true,
});
process.exitCode = status ?? 1;
