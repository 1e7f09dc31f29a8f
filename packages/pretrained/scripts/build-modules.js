// Turns cards/NAME.json and weights/NAME.safetensors into src/generated/: the table of networks, and a module a network
// with its weights as text, so that any bundler takes them along and nothing has to be located or fetched at run time.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const generated = join(root, 'src', 'generated');
const HEAD = '// Written by scripts/build-modules.js.\n';

rmSync(generated, { recursive: true, force: true });
mkdirSync(join(generated, 'weights'), { recursive: true });
const names = readdirSync(join(root, 'cards'))
  .map((file) => file.replace('.json', ''))
  .sort();
const entries = names.map((name) => {
  const card = readFileSync(join(root, 'cards', `${name}.json`), 'utf8').trim();
  const base64 = readFileSync(join(root, 'weights', `${name}.safetensors`)).toString('base64');
  // The type keeps the text out of the declarations.
  writeFileSync(
    join(generated, 'weights', `${name}.ts`),
    `${HEAD}export const base64: string =\n  '${base64}';\n`,
  );
  return `  '${name}': {\n    card: ${card},\n    weights: () => import('./weights/${name}.js'),\n  },\n`;
});
const union = names.map((name) => `'${name}'`).join(' | ') || 'never';
const table = `export const networks: Readonly<Record<${union}, Network>> = {\n${entries.join('')}};\n`;
writeFileSync(
  join(generated, 'networks.ts'),
  `${HEAD}import type { Network } from '../network.js';\n\n${table}`,
);
