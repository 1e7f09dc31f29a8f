// Runs before a package is published: refuses while the address of the repository is not known.
import { readFileSync } from 'node:fs';

const root = new URL('../../package.json', import.meta.url);
const { repository } = JSON.parse(readFileSync(root, 'utf8'));
if (!repository.url) {
  console.error(
    'Not published: the field repository.url of the package.json in the root is empty. Enter the address',
  );
  process.exitCode = 1;
}
