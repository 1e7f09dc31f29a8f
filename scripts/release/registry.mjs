import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Addresses of this machine. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Throws an Error unless the address of a registry is one of this machine. */
export function expectLoopback(registry) {
  let url;
  try {
    url = new URL(registry);
  } catch {
    throw new Error(`Expected the address of a registry, got ${JSON.stringify(registry)}`);
  }
  if (url.protocol !== 'http:' || !LOOPBACK.test(url.hostname) || url.username !== '')
    throw new Error(`Expected a registry on this machine, such as http://127.0.0.1:4873/, got ${registry}`);
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/**
 * Starts an empty registry on this machine. Packages that are not published there come from `upstream`.
 *
 * @returns its address, and a function that ends it
 */
export async function startRegistry(upstream) {
  const folder = mkdtempSync(join(tmpdir(), 'convlens-registry-'));
  const port = await freePort();
  const config = {
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'users') } },
    uplinks: { upstream: { url: upstream, maxage: '60m', timeout: '60s' } },
    packages: {
      '@convlens/*': { access: '$all', publish: '$authenticated' },
      convlens: { access: '$all', publish: '$authenticated' },
      '**': { access: '$all', proxy: 'upstream' },
    },
    max_body_size: '50mb',
    log: { type: 'file', path: join(folder, 'log'), level: 'warn' },
  };
  writeFileSync(join(folder, 'config.yaml'), JSON.stringify(config));
  const program = fileURLToPath(new URL('node_modules/verdaccio/bin/verdaccio', import.meta.url));
  const child = spawn(process.execPath, [program, '--config', join(folder, 'config.yaml'), '--listen', `127.0.0.1:${port}`], { stdio: 'ignore' });
  const address = `http://127.0.0.1:${port}/`;
  for (let attempt = 0; !(await isReady(address)); attempt++) {
    if (attempt > 300 || child.exitCode !== null) throw new Error(`The registry did not start: see ${folder}/log`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return {
    address,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
} // prettier-ignore

/** Adds a user to a registry on this machine; returns the configuration of npm, as the text of an .npmrc, with which that user publishes. */
export async function publisherConfig(address) {
  expectLoopback(address);
  const user = { name: `rehearsal-${process.pid}`, password: 'rehearsal' };
  const response = await fetch(new URL(`-/user/org.couchdb.user:${user.name}`, address), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(user),
  });
  const { token } = await response.json();
  if (!token) throw new Error(`The registry ${address} takes no user: status ${response.status}`);
  return `registry=${address}\n${address.replace('http:', '')}:_authToken=${token}\n`;
}

const isReady = (address) =>
  fetch(`${address}-/ping`).then(({ ok }) => ok, () => false); // prettier-ignore
