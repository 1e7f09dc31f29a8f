// Runs before a package is packed, in its folder: refuses to pack without a fresh build.
import { readFileSync } from 'node:fs';
import { whyNotFresh } from './build-stamp.mjs';

const reason = whyNotFresh(process.cwd());
if (reason !== undefined) {
  const { name } = JSON.parse(readFileSync('package.json', 'utf8'));
  console.error(`${name} is not packed: ${reason}. Run npm run setup ${name}`);
  process.exitCode = 1;
}
