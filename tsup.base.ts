import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'tsup';
import ts from 'typescript';

/** Written by a build, and not shipped as source: no map leads to it. */
const GENERATED = /[\\/]src[\\/](generated[\\/]|kernels\.wasm\.ts$)/;

/** Takes the generated sources out of the maps of the code. */
function forgetGeneratedSources(): void {
  for (const path of ts.sys.readDirectory('dist', ['.js.map'])) {
    const map = JSON.parse(ts.sys.readFile(path)!) as { sources: (string | null)[] };
    const sources = map.sources.map((source) => (source !== null && GENERATED.test(source) ? null : source));
    if (sources.includes(null)) ts.sys.writeFile(path, JSON.stringify({ ...map, sources }));
  }
}

/**
 * Writes a declaration and its map for each source file of the package in the working folder. Siblings are read as they are published.
 *
 * @throws Error with the messages of the compiler
 */
function writeDeclarations(entry: readonly string[]): void {
  const base = fileURLToPath(new URL('tsconfig.base.json', import.meta.url));
  const { options } = ts.parseJsonConfigFileContent({ extends: base, files: entry }, ts.sys, process.cwd(), {
    customConditions: [],
    noEmit: false,
    declaration: true,
    declarationMap: true,
    emitDeclarationOnly: true,
    rootDir: resolve('src'),
    outDir: resolve('dist'),
  });
  const program = ts.createProgram(
    entry.map((path) => resolve(path)),
    options,
  );
  const emittedFiles = new Map<string, string>();
  const { diagnostics: emitted } = program.emit(undefined, (path, text, ...rest) => {
    const isGenerated = rest[2]?.some(({ fileName }) => GENERATED.test(fileName));
    if (isGenerated && path.endsWith('.map')) return;
    emittedFiles.set(resolve(path), isGenerated ? text.replace(/\n\/\/# sourceMappingURL=.*/, '') : text);
  });
  const diagnostics = [...ts.getPreEmitDiagnostics(program), ...emitted];
  if (diagnostics.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, formatHost));
  for (const path of reachableFrom(entry.map(declarationOf), emittedFiles))
    for (const file of [path, `${path}.map`])
      if (emittedFiles.has(file)) ts.sys.writeFile(file, emittedFiles.get(file)!);
}

const declarationOf = (source: string) => resolve(source.replace(/^src/, 'dist').replace(/\.ts$/, '.d.ts'));

/** The declarations that those of the public entries lead to: others may show types that a user has not installed. */
function reachableFrom(entries: readonly string[], files: ReadonlyMap<string, string>): Set<string> {
  const found = new Set<string>();
  const visit = (path: string): void => {
    const text = files.get(path);
    if (text === undefined || found.has(path)) return;
    found.add(path);
    for (const { fileName } of ts.preProcessFile(text).importedFiles)
      if (fileName.startsWith('.')) visit(resolve(dirname(path), fileName.replace(/\.js$/, '.d.ts')));
  };
  entries.forEach(visit);
  return found;
}

const formatHost: ts.FormatDiagnosticsHost = {
  getCurrentDirectory: () => process.cwd(),
  getCanonicalFileName: (name) => name,
  getNewLine: () => '\n',
};

/**
 * The build every package shares: ES modules with declarations, siblings and peers left as imports. Maps lead to the sources, which are
 * shipped.
 */
export const library = (entry: string[]) =>
  defineConfig({
    entry,
    format: 'esm',
    target: 'es2022',
    sourcemap: true,
    clean: true,
    treeshake: true,
    esbuildOptions: (options) => {
      options.sourcesContent = false;
    },
    onSuccess: async () => {
      writeDeclarations(entry);
      forgetGeneratedSources();
    },
  });
