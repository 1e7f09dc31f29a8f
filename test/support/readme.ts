import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { repositoryFiles } from './repository-files.js';
import { packageOf, readJson, ROOT, type Manifest } from './workspace.js';

export interface CodeBlock {
  /** The line of the README in which the code begins, 1 for the first. */
  readonly line: number;
  readonly language: 'js' | 'ts';
  readonly code: string;
}

export interface Readme {
  /** From the root: "packages/core/README.md". */
  readonly path: string;
  /** All lines of the file. */
  readonly lines: readonly string[];
  /** Its blocks of JavaScript and TypeScript. */
  readonly blocks: readonly CodeBlock[];
}

/** With the folder whose packages its examples find. */
export interface Examples extends Readme {
  readonly home: string;
}

const FENCE = /^```(?<language>js|ts)$/;
const IS_README = /^(README|(packages|apps)\/[^/]+\/README|docs\/[^/]+)\.md$/;

function readReadme(path: string): Readme {
  const lines = readFileSync(join(ROOT, path), 'utf8').split('\n');
  const blocks = lines.flatMap((line, at) => {
    const language = FENCE.exec(line)?.groups!.language as CodeBlock['language'] | undefined;
    const code = lines.slice(at + 1, lines.indexOf('```', at + 1)).join('\n');
    return language ? [{ line: at + 2, language, code }] : [];
  });
  return { path, lines, blocks };
}

/** Every README, and every page of docs, that has examples. */
export const readReadmes = (): Readme[] =>
  repositoryFiles()
    .filter((path) => IS_README.test(path))
    .map(readReadme)
    .filter(({ blocks }) => blocks.length > 0);

/** The source of a public entry such as "@convlens/image-set/shapes", from the root. Of anything else undefined. */
function sourceOf(specifier: string): string | undefined {
  const name = packageOf(specifier);
  const folder = name.replace('@convlens', 'packages');
  const manifest = join(ROOT, folder, 'package.json');
  if (!name.startsWith('@convlens/') || !existsSync(manifest)) return undefined;
  const entry = (readJson(manifest) as Manifest).exports?.[specifier.replace(name, '.')];
  return entry && posix.join(folder, entry['@convlens/source']);
}

/** The import declarations of all blocks as few lines: each name is imported once. */
class Imports {
  private readonly names = new Map<string, Set<string>>();

  add({ moduleSpecifier, importClause }: ts.ImportDeclaration): void {
    const from = (moduleSpecifier as ts.StringLiteral).text;
    const key = `${importClause?.isTypeOnly ? 'type ' : ''}|${from}`;
    const names = this.names.get(key) ?? this.names.set(key, new Set()).get(key)!;
    const { name, namedBindings } = importClause ?? {};
    if (name) names.add(`default as ${name.text}`);
    if (namedBindings && ts.isNamespaceImport(namedBindings)) names.add(`* as ${namedBindings.name.text}`);
    if (namedBindings && ts.isNamedImports(namedBindings))
      for (const element of namedBindings.elements) names.add(element.getText());
  }

  /** On one line. Packages of this repository are read from source, whether or not `home` depends on them. */
  text(home: string): string {
    const declarations = [...this.names].flatMap(([key, names]) => {
      const [type, specifier] = key.split('|');
      const source = sourceOf(specifier);
      const from = JSON.stringify(source ? `./${posix.relative(home, source)}` : specifier);
      const whole = [...names].filter((name) => name.startsWith('*'));
      const parts = [...names].filter((name) => !name.startsWith('*'));
      return [
        ...(names.size === 0 ? [`import ${from};`] : []),
        ...whole.map((name) => `import ${type}${name} from ${from};`),
        ...(parts.length > 0 ? [`import ${type}{ ${parts.join(', ')} } from ${from};`] : []),
      ];
    });
    return declarations.join(' ');
  }
}

/**
 * The examples of a README as one module in the folder `home`. A line of the README is the same line of the module; its
 * first line has all imports. Each example is a scope within the one before: it may use what was declared there, or
 * declare it anew.
 */
