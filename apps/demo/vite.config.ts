import { defaultClientConditions, defineConfig } from 'vite';

// With these a page may share memory with workers: training takes several cores. Without them it takes one.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  // The built page works in any folder of a server.
  base: './',
  // The packages of this repository are read from live source: no build in between.
  resolve: { conditions: ['@convlens/source', ...defaultClientConditions] },
  server: { host: '127.0.0.1', headers },
  preview: { host: '127.0.0.1', headers },
  worker: { format: 'es' },
  // Vite does not look into workers for what to prepare, and would reload the page when it finds TensorFlow.js there.
  optimizeDeps: { entries: ['index.html', 'src/worker.ts'] },
  // The weights of a pretrained network are that large, loaded when it is chosen; the worker with TensorFlow.js is next.
  build: { chunkSizeWarningLimit: 6000 },
});
