import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

export interface Writer {
  readonly child: ChildProcess;
  /** What it said after it opened the folder. */
  readonly reply: string;
  /** Sends a message and waits for the reply. */
  send(message: string): Promise<string>;
  /** Kills it and waits for its end. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Builds the program `writer.ts`, beside the tests, where its imports resolve. */
export async function buildWriter(): Promise<{
  start(folder: string, env?: Record<string, string>): Promise<Writer>;
  remove(): void;
}> {
  const outDir = mkdtempSync(fileURLToPath(new URL('program.tmp-', import.meta.url)));
  const conditions = ['@convlens/source', 'node'];
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions },
    ssr: { resolve: { conditions }, noExternal: [/^@convlens\//] },
    build: { ssr: fileURLToPath(new URL('writer.ts', import.meta.url)), outDir, minify: false },
  });
  return {
    async start(folder, env = {}) {
      const child = fork(`${outDir}/writer.js`, [folder], { execArgv: [], env: { ...process.env, ...env } });
      const replyOf = async () => ((await once(child, 'message')) as [string])[0];
      return {
        child,
        reply: await replyOf(),
        send(message) {
          child.send(message);
          return replyOf();
        },
        async kill(signal) {
          child.kill(signal);
          if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
        },
      };
    },
    remove: () => rmSync(outDir, { recursive: true }),
  };
}
