import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'tsup';
import ts from 'typescript';

/** Written by a build, and not shipped as source: no map leads to it. */
const GENERATED = /\.wasm\.ts$|[\\/]src[\\/]generated[\\/]/;

/** A source map without sources, which takes a module out of the map of its bundle. */
const EMPTY_MAP = Buffer.from('{"version":3,"sources":[""],"mappings":"A"}').toString('base64');

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
  const { diagnostics: emitted } = program.emit(undefined, (path, text, ...rest) => {
    const isGenerated = rest[2]?.some(({ fileName }) => GENERATED.test(fileName));
    if (isGenerated && path.endsWith('.map')) return;
    ts.sys.writeFile(path, isGenerated ? text.replace(/\n\/\/# sourceMappingURL=.*/, '') : text);
  });
  const diagnostics = [...ts.getPreEmitDiagnostics(program), ...emitted];
  if (diagnostics.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, formatHost));
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
    esbuildPlugins: [
      {
        name: 'no-map-of-generated-files',
        setup: ({ onLoad }) =>
          onLoad({ filter: GENERATED }, ({ path }) => ({
            contents: `${ts.sys.readFile(path)}\n//# sourceMappingURL=data:application/json;base64,${EMPTY_MAP}`,
            loader: 'ts',
          })),
      },
    ],
    onSuccess: async () => writeDeclarations(entry),
  });
