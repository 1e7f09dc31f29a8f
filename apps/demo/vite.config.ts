import { defaultClientConditions, defineConfig } from 'vite';

// With these headers a page may share memory with workers, so training uses several cores; without them, one.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  // The built page works in any folder of a server.
  base: './',
  // The packages of this repository are read from their source, without a build.
  resolve: { conditions: ['@convlens/source', ...defaultClientConditions] },
  server: { host: '127.0.0.1', headers },
  preview: { host: '127.0.0.1', headers },
  worker: { format: 'es' },
  // Vite does not scan workers for dependencies: it would find TensorFlow.js late and reload the page.
  optimizeDeps: { entries: ['index.html', 'src/worker/worker.ts'] },
  // In kB. The largest chunks are the weights of a pretrained model, loaded on demand, and the worker with TensorFlow.js.
  build: { chunkSizeWarningLimit: 6000 },
});
