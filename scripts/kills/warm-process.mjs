/**
 * Runs command lines one after the other in this process, which has loaded everything: started with `fork`, it receives
 * { folder, args } and sends { status, stderr }. Used by warm-convlens.mjs.
 */
const PROGRAM = new URL('../../apps/cli/dist/main.js', import.meta.url).href;

let count = 0;
let stderr = '';
let isRunning = false;

process.stderr.write = (text) => {
  stderr += text;
  return true;
};

process.on('message', async ({ folder, args }) => {
  process.chdir(folder);
  Object.assign(process.env, { CONVLENS_OFFLINE: '1', CONVLENS_DATA_DIR: `${folder}/none` });
  process.argv = [process.execPath, 'convlens', ...args];
  process.exitCode = 0;
  stderr = '';
  isRunning = true;
  // The program begins when its module is loaded, and has ended when there is nothing left to do.
  process.channel.unref();
  await import(`${PROGRAM}?${count++}`);
});

process.on('beforeExit', () => {
  if (!isRunning) return;
  isRunning = false;
  process.removeAllListeners('exit');
  process.channel.ref();
  process.send({ status: process.exitCode ?? 0, stderr });
});
