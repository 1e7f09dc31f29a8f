import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('warm-process.mjs', import.meta.url));

/** A process that runs command lines one after the other, without the time to start each: `run` as `runConvlens`. */
export function startWarmConvlens() {
  const child = fork(PROGRAM, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = once(child, 'exit').then(([status]) => ({ status, stderr: 'the process ended' }));
  return {
    async run(folder, args) {
      child.send({ folder, args });
      const answered = new Promise((resolve) => child.once('message', resolve));
      return Promise.race([answered, ended]);
    },
    stop: () => child.kill(),
  };
}