function moduleOf({ path, lines, blocks, home }: Examples): string {
  const imports = new Imports();
  const code = lines.map(() => '');
  for (const block of blocks) {
    const { statements } = ts.createSourceFile(path, block.code, ts.ScriptTarget.Latest, true);
    let rest = block.code;
    for (const statement of statements.filter(ts.isImportDeclaration)) {
      imports.add(statement);
      const text = statement.getText();
      rest = rest.replace(text, text.replace(/[^\n]/g, ' '));
    }
    code[block.line - 2] = '{';
    rest.split('\n').forEach((line, at) => (code[block.line - 1 + at] = line));
  }
  code[0] = imports.text(home);
  return `${code.join('\n')}\n${'}'.repeat(blocks.length)}\nexport {};\n`;
}

/** The examples with some texts replaced, each of which must be there. */
export function shorten(readme: Readme, replacements: Readonly<Record<string, string>>): Readme {
  const missing = Object.keys(replacements).filter(
    (text) => !readme.blocks.some(({ code }) => code.includes(text)),
  );
  if (missing.length > 0) throw new Error(`${readme.path}: found no example with ${missing.join(', ')}`);
  const replaced = (code: string) =>
    Object.entries(replacements).reduce((result, [from, to]) => result.replaceAll(from, to), code);
  return { ...readme, blocks: readme.blocks.map((block) => ({ ...block, code: replaced(block.code) })) };
}

/** A line of the module as a reader finds it. */
const placeOf = ({ path }: Readme, line: number) => (line === 1 ? `${path}, imports` : `${path}:${line}`);

/** The module without its types, for Node; a source map keeps its lines. */
const withoutTypes = (text: string, fileName: string) =>
  ts.transpileModule(text, {
    fileName,
    compilerOptions: {
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      inlineSourceMap: true,
      inlineSources: true,
    },
  }).outputText;

/** Runs the examples of a README as one module, in this process. What they throw says in which line. */
export async function runExamples(examples: Examples): Promise<void> {
  const name = `${examples.path.replaceAll('/', '-')}.tmp.mjs`;
  const file = join(ROOT, examples.home, name);
  const signals = process.listeners('SIGINT');
  const text = moduleOf(examples);
  const isTyped = examples.blocks.some(({ language }) => language === 'ts');
  writeFileSync(file, isTyped ? withoutTypes(text, name) : text);
  try {
    await import(/* @vite-ignore */ pathToFileURL(file).href);
  } catch (error) {
    const [, line = 1] = new RegExp(`${name}:(\\d+)`).exec((error as Error).stack ?? '') ?? [];
    (error as Error).message = `${placeOf(examples, Number(line))}: ${(error as Error).message}`;
    throw error;
  } finally {
    rmSync(file);
    for (const listener of process.listeners('SIGINT'))
      if (!signals.includes(listener)) process.off('SIGINT', listener);
  }
}

/** The TensorFlow.js that all packages share. */
const tf = createRequire(join(ROOT, 'packages/pipeline/package.json'))('@tensorflow/tfjs');

/** Removes the backend that examples register, as in a new process, so that the next must import it themselves. */
export function forgetBackends(): void {
  for (const { kernelName, backendName } of tf.getKernelsForBackend('simd'))
    tf.unregisterKernel(kernelName, backendName);
  if (tf.engine().registryFactory.simd) tf.removeBackend('simd');
}

/** What is wrong with the types of the examples under `strict`, by README. All of them are one program, which is fast. */
export function typeErrors(all: readonly Examples[]): Map<string, string[]> {
  const base = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent({ ...base, files: [] }, ts.sys, ROOT);
  options.allowImportingTsExtensions = true;
  // The types of Node lie beside the packages, while examples run in another folder.
  options.typeRoots = [join(ROOT, 'node_modules/@types')];
  options.noUnusedLocals = options.noUnusedParameters = false;
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  const root = ROOT.replaceAll('\\', '/');
  const fileOf = ({ home, path }: Examples) => posix.join(root, home, `${path.replaceAll('/', '-')}.ts`);
  const texts = new Map(all.map((one) => [fileOf(one), moduleOf(one)]));
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  const program = ts.createProgram([...texts.keys()], options, host);
  return new Map(
    all.map((one) => {
      const file = program.getSourceFile(fileOf(one))!;
      const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
      const messages = found.map(({ start = 0, messageText }) => {
        const { line } = file.getLineAndCharacterOfPosition(start);
        return `${placeOf(one, line + 1)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
      });
      return [one.path, messages];
    }),
  );
}
