// Loaded before the command line: at the first write of a file, does what CONVLENS_AT_WRITE says: "remove PATH", or "signal NAME"
// (twice: "signals NAME").
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const [, action, value] = /^(\w+) (.*)$/s.exec(process.env.CONVLENS_AT_WRITE);
const { open } = fs.promises;
let isDone = false;

function act() {
  if (action === 'remove') fs.rmSync(value, { recursive: true, force: true });
  else for (let count = action === 'signals' ? 2 : 1; count > 0; count--) process.kill(process.pid, value);
}

fs.promises.open = async (path, flags, ...rest) => {
  // Not for the lock, which is there before anything is written.
  if (!isDone && /^[wa]/.test(flags ?? '') && !/[/\\]\.convlens-lock[^/\\]*$/.test(path)) {
    isDone = true;
    act();
    // A signal arrives in a later turn of the event loop.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return open(path, flags, ...rest);
};
syncBuiltinESMExports();
