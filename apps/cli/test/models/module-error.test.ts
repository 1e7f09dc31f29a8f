import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { convlens } from '../convlens.js';

const folder = mkdtempSync(join(tmpdir(), 'convlens-module-errors-'));
afterAll(() => rmSync(folder, { recursive: true }));

const train = (module: string) =>
  convlens(
    ...['train', '--data', 'shapes', '--limit', '20', '--epochs', '1', '--backend', 'cpu'],
    ...['--model', module, '--out', join(folder, 'run')],
  );

/** Writes a module and returns its path. */
function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const model = 'export default ({ tf, inputShape, classes }) => tf.sequential();';

it.each([
  {
    when: 'the default export throws',
    text: 'const size = (options) =>\n  options.missing.size;\nexport default (options) =>\n  size(options);',
    message: (file: string) =>
      `Cannot build the model of ${file}: Cannot read properties of undefined (reading 'size')`,
    lines: [2, 4],
  },
  {
    when: 'TensorFlow.js refuses a layer',
    text: 'export default ({ tf, inputShape }) =>\n  tf.sequential({ layers: [\n    tf.layers.conv2d({ inputShape, filters: 4 }),\n  ] });',
    message: (file: string) => `Cannot build the model of ${file}: `,
    lines: [3],
  },
  {
    when: 'customLayers throws',
    text: `${model}\nexport const customLayers = () => {\n  throw new Error('no layers');\n};`,
    message: (file: string) => `Cannot make the custom layers of ${file}: no layers`,
    lines: [3],
  },
  {
    when: 'it throws as it is loaded',
    text: `${model}\n\nundefined.names;`,
    message: (file: string) =>
      `Cannot load the module ${file}: Cannot read properties of undefined (reading 'names')`,
    lines: [3],
  },
  {
    when: 'what it throws is no error',
    text: `${model}\nthrow 'a text';`,
    message: (file: string) => `Cannot load the module ${file}: a text`,
    lines: [],
  },
])(
  'names the module, the message and the lines of the user where $when',
  async ({ when, text, message, lines }) => {
    const file = write(`${when.replaceAll(/\W/g, '-')}.mjs`, text);
    const { status, stderr } = await train(file);
    expect(status).toBe(2);
    expect(stderr).toContain(message(file));
    const places = [...stderr.matchAll(/^ {2}at .*?([^\s(]+):(\d+):\d+\)?$/gm)];
    expect(places.map(([, place, line]) => [place, Number(line)])).toEqual(lines.map((line) => [file, line]));
  },
);

it('names the file of the user that throws, not those of packages', async () => {
  mkdirSync(join(folder, 'node_modules/some-package'), { recursive: true });
  write(
    'node_modules/some-package/index.mjs',
    "export const fail = () => {\n  throw new Error('inside');\n};",
  );
  const layers = write(
    'layers.mjs',
    "import { fail } from './node_modules/some-package/index.mjs';\nexport const block = () =>\n  fail();",
  );
  const file = write(
    'with-layers.mjs',
    "import { block } from './layers.mjs';\nexport default () =>\n  block();",
  );
  const { stderr } = await train(file);
  expect(stderr).toContain(`${layers}:3:`);
  expect(stderr).toContain(`${file}:3:`);
  expect(stderr).not.toContain('some-package');
});

it('names the line of a syntax error and shows it', async () => {
  const file = write('syntax.mjs', 'export default () => {\n  const layers = ;\n};');
  const { status, stderr } = await train(file);
  expect(status).toBe(2);
  expect(stderr).toContain(`Cannot load the module ${file}: `);
  expect(stderr).toContain(`\n  at ${file}:2\n    const layers = ;\n`);
});
