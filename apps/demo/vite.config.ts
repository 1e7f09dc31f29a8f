import { defaultClientConditions, defineConfig } from 'vite';

export default defineConfig({
  // The built page works in any folder of a server.
  base: './',
  // The packages of this repository are read from live source: no build in between.
  resolve: { conditions: ['@convlens/source', ...defaultClientConditions] },
  server: { host: '127.0.0.1' },
  preview: { host: '127.0.0.1' },
  worker: { format: 'es' },
  // Vite does not look into workers for what to prepare, and would reload the page when it finds TensorFlow.js there.
  optimizeDeps: { entries: ['index.html', 'src/worker.ts'] },
  // TensorFlow.js is that large; it is loaded by the worker, beside the page.
  build: { chunkSizeWarningLimit: 4000 },
});
