import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

it('the package ships the licence of AssemblyScript, of which its WebAssembly has code', () => {
  const notices = read('THIRD-PARTY-NOTICES.md');
  for (const name of ['NOTICE', 'LICENSE'])
    expect(notices).toContain(read(`node_modules/assemblyscript/${name}`).trim());
  expect(JSON.parse(read('package.json')).files).toContain('THIRD-PARTY-NOTICES.md');
});
