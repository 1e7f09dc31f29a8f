import { defaultClientConditions, defineConfig, type Plugin } from 'vite';
import { CONTENT_SECURITY_POLICY } from './content-security-policy.js';
import { thirdPartyNoticesPlugins } from './third-party-notices.js';

// With these headers a page may share memory with workers, so training uses several cores; without them, one.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** The policy in the built page. Not in that of `vite dev`, which adds inline styles and a WebSocket. */
const contentSecurityPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
      injectTo: 'head-prepend',
    },
  ],
};

const notices = thirdPartyNoticesPlugins();

export default defineConfig({
  plugins: [contentSecurityPolicy, notices.page],
  // The built page works in any folder of a server.
  base: './',
  // The packages of this repository are read from their source, without a build.
  resolve: { conditions: ['@convlens/source', ...defaultClientConditions] },
  server: { host: '127.0.0.1', headers },
  // As a header the policy also holds in the worker.
  preview: {
    host: '127.0.0.1',
    headers: { ...headers, 'Content-Security-Policy': CONTENT_SECURITY_POLICY },
  },
  worker: { format: 'es', plugins: () => [notices.worker] },
  // Vite does not scan workers for dependencies: it would find TensorFlow.js late and reload the page.
  optimizeDeps: { entries: ['index.html', 'src/worker/worker.ts'] },
  // In kB. The largest chunks are the weights of a pretrained model, loaded on demand, and the worker with TensorFlow.js.
  build: { chunkSizeWarningLimit: 6000 },
});
