// Writes src/generated/ from cards/NAME.json and weights/NAME.safetensors: entries.ts, and for each model a
// module with its weights in base64. Any bundler includes such modules, so nothing is located or fetched at
// run time.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const generated = join(root, 'src', 'generated');
const HEAD = '// Written by scripts/build-modules.js.\n';

/**
 * Writes the module with the weights of a model. The type `string` keeps the base64 text out of the
 * declarations.
 */
function writeWeightsModule(name) {
  const base64 = readFileSync(join(root, 'weights', `${name}.safetensors`)).toString('base64');
  const code = `${HEAD}export const base64: string =\n  '${base64}';\n`;
  writeFileSync(join(generated, 'weights', `${name}.ts`), code);
}

/** The code of the entry of a model. */
function entryCode(name) {
  const card = readFileSync(join(root, 'cards', `${name}.json`), 'utf8').trim();
  return `  {\n    card: ${card},\n    loadWeights: () => import('./weights/${name}.js'),\n  },\n`;
}

function writeEntriesModule(names) {
  const union = names.map((name) => `'${name}'`).join(' | ') || 'never';
  const code = [
    `${HEAD}import type { PretrainedEntry } from '../pretrained-entry.js';\n\n`,
    '/** The id of a pretrained model. */\n',
    `export type PretrainedName = ${union};\n\n`,
    'export const entries: readonly PretrainedEntry<PretrainedName>[] = [\n',
    ...names.map(entryCode),
    '];\n',
  ];
  writeFileSync(join(generated, 'entries.ts'), code.join(''));
}

rmSync(generated, { recursive: true, force: true });
mkdirSync(join(generated, 'weights'), { recursive: true });
const names = readdirSync(join(root, 'cards'))
  .map((file) => file.replace('.json', ''))
  .sort();
names.forEach(writeWeightsModule);
writeEntriesModule(names);
